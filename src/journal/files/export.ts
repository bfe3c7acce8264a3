import { type Copied, type CopyOptions, copyTurns } from '../copy.js';
import { JournalError } from '../errors.js';
import type { ReadableJournal } from '../readable.js';
import type { Disk } from './disk.js';
import { openFileJournal } from './open.js';
import { listSegments } from './segment.js';

export interface ExportOptions extends CopyOptions {
  readonly disk: Disk;
  /** The journal that is read. It may be that of a running fabric. */
  readonly from: ReadableJournal;
  /** The folder that is made; it must not have a journal yet. */
  readonly to: string;
  readonly segmentBytes?: number;
}

/**
 * Copies a range of turns into a folder of its own, which every reader of journals takes. Each record is checked on
 * the way. Throws as reading and opening do; what was copied before stays.
 */
export async function exportTurns({ disk, from, to, segmentBytes, ...options }: ExportOptions): Promise<Copied> {
  if ((await listSegments(disk, to)).length > 0) {
    throw new JournalError('append-failed', `there is a journal in ${to} already`);
  }
  const { cell, head } = await from.before(options.fromTurn ?? from.firstTurn());
  const { journal } = await openFileJournal({ disk, folder: to, cell, sync: 'off', beginAt: head, segmentBytes });
  try {
    return await copyTurns(from, journal, options);
  } finally {
    await journal.close();
  }
}
