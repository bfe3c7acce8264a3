import type { EventEntry, TurnRecord } from '../src/catalogue/generated/types.js';
import type { ColdRow } from '../src/kernel/fold.js';
import type { Follower } from '../src/kernel/fold-turn.js';
import { Kernel, type TurnRequest, type TurnResult } from '../src/kernel/kernel.js';
import { LAYOUT } from '../src/kernel/rows/tables.js';
import type { Changes } from '../src/kernel/rows/turn-log.js';
import { foldRecord, foldUnhashed, noteEnds, restore } from '../src/scheduler/recovery.js';
import { ColdRows } from '../src/scheduler/rows/cold.js';
import { Materializer } from '../src/scheduler/rows/materializer.js';
import { RestingDags } from '../src/scheduler/rows/resting-dags.js';
import { LayeredStore, type SnapshotReader } from '../src/snapshot/index.js';
import { Packed } from '../src/store/packed.js';
import type { Store, StorePosition } from '../src/store/port.js';
import { computeTurn } from './compute-turn.js';

/** Jobs of ended DAGs that may stay in the tables: what a fabric keeps by default, which needs no packing then. */
const TERMINAL_JOBS = 1_100_000;
/** Changes of rows that are noted before they are packed, whatever they are of: bounds the notes. */
const MAX_DIRTY = 8_000_000;
/** Submissions that wait to be packed, in bytes: until then they are in memory as objects, ten times as large. */
const SPEC_BYTES = 4 * 1024 * 1024;

/** Turns that are computed here are chained on nothing. */
const NO_HASH = new Uint8Array(32);

/** What a fold is made of, once its cell is known. */
export interface FoldParts {
  readonly cell: string;
  readonly store: LayeredStore;
  readonly cold: ColdRows;
  readonly materializer: Materializer;
}

export interface ScratchOptions {
  /** Jobs of ended DAGs that may stay in the tables. */
  readonly terminalJobs?: number;
  /** Told of each event before it is applied: the state is that in which it was decided. */
  readonly onEvent?: (entry: EventEntry) => void;
  /** Told of what a turn has changed when all its events are applied. */
  readonly onChanged?: (changes: Changes) => void;
  /** Whether outputs are kept: who decides again reads them, a fold doesn't. */
  readonly keepsOutputs?: boolean;
  /** Whether everything is kept that a fabric's store has: for a snapshot. */
  readonly keepsAll?: boolean;
}

/**
 * A fold that nobody keeps. What DAGs that have ended leave behind is packed into a store in memory until they are
 * reopened or forgotten, so that a long history doesn't fill the tables.
 */
export class ScratchFold {
  readonly kernel = new Kernel();
  /** The last turn that was folded, its journal time, and what was lost until then; all 0 before the first. */
  turn = 0;
  at = 0;
  epoch = 0;
  /** SHA-256 of that turn's record; zeros for one that was computed here. */
  hash: Uint8Array = NO_HASH;
  #follower: Follower | null;
  #parts: FoldParts | null = null;

  constructor(private readonly options: ScratchOptions = {}) {
    const { onEvent, onChanged } = options;
    const watch = { ...(onEvent && { onEvent }), ...(onChanged && { onChanged }) };
    this.#follower = onEvent || onChanged ? watch : null;
  }

  get state(): Kernel['state'] {
    return this.kernel.state;
  }

  /** Where the rows are that have left memory; null before the first turn. */
  get parts(): FoldParts | null {
    return this.#parts;
  }

  /** What a job is explained from, as it stands after the last turn. */
  get scene() {
    const { state, indexes } = this.kernel;
    return { state, indexes, at: this.at };
  }

  /** Goes on from a snapshot instead of from nothing. `record` is the turn that it stands for. */
  async resume(snapshot: SnapshotReader, record: TurnRecord): Promise<void> {
    this.#parts = this.#open(record.cell, snapshot);
    await restore(this.#parts.materializer);
    this.#moveTo(record, snapshot.head.hash);
  }

  /** From now on all indexes are right after every turn, so that questions can be asked. */
  follow(): void {
    this.kernel.indexes.rebuild();
    this.#follower = { ...this.#follower, indexes: this.kernel.indexes };
  }

  /** Folds the next turn; throws `StateDiverged` when it comes to another state hash than was recorded. */
  async fold(record: TurnRecord, hash: Uint8Array): Promise<void> {
    this.#parts ??= this.#open(record.cell);
    const { materializer } = this.#parts;
    await foldRecord(materializer, record, this.#sink, this.#follower);
    this.#moveTo(record, hash);
    await this.#settle(record);
  }

  /**
   * Computes the next turn instead of folding a recorded one, and accepts it. A turn that comes to nothing isn't one.
   */
  async compute(cell: string, request: TurnRequest): Promise<TurnResult> {
    this.#parts ??= this.#open(cell);
    const { materializer } = this.#parts;
    const result = await computeTurn(this.kernel, this.#parts, request, this.#sink);
    if (result.entries.length === 0) {
      this.kernel.discard();
      return result;
    }
    this.kernel.accept();
    noteEnds(materializer, result.entries);
    const { turn, at } = request;
    this.#moveTo({ turn, at, epoch: this.epoch }, NO_HASH);
    await this.#settle({ cell, turn, stateHash: result.stateHash });
    return result;
  }

  /**
   * Decides the next recorded turn again instead of folding it, and then stands after the recorded one: what came out is
   * accepted when `isSame` says that it is that, and otherwise taken back, and the recorded turn folded.
   */
  async decide(
    record: TurnRecord,
    hash: Uint8Array,
    request: TurnRequest,
    isSame: (result: TurnResult) => boolean,
  ): Promise<TurnResult> {
    const { result, isAccepted } = await this.#decided(record, hash, request, isSame);
    if (isAccepted) return result;
    await this.fold(record, hash);
    this.kernel.indexes.rebuild();
    return result;
  }

  /**
   * Goes on with a turn that is told anew, of which nobody knows the state hash: folds it as it is told. With `isSame` it is
   * decided again, and what came out is taken in its place when that says that it is the same turn; the fold must follow
   * then. Gives the turn's entries and its state hash.
   */
  async retell(
    record: TurnRecord,
    request: TurnRequest,
    isSame: ((result: TurnResult) => boolean) | null,
  ): Promise<Pick<TurnResult, 'entries' | 'stateHash'>> {
    if (isSame !== null) {
      const { result, isAccepted } = await this.#decided(record, NO_HASH, request, isSame);
      if (isAccepted) return result;
      this.kernel.indexes.rebuild();
    }
    this.#parts ??= this.#open(record.cell);
    await foldUnhashed(this.#parts.materializer, record, this.#sink, this.#follower);
    this.#moveTo(record, NO_HASH);
    const stateHash = this.state.hash.toBytes();
    await this.#settle({ ...record, stateHash });
    return { entries: record.entries, stateHash };
  }

  /** Decides the next turn; what came out is accepted when it is the same as was recorded, and otherwise taken back. */
  async #decided(
    record: TurnRecord,
    hash: Uint8Array,
    request: TurnRequest,
    isSame: (result: TurnResult) => boolean,
  ): Promise<{ readonly result: TurnResult; readonly isAccepted: boolean }> {
    this.#parts ??= this.#open(record.cell);
    const cold: ColdRow[] = [];
    const result = await computeTurn(this.kernel, this.#parts, request, (row) => cold.push(row));
    if (!isSame(result)) {
      this.kernel.state.undo();
      return { result, isAccepted: false };
    }
    for (const row of cold) this.#sink(row);
    this.kernel.accept();
    noteEnds(this.#parts.materializer, result.entries);
    this.#moveTo(record, hash);
    await this.#settle({ ...record, stateHash: result.stateHash });
    return { result, isAccepted: true };
  }

  async #settle({ cell, turn, stateHash }: Pick<TurnRecord, 'cell' | 'turn' | 'stateHash'>): Promise<void> {
    const { cold, materializer, store } = this.#parts!;
    const position = { cell, turn, hash: this.hash, stateHash, layout: LAYOUT };
    if (this.#isCrowded(materializer)) await pack(materializer, position);
    else if (cold.unstoredBytes >= SPEC_BYTES) await packSpecs(cold, store, position);
  }

  #moveTo({ turn, at, epoch }: Pick<TurnRecord, 'turn' | 'at' | 'epoch'>, hash: Uint8Array): void {
    this.hash = hash;
    this.turn = turn;
    this.at = at;
    this.epoch = epoch;
  }

  #open(cell: string, base: SnapshotReader | null = null): FoldParts {
    const store = new LayeredStore({ cell, layout: LAYOUT }, base);
    const cold = new ColdRows(store);
    return { cell, store, cold, materializer: new Materializer(this.state, store, cold, new RestingDags(0)) };
  }

  #isCrowded(materializer: Materializer): boolean {
    const { jobs, cell, cellRow } = this.state;
    const most = this.options.terminalJobs ?? TERMINAL_JOBS;
    return jobs.table.live - cell.c.knownJobs[cellRow]! >= most || materializer.dirty() >= MAX_DIRTY;
  }

  /** A DAG that has left memory comes back with its submission; outputs no fold reads, and failures nobody. */
  readonly #sink = (row: ColdRow): void => {
    const { keepsOutputs = false, keepsAll = false } = this.options;
    const isOutput = row.kind === 'output' && keepsOutputs;
    const isKept = row.kind === 'spec' || row.kind === 'gone' || isOutput;
    if (isKept || keepsAll) this.#parts?.cold.put(row);
  };

  /** The store with all rows as they stand, those that were in memory only included. */
  async stored(): Promise<LayeredStore> {
    if (this.#parts === null) throw new Error('assertion failed: nothing is folded yet');
    const { cell, materializer, store } = this.#parts;
    const stateHash = this.state.hash.toBytes();
    await pack(materializer, { cell, turn: this.turn, hash: this.hash, stateHash, layout: LAYOUT });
    return store;
  }

  /** Lets go of the snapshot that it goes on from, if there is one. */
  async close(): Promise<void> {
    await this.#parts?.store.close();
  }
}

async function pack(materializer: Materializer, position: StorePosition): Promise<void> {
  await materializer.write(materializer.drain(position));
  materializer.evictNow();
}

async function packSpecs(cold: ColdRows, store: Store, position: StorePosition): Promise<void> {
  const batch = Packed.empty();
  const stored = cold.drainInto(batch);
  await store.write(batch, position);
  stored();
}
