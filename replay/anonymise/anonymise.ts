/** `anonymise`: a journal without what is private in it, so that it can be shared. */
import { randomBytes } from 'node:crypto';
import { turnHash } from '../../src/catalogue/digest.js';
import { encodeTurn } from '../../src/catalogue/turn.js';
import { JournalError } from '../../src/journal/errors.js';
import { findJournalIn } from '../../src/journal/files/find.js';
import { nodeDisk } from '../../src/journal/files/node-disk.js';
import { openFileJournal } from '../../src/journal/files/open.js';
import type { Journal } from '../../src/journal/port.js';
import { foldTurn } from '../../src/kernel/fold-turn.js';
import { State } from '../../src/kernel/state.js';
import { type FoldProgress, mustBegin, Progress } from '../fold.js';
import type { History } from '../history.js';
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
 * Writes a history as a journal of its own into an empty folder. Every decision and time is as it was; names, and so
 * the chain and the state hashes, are others.
 */
export async function anonymise(
  history: History,
  folder: string,
  { key = randomBytes(32), onProgress }: AnonymiseOptions = {},
): Promise<AnonymiseReport> {
  mustBegin(history);
  if (typeof (await findJournalIn(folder)) !== 'string') {
    throw new JournalError('target-not-empty', `${folder} has a journal already`);
  }
  const scrub = new Scrub(key);
  const progress = new Progress(onProgress);
  const state = new State();
  let journal: Journal | null = null;
  let prev: Uint8Array = new Uint8Array(32);
  let turns = 0;
  try {
    for await (const { record } of history.read()) {
      journal ??= (await openFileJournal({ disk: nodeDisk, folder, cell: record.cell, sync: 'off' })).journal;
      const entries = record.entries.map((entry) => scrub.entry(entry));
      foldTurn(state, record, entries, () => undefined);
      state.accept();
      const bytes = encodeTurn({ ...record, entries, prev, stateHash: state.hash.toBytes() });
      prev = turnHash(bytes);
      await journal.append(bytes, prev);
      progress.add(record);
      turns += 1;
    }
  } finally {
    await journal?.close();
  }
  return { folder, turns };
}
