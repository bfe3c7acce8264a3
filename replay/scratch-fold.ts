import type { TurnRecord } from '../src/catalogue/generated/types.js';
import type { ColdRow } from '../src/kernel/fold.js';
import { State } from '../src/kernel/state.js';
import { LAYOUT } from '../src/kernel/tables.js';
import { ColdRows } from '../src/scheduler/cold.js';
import { Materializer } from '../src/scheduler/materializer.js';
import { foldRecord } from '../src/scheduler/recovery.js';
import { openMemoryStore } from '../src/store/memory/open.js';
import { Packed } from '../src/store/packed.js';
import type { Store, StorePosition } from '../src/store/port.js';

/** Jobs of ended DAGs that may stay in the tables: what a fabric keeps by default, which needs no packing then. */
const TERMINAL_JOBS = 1_100_000;
/** Changes of rows that are noted before they are packed, whatever they are of: bounds the notes. */
const MAX_DIRTY = 8_000_000;
/** Submissions that wait to be packed, in bytes: until then they are in memory as objects, ten times as large. */
const SPEC_BYTES = 4 * 1024 * 1024;

/** What a fold is made of, once its cell is known. */
interface Parts {
  readonly store: Store;
  readonly cold: ColdRows;
  readonly materializer: Materializer;
}

/**
 * A fold that nobody keeps. What DAGs that have ended leave behind is packed into a store in memory until they are
 * reopened or forgotten, so that a long history doesn't fill the tables.
 */
export class ScratchFold {
  readonly #state = new State();
  readonly #terminalJobs: number;
  #parts: Parts | null = null;

  constructor(terminalJobs = TERMINAL_JOBS) {
    this.#terminalJobs = terminalJobs;
  }

  /** Folds the next turn; throws `StateDiverged` when it comes to another state hash than was recorded. */
  async fold(record: TurnRecord, hash: Uint8Array): Promise<void> {
    this.#parts ??= await this.#open(record.cell);
    const { cold, materializer, store } = this.#parts;
    await foldRecord(materializer, record, this.#sink);
    const { cell, turn, stateHash } = record;
    const position = { cell, turn, hash, stateHash, layout: LAYOUT };
    if (this.#isCrowded(materializer)) await pack(materializer, position);
    else if (cold.unstoredBytes >= SPEC_BYTES) await packSpecs(cold, store, position);
  }

  async #open(cell: string): Promise<Parts> {
    const { store } = await openMemoryStore({ cell, layout: LAYOUT });
    const cold = new ColdRows(store);
    return { store, cold, materializer: new Materializer(this.#state, store, cold) };
  }

  #isCrowded(materializer: Materializer): boolean {
    const { jobs, cell, cellRow } = this.#state;
    return jobs.live - cell.c.knownJobs[cellRow]! >= this.#terminalJobs || materializer.dirty() >= MAX_DIRTY;
  }

  /** A DAG that has left memory comes back with its submission; outputs and failures no fold reads. */
  readonly #sink = (row: ColdRow): void => {
    if (row.kind === 'spec' || row.kind === 'gone') this.#parts?.cold.put(row);
  };
}

async function pack(materializer: Materializer, position: StorePosition): Promise<void> {
  const batch = materializer.drain(position);
  await materializer.write(batch);
  materializer.evict(batch.terminal);
  materializer.evictNow();
}

async function packSpecs(cold: ColdRows, store: Store, position: StorePosition): Promise<void> {
  const batch = Packed.empty();
  const stored = cold.drainInto(batch);
  await store.write(batch, position);
  stored();
}
