/**
 * The journal's archive: turns below a snapshot are written into a journal of files, its chain is checked to the very
 * turn with which the journal goes on, and only then the journal lets go of them.
 */
import { stat } from 'node:fs/promises';
import { unlessMissing } from '../catalogue/thrown.js';
import { copyTurns } from '../journal/copy.js';
import { JournalError } from '../journal/errors.js';
import { pathIn } from '../journal/files/disk.js';
import { findJournalIn } from '../journal/files/find.js';
import { nodeDisk } from '../journal/files/node-disk.js';
import { mustBeCell } from '../journal/files/of-cell.js';
import { openFileJournal } from '../journal/files/open.js';
import { openForReading } from '../journal/files/reader.js';
import { indexName, listSegments, segmentName } from '../journal/files/segment.js';
import type { ReadableJournal } from '../journal/readable.js';
import { sameBytes } from '../journal/rule.js';

/** What a journal's place does for an archive. */
export interface Archivable {
  readonly journal: ReadableJournal;
  /** The last turn that may go if this turn, for which there is a snapshot, stays: the same whenever it is asked. */
  lastBefore(turn: number): Promise<number>;
  /** What turns are that stay although they are before that one; null where there is nothing to say of them. */
  readonly staying: string | null;
  /** Lets go of all turns up to this one, for good. */
  deleteUpTo(turn: number): Promise<void>;
}

export interface Archived {
  /** Turns that the archive has. */
  readonly firstTurn: number;
  readonly lastTurn: number;
  /** How many of them were written now. */
  readonly copied: number;
  /** The turn with which the journal begins now. */
  readonly journalFirstTurn: number;
}

/**
 * The last turn that archiving what is before the turn of a verified snapshot into the folder `to` would move: none where
 * that is before the journal's first. Changes nothing. Throws as reading journals does, and where `to` has turns, and they
 * don't go on with those of this journal.
 */
export async function lastToArchive(source: Archivable, to: string, snapshotTurn: number): Promise<number> {
  const { journal } = source;
  await mustBeElsewhere(journal, to);
  if ((await listSegments(nodeDisk, to)).length > 0) await mustGoOn(await openForReading(nodeDisk, to), journal);
  return source.lastBefore(snapshotTurn);
}

/**
 * Archives up to that turn into `to`, which may have earlier ones already. What was begun and interrupted is gone on with.
 * Throws as `lastToArchive` and writing journals do; nothing is deleted then.
 */
export async function archive(
  source: Archivable,
  to: string,
  snapshotTurn: number,
  onTurn: (bytes: number) => void,
): Promise<Archived> {
  const { journal } = source;
  const last = await lastToArchive(source, to, snapshotTurn);
  const copied = last < journal.firstTurn() ? 0 : await copyInto(journal, to, last, onTurn);
  const kept = await openForReading(nodeDisk, to);
  if (last >= journal.firstTurn()) {
    await checkChain(kept, journal, last);
    await source.deleteUpTo(last);
  }
  const journalFirstTurn = Math.max(last + 1, journal.firstTurn());
  return { firstTurn: kept.firstTurn(), lastTurn: journalFirstTurn - 1, copied, journalFirstTurn };
}

/**
 * In the journal's own folder, whatever path leads there, an archive would have all of its turns, and be deleted with them;
 * in a data directory it would pass for the journal of that.
 */
async function mustBeElsewhere(journal: ReadableJournal, to: string): Promise<void> {
  const found = await findJournalIn(to);
  if (typeof found === 'string') return;
  if (found.folder === to && !(await isSameFolder(to, journal.place))) return;
  throw new JournalError('target-not-empty', `${found.folder} has a journal that is no archive`);
}

async function isSameFolder(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([one, other].map((path) => unlessMissing(stat(path), null)));
  return a != null && a.dev === b?.dev && a.ino === b.ino;
}

/** An archive ends where the journal begins, or later: then what both have must be the same. */
async function mustGoOn(kept: ReadableJournal, journal: ReadableJournal): Promise<void> {
  const [last, first] = [await kept.lastTurn(), journal.firstTurn()];
  if (last + 1 < first) {
    throw new JournalError('not-found', `${kept.place} ends with turn ${last}, the journal begins with ${first}`);
  }
  const [there, here] = [await kept.before(last + 1), await journal.before(last + 1)];
  mustBeCell(there.cell, here.cell);
  if (sameBytes(there.head.hash, here.head.hash)) return;
  throw new JournalError('target-not-empty', `${kept.place} has turns of another history`);
}

/** Appends what the archive doesn't have yet; gives how many turns. */
async function copyInto(
  journal: ReadableJournal,
  to: string,
  toTurn: number,
  onTurn: (bytes: number) => void,
): Promise<number> {
  const { cell, head } = await journal.before(journal.firstTurn());
  const { journal: kept } = await openFileJournal({ disk: nodeDisk, folder: to, cell, sync: 'off', beginAt: head });
  try {
    const fromTurn = kept.head().turn + 1;
    if (fromTurn > toTurn) return 0;
    await copyTurns(journal, kept, { fromTurn, toTurn, onTurn });
    return toTurn - fromTurn + 1;
  } finally {
    await kept.close();
  }
}

/** Reads the whole archive: every checksum, every link of the chain, and the one to the turn that stays. */
async function checkChain(kept: ReadableJournal, journal: ReadableJournal, last: number): Promise<void> {
  let hash: Uint8Array | null = null;
  for await (const record of kept.read(kept.firstTurn())) if (record.turn === last) hash = record.hash;
  const { head } = await journal.before(last + 1);
  if (hash !== null && sameBytes(hash, head.hash)) return;
  throw new JournalError('append-failed', `the archive does not have turn ${last} as the journal has it`);
}

/** A journal of files lets go of whole segments. */
export function archivableFolder(journal: ReadableJournal): Archivable {
  const folder = journal.place;
  return {
    journal,
    async lastBefore(turn) {
      const segments = await listSegments(nodeDisk, folder);
      return (segments.findLast((first) => first <= turn) ?? 1) - 1;
    },
    staying: null,
    async deleteUpTo(turn) {
      const names = await nodeDisk.list(folder);
      for (const first of await listSegments(nodeDisk, folder)) {
        if (first > turn) break;
        // The oldest first, and each with its index: what is interrupted leaves a journal that begins later.
        if (names.includes(indexName(first))) await nodeDisk.remove(pathIn(folder, indexName(first)));
        await nodeDisk.remove(pathIn(folder, segmentName(first)));
        await nodeDisk.syncFolder(folder);
      }
    },
  };
}
