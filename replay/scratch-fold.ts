import type { TurnRecord } from '../src/catalogue/generated/types.js';
import type { ColdRow } from '../src/kernel/fold.js';
import { State } from '../src/kernel/state.js';
import { LAYOUT } from '../src/kernel/tables.js';
import { ColdRows } from '../src/scheduler/cold.js';
import { Materializer } from '../src/scheduler/materializer.js';
import { foldRecord } from '../src/scheduler/recovery.js';
import { openMemoryStore } from '../src/store/memory/open.js';

/** Rows that may be dirty before they are packed, and those of DAGs that have ended leave the tables. */
const DIRTY_PER_BATCH = 500_000;

/**
 * A fold that nobody keeps. DAGs that have ended are packed into a store in memory until they are reopened or
 * forgotten, so that a long history doesn't fill the tables.
 */
export class ScratchFold {
  readonly #state = new State();
  readonly #dirtyPerBatch: number;
  #cold: ColdRows | null = null;
  #materializer: Materializer | null = null;

  constructor(dirtyPerBatch = DIRTY_PER_BATCH) {
    this.#dirtyPerBatch = dirtyPerBatch;
  }

  /** Folds the next turn; throws `StateDiverged` when it comes to another state hash than was recorded. */
  async fold(record: TurnRecord, hash: Uint8Array): Promise<void> {
    this.#materializer ??= await this.#open(record.cell);
    await foldRecord(this.#materializer, record, this.#sink);
    if (this.#materializer.dirty() >= this.#dirtyPerBatch) await this.#pack(this.#materializer, record, hash);
  }

  async #open(cell: string): Promise<Materializer> {
    const { store } = await openMemoryStore({ cell, layout: LAYOUT });
    this.#cold = new ColdRows(store);
    return new Materializer(this.#state, store, this.#cold);
  }

  /** A DAG that has left memory comes back with its submission; outputs and failures no fold reads. */
  readonly #sink = (row: ColdRow): void => {
    if (row.kind === 'spec' || row.kind === 'gone') this.#cold?.put(row);
  };

  async #pack(materializer: Materializer, { cell, turn, stateHash }: TurnRecord, hash: Uint8Array): Promise<void> {
    const batch = materializer.drain({ cell, turn, hash, stateHash });
    await materializer.write(batch);
    materializer.evict(batch.terminal);
    materializer.evictNow();
  }
}
