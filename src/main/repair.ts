/** Repair of a data folder: the journal, and the store that stands for a turn of it. */
import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { JournalDamaged, JournalError } from '../journal/errors.js';
import { findJournalIn } from '../journal/files/find.js';
import { nodeDisk } from '../journal/files/node-disk.js';
import { openForReading } from '../journal/files/reader.js';
import { type Repaired, repairJournal } from '../journal/files/repair.js';
import { isGone, readTurn } from '../journal/port.js';
import { sameBytes } from '../journal/rule.js';
import { LAYOUT } from '../kernel/rows/tables.js';
import type { StorePosition } from '../store/port.js';
import { openRocksStore } from '../store/rocksdb/open.js';
import { inData, JOURNAL } from './data-folder.js';

export interface DataRepaired extends Repaired {
  /** Where the store was moved to because it stood for a turn that is not there; null when it was not. */
  readonly storeAside: string | null;
}

/** The turn that a store stands for. */
type Covered = Pick<StorePosition, 'turn' | 'hash'>;

/** What a store stands for beside a journal whose very first bytes are damaged or gone: nothing of that is left. */
const ALL_THAT_IS_LOST: Covered = { turn: Number.POSITIVE_INFINITY, hash: new Uint8Array() };

/**
 * Repairs the journal in `folder`. A torn record that the store beside it stands for is cut only with `acceptLoss`; a
 * store that stands for a turn which the repaired journal doesn't have is then moved aside, and rebuilt at the next start.
 * That comes first: a repair that is interrupted never leaves such a store beside a journal that it has cut.
 * Throws `JournalDamaged`, and `JournalError`, `journal-ahead`, for such a store without `acceptLoss`.
 */
export async function repairData(folder: string, acceptLoss: boolean): Promise<DataRepaired> {
  const store = storeBeside(folder);
  const covered = existsSync(store) ? await coveredBy(store, folder) : null;
  let storeAside: string | null = null;
  const beforeCut = async (headTurn: number): Promise<void> => {
    if (covered === null || (await hasTurn(folder, headTurn, covered))) return;
    if (!acceptLoss) {
      const what = covered === ALL_THAT_IS_LOST ? 'turns' : `a turn ${covered.turn}`;
      throw new JournalError('journal-ahead', `the store stands for ${what} that the journal does not have`);
    }
    storeAside = await moveAside(store, headTurn);
  };
  const coveredTurn = covered?.turn ?? 0;
  const repaired = await repairJournal({ disk: nodeDisk, folder, acceptLoss, coveredTurn, beforeCut });
  return { ...repaired, storeAside };
}

/**
 * The folder of a journal in a data directory, or as such, that has no file of turns left, but a store beside it; null if
 * that isn't what is there. A cell on Kafka has no such folder beside its store.
 */
export async function emptiedJournalIn(place: string): Promise<string | null> {
  if ((await findJournalIn(place)) !== 'no-journal-in-folder') return null;
  const folders = [inData(place).journal, ...(basename(resolve(place)) === JOURNAL ? [place] : [])];
  return folders.find((folder) => existsSync(folder) && existsSync(storeBeside(folder))) ?? null;
}

function storeBeside(folder: string): string {
  return inData(join(folder, '..')).store;
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

/**
 * The cell of a journal, by the header of its first file: none of its turns need be right. Null if not even that is, or
 * there is none.
 */
async function cellOf(folder: string): Promise<string | null> {
  const journal = await openForReading(nodeDisk, folder);
  try {
    return (await journal.before(journal.firstTurn())).cell;
  } catch (error) {
    if (error instanceof JournalDamaged || isGone(error)) return null;
    throw error;
  }
}

/** Whether a journal that is right up to `headTurn` has a turn with that hash. Of one that was archived it is believed. */
async function hasTurn(folder: string, headTurn: number, { turn, hash }: Covered): Promise<boolean> {
  if (turn > headTurn) return false;
  const journal = await openForReading(nodeDisk, folder);
  const found = await readTurn(journal, turn);
  return found === 'gone' || (found !== 'to-come' && sameBytes(found.hash, hash));
}

async function moveAside(store: string, headTurn: number): Promise<string> {
  for (let n = 1; ; n++) {
    const place = `${store}.ahead-of-${headTurn}-${n}`;
    if (existsSync(place)) continue;
    await rename(store, place);
    // Else a loss of power could leave it where it was, beside a journal that is cut.
    await nodeDisk.syncFolder(dirname(store));
    return place;
  }
}
