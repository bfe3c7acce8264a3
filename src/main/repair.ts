/** Repair of a data folder: the journal, and the store that stands for a turn of it. */
import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { decodeTurnHeader } from '../catalogue/turn.js';
import { nodeDisk } from '../journal/files/node-disk.js';
import { openForReading } from '../journal/files/reader.js';
import { type Repaired, repairJournal } from '../journal/files/repair.js';
import { LAYOUT } from '../kernel/tables.js';
import { openRocksStore } from '../store/rocksdb/open.js';

export interface DataRepaired extends Repaired {
  /** Where the store was moved to because it stood for turns that are no longer there; null when it was not. */
  readonly storeAside: string | null;
}

/**
 * Repairs the journal in `folder`. A torn record that the store beside it stands for is cut only with `acceptLoss`; a
 * store that is ahead of the repaired journal is then moved aside, and rebuilt at the next start.
 */
export async function repairData(folder: string, acceptLoss: boolean): Promise<DataRepaired> {
  const store = join(dirname(folder), 'store');
  const coveredTurn = await storeTurn(folder, store);
  const repaired = await repairJournal({ disk: nodeDisk, folder, acceptLoss, coveredTurn });
  if (!acceptLoss || coveredTurn <= repaired.headTurn) return { ...repaired, storeAside: null };
  return { ...repaired, storeAside: await moveAside(store, repaired.headTurn) };
}

/** The turn that the store beside a journal stands for; 0 where there is none. */
async function storeTurn(folder: string, dir: string): Promise<number> {
  const cell = existsSync(dir) ? await cellOf(folder) : null;
  if (cell === null) return 0;
  const { store } = await openRocksStore({ dir, cell, layout: LAYOUT });
  try {
    return store.position()?.turn ?? 0;
  } finally {
    await store.close();
  }
}

/** The cell of a journal, from its first turn that can be read; null for an empty one. */
async function cellOf(folder: string): Promise<string | null> {
  const journal = await openForReading(nodeDisk, folder);
  for await (const { bytes } of journal.read(journal.firstTurn())) return decodeTurnHeader(bytes).cell;
  return null;
}

async function moveAside(store: string, headTurn: number): Promise<string> {
  for (let n = 1; ; n++) {
    const place = `${store}.ahead-of-${headTurn}-${n}`;
    if (existsSync(place)) continue;
    await rename(store, place);
    return place;
  }
}
