import { DagState } from '../../catalogue/generated/codes.js';
import { IdKind, kindOf } from '../../kernel/rows/id-target.js';
import type { State } from '../../kernel/rows/state.js';
import type { RowKey, Table } from '../../kernel/rows/table.js';
import { LAYOUT, TableId } from '../../kernel/rows/tables.js';
import {
  BLOCK_ROWS,
  JOB_BLOCK_BYTES,
  jobBlockKey,
  Packed,
  ROW_BYTES,
  rowKey,
  type Store,
  type StorePosition,
} from '../../store/index.js';
import type { ColdRows } from './cold.js';
import { DagLoader } from './dag-loader.js';
import { InFlight } from './in-flight.js';
import { RestingDags } from './resting-dags.js';
import { RowInstaller } from './row-installer.js';

/** A batch that stands for the rows after one turn; it is written once that turn is accepted. */
export interface Batch {
  readonly operations: Packed;
  readonly position: StorePosition;
  /** To be called when it is stored: the terminal DAGs whose last rows are in it may leave memory then. */
  readonly stored: () => void;
}

/** DAGs that were brought into memory and wait for a batch to leave again: beyond it they leave without one. */
const MAX_LOADED = 1024;
/** Batches whose room is kept for the next ones: one is packed while another is written. */
const MAX_SPARE = 2;

/**
 * Writes the fold behind the journal, in batches larger than turns, never ahead of it (architecture.md: The leader's loop).
 * A row that changed a hundred times since the last batch is written once. Terminal DAGs may leave memory after the batch
 * that holds their last rows, and come back when an input or a timer needs them; where a row is never changes a decision.
 */
export class Materializer {
  readonly rows: RowInstaller;
  readonly loader: DagLoader;
  readonly #inFlight = new InFlight();
  #terminal: number[] = [];
  #loaded: number[] = [];
  #stored: number[] = [];
  readonly #resting: RestingDags;
  readonly #spare: Packed[] = [];
  readonly #rowKey = new Uint8Array(ROW_BYTES);
  readonly #blockKey = new Uint8Array(JOB_BLOCK_BYTES);
  /** Called when more DAGs were brought into memory than should stay there. */
  onCrowded: () => void = () => undefined;

  constructor(
    readonly state: State,
    readonly store: Store,
    readonly cold: ColdRows,
    resting = new RestingDags(),
  ) {
    this.#resting = resting;
    this.rows = new RowInstaller(state);
    const parts = { state, store, cold, rows: this.rows };
    this.loader = new DagLoader(parts, (dag) => this.#noteLoaded(dag));
  }

  /** How many rows are dirty: a measure of how large the next batch will be. What is but a part of a DAG isn't counted. */
  dirty(): number {
    const { tables, ids, retired } = this.state;
    let count = -ids.table.dirtyRows.length - retired.table.dirtyRows.length;
    for (const table of tables) count += table?.dirtyRows.length ?? 0;
    return count;
  }

  /** Notes that a DAG has ended: with the next batch it may leave memory. */
  ended(dag: number): void {
    this.#terminal.push(dag);
  }

  /** Packs all dirty rows as they stand now, after the turn of the position. Synchronous: no turn comes in between. */
  drain(position: Omit<StorePosition, 'layout'>): Batch {
    const operations = this.#spare.pop() ?? Packed.empty();
    // Jobs first: those that are a part of a DAG's value make it dirty.
    this.#drainJobs(operations);
    this.#drainDags(operations);
    for (const table of this.state.tables) {
      if (table !== undefined && table.id !== TableId.job && table.id !== TableId.dag) {
        this.#drainTable(table, operations);
      }
    }
    const coldStored = this.cold.drainInto(operations);
    const landed = this.#inFlight.take();
    const terminal = [...this.#terminal, ...this.#loaded];
    this.#terminal = [];
    this.#loaded = [];
    return {
      operations,
      position: { ...position, layout: LAYOUT },
      stored: () => {
        coldStored();
        landed();
        for (const dag of terminal) this.#stored.push(dag);
        this.#reuse(operations);
      },
    };
  }

  #reuse(operations: Packed): void {
    operations.clear();
    if (this.#spare.length < MAX_SPARE) this.#spare.push(operations);
  }

  /** Writes a batch whose turn is accepted. */
  async write(batch: Batch): Promise<void> {
    await this.store.write(batch.operations, batch.position);
    batch.stored();
  }

  /** Takes terminal DAGs out of memory for which there is no room; those that were touched are to be stored again. */
  evictNow(): void {
    const { dags } = this.state;
    const stored = this.isCrowded() ? [...this.#stored, ...this.#loaded] : this.#stored;
    if (stored !== this.#stored) this.#loaded = [];
    this.#stored = [];
    for (const seq of stored) {
      const dag = this.#mayLeave(seq);
      if (dag === 0) continue;
      this.#resting.add(seq, 1 + dags.c.jobsTotal[dag]!);
      this.cold.drop(seq);
    }
    const isGone = (seq: number): boolean => dags.find(seq) === 0;
    for (let seq = this.#resting.take(isGone); seq !== undefined; seq = this.#resting.take(isGone)) {
      const dag = this.#mayLeave(seq);
      if (dag !== 0) this.#evictDag(dag, seq);
    }
  }

  /** Handle of a DAG that is terminal and stored as it is, else 0: one that was touched waits for the next batch. */
  #mayLeave(seq: number): number {
    const { dags } = this.state;
    const dag = dags.find(seq);
    if (dag === 0 || dags.c.state[dag]! < DagState.succeeded) return 0;
    if (this.#isClean(dag)) return dag;
    this.#terminal.push(seq);
    return 0;
  }

  #drainTable(table: Table, operations: Packed): void {
    const { keyA, keyB } = table;
    for (const gone of table.goneRows) this.#putRow(operations, gone.table, gone.keyA, gone.keyB, null);
    table.goneRows.length = 0;
    // Cleared rows first, in whatever order they became dirty: another row may have their key by now.
    for (let i = 0; i < table.dirtyRows.length; i++) {
      const row = table.dirtyRows.at(i);
      if (!table.isDirty(row) || !table.isBlank(row)) continue;
      table.takeDirtyPart(row);
      if (table.isStored(row)) this.#putRow(operations, table.id, keyA[row]!, keyB[row]!, null);
    }
    for (let i = 0; i < table.dirtyRows.length; i++) {
      const row = table.dirtyRows.at(i);
      if (table.takeDirty(row)) this.#putRow(operations, table.id, keyA[row]!, keyB[row]!, this.rows.pack(table, row));
    }
    table.dirtyRows.clear();
  }

  #putRow(operations: Packed, table: number, keyA: number, keyB: number, value: Uint8Array | null): void {
    put(operations, rowKey(table, keyA, keyB, this.#rowKey), value);
    if (table === TableId.fan) this.#note(keyA);
  }

  #putBlock(operations: Packed, dag: number, first: number, value: Uint8Array | null): void {
    put(operations, jobBlockKey(dag, first, this.#blockKey), value);
    this.#note(dag);
  }

  /** Of a DAG that is not in memory nobody asks whether it may leave. */
  #note(seq: number): void {
    const dag = this.state.dags.find(seq);
    if (dag !== 0) this.#inFlight.note(dag);
  }

  /** DAGs, each with what is a part of its value. */
  #drainDags(operations: Packed): void {
    const { dags, ids, retired } = this.state;
    for (const { keyA } of dags.table.goneRows) operations.remove(rowKey(TableId.dag, keyA, 0, this.#rowKey));
    dags.table.goneRows.length = 0;
    for (let i = 0; i < dags.table.dirtyRows.length; i++) {
      const dag = dags.table.dirtyRows.at(i);
      const isStored = dags.table.isStored(dag);
      if (!dags.table.takeDirty(dag)) continue;
      const value = this.rows.dags.pack(dag);
      if (value === null && !isStored) continue;
      put(operations, rowKey(TableId.dag, dags.keyA[dag]!, 0, this.#rowKey), value);
      if (value !== null) this.#inFlight.note(dag);
    }
    dags.table.dirtyRows.clear();
    for (let i = 0; i < retired.table.dirtyRows.length; i++) retired.table.takeDirtyPart(retired.table.dirtyRows.at(i));
    retired.table.dirtyRows.clear();
    // Of the ids, names of DAGs are parts of theirs; of a name that is gone nobody knows any more what it was.
    const { target } = ids.c;
    for (let i = 0; i < ids.table.dirtyRows.length; i++) {
      const id = ids.table.dirtyRows.at(i);
      if (isNameOfDag(target[id]!)) ids.table.takeDirtyPart(id);
    }
  }

  #drainJobs(operations: Packed): void {
    const { jobs, dags, space } = this.state;
    this.#dropBlocks(jobs.table.goneRows, operations);
    const seen = new Map<number, Set<number>>();
    for (let i = 0; i < jobs.table.dirtyRows.length; i++) {
      const job = jobs.table.dirtyRows.at(i);
      if (!jobs.table.isDirty(job)) continue;
      const dag = space.dagOf[job]!;
      const index = jobs.keyB[job]!;
      const { from, count } = space.extentAt(dag, index)!;
      if (from === 0 && this.rows.dags.hasJobs(dag, space.handle(dag, 0))) {
        jobs.table.takeDirtyPart(job);
        dags.table.markDirty(dag);
        continue;
      }
      jobs.table.takeDirty(job);
      const first = from + (((index - from) / BLOCK_ROWS) | 0) * BLOCK_ROWS;
      let blocks = seen.get(dag);
      if (blocks === undefined) {
        blocks = new Set();
        seen.set(dag, blocks);
      }
      if (blocks.has(first)) continue;
      blocks.add(first);
      jobs.table.noteStored(space.handle(dag, first));
      this.#putBlock(
        operations,
        jobs.keyA[job]!,
        first,
        this.rows.packBlock(space.handle(dag, first), Math.min(BLOCK_ROWS, from + count - first)),
      );
    }
    jobs.table.dirtyRows.clear();
  }

  /** Deletes the blocks of jobs that are gone. Every first index that a block may have is among the jobs' own. */
  #dropBlocks(gone: RowKey[], operations: Packed): void {
    for (const { keyA, keyB } of gone) this.#putBlock(operations, keyA, keyB, null);
    gone.length = 0;
  }

  /** Whether the store has the DAG as it is. */
  #isClean(dag: number): boolean {
    const { dags, jobs, space, fans } = this.state;
    if (dags.table.isDirty(dag) || this.#inFlight.has(dag)) return false;
    let isClean = true;
    space.eachExtent(dag, (_from, count, base) => {
      for (let i = 0; i < count && isClean; i++) if (jobs.table.isDirty(base + i)) isClean = false;
    });
    this.#eachFan(dag, (fan) => {
      if (fans.table.isDirty(fan)) isClean = false;
    });
    return isClean;
  }

  #eachFan(dag: number, each: (fan: number) => void): void {
    const { dags, fans } = this.state;
    if (fans.table.live === 0) return;
    for (let job = 0; job < dags.c.specJobs[dag]!; job++) {
      const fan = fans.find(dags.keyA[dag]!, job);
      if (fan !== 0) each(fan);
    }
  }

  #evictDag(dag: number, seq: number): void {
    const { dags, jobs, fans, space } = this.state;
    const leaving: number[] = [];
    this.#eachFan(dag, (fan) => leaving.push(fan));
    for (const fan of leaving) fans.table.evict(fan);
    space.eachExtent(dag, (_from, count, base) => {
      for (let i = 0; i < count; i++) jobs.table.wipe(base + i);
    });
    space.shrink(dag, 0, false);
    dags.table.evict(dag);
    this.cold.drop(seq);
  }

  /** Whether so many DAGs were brought into memory that some should leave without waiting for a batch. */
  isCrowded(): boolean {
    return this.#loaded.length >= MAX_LOADED;
  }

  #noteLoaded(dag: number): void {
    this.#loaded.push(dag);
    if (this.isCrowded()) this.onCrowded();
  }
}

function isNameOfDag(target: number): boolean {
  const kind = kindOf(target);
  return kind === IdKind.dag || kind === IdKind.idempotency;
}

function put(operations: Packed, key: Uint8Array, value: Uint8Array | null): void {
  if (value === null) operations.remove(key);
  else operations.put(key, value);
}
