/** Repair of a data folder: the journal, and the store that stands for a turn of it. */
import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { JournalDamaged, JournalError } from '../journal/errors.js';
import { nodeDisk } from '../journal/files/node-disk.js';
import { openForReading } from '../journal/files/reader.js';
import { type Repaired, repairJournal } from '../journal/files/repair.js';
import { sameBytes } from '../journal/rule.js';
import { LAYOUT } from '../kernel/tables.js';
import type { StorePosition } from '../store/port.js';
import { openRocksStore } from '../store/rocksdb/open.js';

export interface DataRepaired extends Repaired {
  /** Where the store was moved to because it stood for a turn that is not there; null when it was not. */
  readonly storeAside: string | null;
}

/** The turn that a store stands for. */
type Covered = Pick<StorePosition, 'turn' | 'hash'>;

/** What a store stands for beside a journal whose very first bytes are damaged: nothing of that is left. */
const ALL_THAT_IS_LOST: Covered = { turn: Number.POSITIVE_INFINITY, hash: new Uint8Array() };

/**
 * Repairs the journal in `folder`. A torn record that the store beside it stands for is cut only with `acceptLoss`; a
 * store that stands for a turn which the repaired journal doesn't have is then moved aside, and rebuilt at the next start.
 * Throws `JournalDamaged`, and `JournalError`, `journal-ahead`, for such a store without `acceptLoss`.
 */
export async function repairData(folder: string, acceptLoss: boolean): Promise<DataRepaired> {
  const store = join(dirname(folder), 'store');
  const covered = existsSync(store) ? await coveredBy(store, folder) : null;
  const repaired = await repairJournal({ disk: nodeDisk, folder, acceptLoss, coveredTurn: covered?.turn ?? 0 });
  if (covered === null || (await hasTurn(folder, repaired.headTurn, covered))) return { ...repaired, storeAside: null };
  if (!acceptLoss) {
    throw new JournalError(
      'journal-ahead',
      `the store stands for a turn ${covered.turn} that the journal does not have`,
    );
  }
  return { ...repaired, storeAside: await moveAside(store, repaired.headTurn) };
}

/** What the store beside a journal stands for; null where that is empty. */
async function coveredBy(dir: string, folder: string): Promise<Covered | null> {
  const cell = await cellOf(folder);
  if (cell === null) return ALL_THAT_IS_LOST;
  const { store } = await openRocksStore({ dir, cell, layout: LAYOUT });
  try {
    return store.position();
  } finally {
    await store.close();
  }
}

/** The cell of a journal, by the header of its first file: none of its turns need be right. Null if not even that is. */
async function cellOf(folder: string): Promise<string | null> {
  const journal = await openForReading(nodeDisk, folder);
  try {
    return (await journal.before(journal.firstTurn())).cell;
  } catch (error) {
    if (error instanceof JournalDamaged) return null;
    throw error;
  }
}

/** Whether a right journal has a turn with that hash. Of one that was archived it is believed. */
async function hasTurn(folder: string, headTurn: number, { turn, hash }: Covered): Promise<boolean> {
  if (turn > headTurn) return false;
  const journal = await openForReading(nodeDisk, folder);
  if (turn < journal.firstTurn()) return true;
  return sameBytes((await journal.before(turn + 1)).head.hash, hash);
}

async function moveAside(store: string, headTurn: number): Promise<string> {
  for (let n = 1; ; n++) {
    const place = `${store}.ahead-of-${headTurn}-${n}`;
    if (existsSync(place)) continue;
    await rename(store, place);
    return place;
  }
}
