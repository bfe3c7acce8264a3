import { type Damage, JournalDamaged } from '../errors.js';
import type { JournalReader, JournalRecord } from '../port.js';
import type { Disk } from './disk.js';
import { listSegments } from './segment.js';
import { FolderWalk } from './walk.js';

/** A folder that is read only: it takes no lock, so another process may append to it meanwhile. */
export interface FolderReader extends JournalReader {
  /** The torn record at which the last `read` that came to the end has ended, or null. A writer would cut it. */
  torn(): Damage | null;
}

/**
 * Opens a folder for reading; `cell` is the one that it must be of. A record that is being written meanwhile counts as
 * the end, or is read before it is durable: what a reader sees last may be gone after a loss of power.
 */
export async function openForReading(disk: Disk, folder: string, cell?: string): Promise<FolderReader> {
  const [firstTurn = 1] = await listSegments(disk, folder);
  let torn: Damage | null = null;
  return {
    firstTurn: () => firstTurn,
    torn: () => torn,
    async *read(fromTurn: number): AsyncGenerator<JournalRecord> {
      torn = null;
      try {
        for await (const records of new FolderWalk({ disk, folder, cell }).from(fromTurn)) yield* records;
      } catch (error) {
        if (!(error instanceof JournalDamaged && error.torn)) throw error;
        torn = error;
      }
    },
  };
}

/** The last turn that is whole now, by a look at the last segment only; the one before the first where there is none. */
export async function lastTurnIn(disk: Disk, folder: string): Promise<number> {
  const from = (await listSegments(disk, folder)).at(-1) ?? 1;
  const reader = await openForReading(disk, folder);
  let last = from - 1;
  for await (const { turn } of reader.read(from)) last = turn;
  return last;
}
