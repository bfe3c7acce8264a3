/** `anonymise`: a journal without what is private in it, so that it can be shared. */
import { randomBytes } from 'node:crypto';
import { turnHash } from '../../src/catalogue/digest.js';
import { encodeTurn } from '../../src/catalogue/turn.js';
import { nodeDisk } from '../../src/journal/files/node-disk.js';
import { openFileJournal } from '../../src/journal/files/open.js';
import type { Journal } from '../../src/journal/port.js';
import { makeWhole } from '../../src/main/backup/whole-folder.js';
import { type FoldProgress, mustBegin, Progress } from '../fold.js';
import { endingAt, type History } from '../history.js';
import { ScratchFold } from '../scratch-fold.js';
import { comparedTexts } from './compared-texts.js';
import { retold } from './retold.js';
import { Scrub } from './scrub.js';

export interface AnonymiseOptions {
  /** What the hashes of names are keyed with: by default something random that nobody keeps. */
  readonly key?: Uint8Array;
  readonly onProgress?: (done: FoldProgress) => void;
}

/** What was written. */
export interface AnonymiseReport {
  readonly folder: string;
  readonly turns: number;
}

/**
 * Makes a folder with a history as a journal of its own, whole or not at all. Every decision and time is as it was; names,
 * and so the chain and the state hashes, are others. Throws `FolderNotEmpty` if there is something in it already.
 */
export async function anonymise(
  history: History,
  folder: string,
  { key = randomBytes(32), onProgress }: AnonymiseOptions = {},
): Promise<AnonymiseReport> {
  mustBegin(history);
  const turns = await makeWhole(folder, async (partial) => {
    const { texts, lastTurn } = await comparedTexts(history);
    return write(endingAt(history, lastTurn), partial, new Scrub(key, texts), new Progress(onProgress));
  });
  return { folder, turns };
}

/** Gives how many turns there were. */
async function write(history: History, folder: string, scrub: Scrub, progress: Progress): Promise<number> {
  const fold = new ScratchFold({ keepsOutputs: true });
  fold.follow();
  let journal: Journal | null = null;
  let prev: Uint8Array = new Uint8Array(32);
  let turns = 0;
  try {
    for await (const { record } of history.read()) {
      journal ??= (await openFileJournal({ disk: nodeDisk, folder, cell: record.cell, sync: 'off' })).journal;
      const scrubbed = { ...record, prev, entries: record.entries.map((entry) => scrub.entry(entry)) };
      const { entries, stateHash } = await retold(fold, scrubbed);
      const bytes = encodeTurn({ ...scrubbed, entries, stateHash });
      prev = turnHash(bytes);
      await journal.append(bytes, prev);
      progress.add(record);
      turns += 1;
    }
  } finally {
    await journal?.close();
  }
  return turns;
}
