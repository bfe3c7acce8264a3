import { DagState } from '../catalogue/generated/codes.js';
import { graphOf, isGraph } from '../kernel/graph.js';
import type { Rows } from '../kernel/rows.js';
import type { State } from '../kernel/state.js';
import type { Fields, RowKey } from '../kernel/table.js';
import { LAYOUT, TableId } from '../kernel/tables.js';
import {
  BLOCK_ROWS,
  jobBlockKey,
  jobBlocksOf,
  RowCodec,
  rowKey,
  type Store,
  type StoreOperation,
  type StorePosition,
  SUM_BYTES,
} from '../store/index.js';
import type { ColdRows } from './cold.js';

/** A batch that stands for the rows after one turn; it is written once that turn is accepted. */
export interface Batch {
  readonly operations: readonly StoreOperation[];
  readonly position: StorePosition;
  /** Terminal DAGs whose last rows are in this batch: they may leave memory. */
  readonly terminal: readonly number[];
  readonly stored: () => void;
}

const NO_SUM = new Uint8Array(SUM_BYTES);

/**
 * Writes the fold behind the journal, in batches larger than turns, never ahead of it (design: State). A row that
 * changed a hundred times since the last batch is written once. Terminal DAGs leave memory with the batch that holds
 * their last rows, and come back when an input or a timer needs them; where a row is never changes a decision.
 */
export class Materializer {
  readonly #codecs: RowCodec[] = [];
  /** Rows of DAGs and blocks on their way into the store, by key: reads look here first. */
  readonly #inFlight = new Map<string, Uint8Array | null>();
  #terminal: number[] = [];
  #leaving: number[] = [];

  constructor(
    readonly state: State,
    readonly store: Store,
    readonly cold: ColdRows,
  ) {
    for (const table of state.tables) if (table !== undefined) this.#codecs[table.id] = new RowCodec(table.types);
  }

  /** How many rows are dirty: a measure of how large the next batch will be. */
  dirty(): number {
    let count = 0;
    for (const table of this.state.tables) count += table?.dirtyRows.length ?? 0;
    return count;
  }

  /** Notes that a DAG has ended: with the next batch it may leave memory. */
  ended(dag: number): void {
    this.#terminal.push(dag);
  }

  /** Packs all dirty rows as they stand now, after the turn of the position. Synchronous: no turn comes in between. */
  drain(position: Omit<StorePosition, 'layout'>): Batch {
    const operations: StoreOperation[] = [];
    for (const table of this.state.tables) {
      if (table === undefined) continue;
      if (table.id === TableId.job) this.#drainJobs(operations);
      else this.#drainTable(table, operations);
    }
    const cold = this.cold.drain();
    const readable = operations.filter(({ key }) => isOfDag(key));
    for (const { key, value } of readable) this.#inFlight.set(nameOf(key), value);
    const terminal = this.#terminal;
    this.#terminal = [];
    return {
      operations: [...operations, ...cold.operations],
      position: { ...position, layout: LAYOUT },
      terminal,
      stored: () => {
        cold.stored();
        for (const { key, value } of readable) {
          const name = nameOf(key);
          if (this.#inFlight.get(name) === value) this.#inFlight.delete(name);
        }
      },
    };
  }

  /** Writes a batch whose turn is accepted. */
  async write(batch: Batch): Promise<void> {
    await this.store.write(batch.operations, batch.position);
    batch.stored();
  }

  /** Terminal DAGs of a batch may leave memory at the next `evictNow`. */
  evict(dags: readonly number[]): void {
    for (const dag of dags) this.#leaving.push(dag);
  }

  /** Takes terminal DAGs out of memory; those that were touched since stay until their rows are in a batch again. */
  evictNow(): void {
    const leaving = this.#leaving;
    this.#leaving = [];
    for (const seq of leaving) {
      const dag = this.state.dags.find(seq);
      if (dag === 0 || this.state.dags.c.state[dag]! < DagState.succeeded) continue;
      if (this.#isClean(dag)) this.#evictDag(dag, seq);
      else this.#terminal.push(seq);
    }
  }

  #drainTable(table: Rows<Fields>, operations: StoreOperation[]): void {
    const codec = this.#codecs[table.id]!;
    for (const gone of table.goneRows) operations.push({ key: rowKey(gone.table, gone.keyA, gone.keyB), value: null });
    table.goneRows.length = 0;
    for (const row of table.dirtyRows) {
      if (!table.takeDirty(row)) continue;
      const value = table.isBlank(row) ? null : codec.packRow(table.columns, row).slice();
      operations.push({ key: rowKey(table.id, table.keyA[row]!, table.keyB[row]!), value });
    }
    table.dirtyRows.length = 0;
  }

  #drainJobs(operations: StoreOperation[]): void {
    const { jobs, space } = this.state;
    this.#dropBlocks(jobs.goneRows, operations);
    const seen = new Map<number, Set<number>>();
    for (const job of jobs.dirtyRows) {
      if (!jobs.takeDirty(job)) continue;
      const dag = space.dagOf[job]!;
      const index = jobs.keyB[job]!;
      const from = space.extentFrom(dag, index);
      const first = from + (((index - from) / BLOCK_ROWS) | 0) * BLOCK_ROWS;
      let blocks = seen.get(dag);
      if (blocks === undefined) {
        blocks = new Set();
        seen.set(dag, blocks);
      }
      if (blocks.has(first)) continue;
      blocks.add(first);
      operations.push({ key: jobBlockKey(jobs.keyA[job]!, first), value: this.#packBlock(dag, first, from) });
    }
    jobs.dirtyRows.length = 0;
  }

  #packBlock(dag: number, first: number, from: number): Uint8Array | null {
    const { jobs, space } = this.state;
    let count = 0;
    space.eachExtent(dag, (start, length) => {
      if (start === from) count = Math.min(BLOCK_ROWS, length - (first - start));
    });
    const packed = this.#codecs[TableId.job]!.packBlock(jobs.columns, space.handle(dag, first), count, NO_SUM);
    return packed === null ? null : packed.slice();
  }

  /** Deletes the blocks of jobs that are gone. Every first index that a block may have is among the jobs' own. */
  #dropBlocks(gone: RowKey[], operations: StoreOperation[]): void {
    for (const { keyA, keyB } of gone) operations.push({ key: jobBlockKey(keyA, keyB), value: null });
    gone.length = 0;
  }

  #isClean(dag: number): boolean {
    const { dags, jobs, space, fans } = this.state;
    if (dags.isDirty(dag)) return false;
    let isClean = true;
    space.eachExtent(dag, (_from, count, base) => {
      for (let i = 0; i < count && isClean; i++) if (jobs.isDirty(base + i)) isClean = false;
    });
    this.#eachFan(dag, (fan) => {
      if (fans.isDirty(fan)) isClean = false;
    });
    return isClean;
  }

  #eachFan(dag: number, each: (fan: number) => void): void {
    const { dags, fans } = this.state;
    if (fans.live === 0) return;
    for (let job = 0; job < dags.c.specJobs[dag]!; job++) {
      const fan = fans.find(dags.keyA[dag]!, job);
      if (fan !== 0) each(fan);
    }
  }

  #evictDag(dag: number, seq: number): void {
    const { dags, jobs, fans, space } = this.state;
    const leaving: number[] = [];
    this.#eachFan(dag, (fan) => leaving.push(fan));
    for (const fan of leaving) fans.evict(fan);
    space.eachExtent(dag, (_from, count, base) => {
      for (let i = 0; i < count; i++) jobs.wipe(base + i);
    });
    space.shrink(dag, 0, false);
    dags.evict(dag);
    this.cold.drop(seq);
  }

  /** Brings DAGs into memory that are not there; those that are in no place stay unknown. */
  async load(dags: Iterable<number>): Promise<void> {
    for (const seq of dags) {
      if (this.state.dags.find(seq) !== 0) continue;
      let loading = this.#loading.get(seq);
      if (loading === undefined) {
        loading = this.#loadDag(seq).finally(() => this.#loading.delete(seq));
        this.#loading.set(seq, loading);
      }
      await loading;
    }
  }

  readonly #loading = new Map<number, Promise<void>>();

  /** Reads all rows of a DAG first and puts them into their tables at once, so that nobody sees a half of it. */
  async #loadDag(seq: number): Promise<void> {
    const { dags, fans } = this.state;
    const value = await this.#get(rowKey(TableId.dag, seq, 0));
    if (value === null) return;
    const spec = await this.cold.fetchSpec(seq);
    const blocks = await this.#blocksOf(seq);
    const fanRows: (readonly [number, Uint8Array])[] = [];
    for (let job = 0; job < spec.jobs.length; job++) {
      const fan = spec.jobs[job]!.fanOut === null ? null : await this.#get(rowKey(TableId.fan, seq, job));
      if (fan !== null) fanRows.push([job, fan]);
    }
    const dag = this.installRow(dags, seq, 0, value);
    this.#terminal.push(seq);
    for (const [first, block] of blocks) this.installBlock(dag, first, block);
    this.installEdges(dag, spec.jobs);
    for (const [job, fan] of fanRows) this.installRow(fans, seq, job, fan);
  }

  /** Puts a stored row into its table. The hash is not touched: the row is part of it already. */
  installRow<F extends Fields>(table: Rows<F>, keyA: number, keyB: number, value: Uint8Array): number {
    const row = table.allocate(keyA, keyB);
    this.#codecs[table.id]!.unpackRow(value, table.columns, row);
    table.index!.add(keyA, keyB, row);
    table.markStored(row);
    return row;
  }

  /** Puts the stored row of the cell into its place, which is always there. */
  installCell(value: Uint8Array): void {
    const { cell, cellRow } = this.state;
    this.#codecs[TableId.cell]!.unpackRow(value, cell.columns, cellRow);
    cell.markStored(cellRow);
  }

  /** Puts a stored block of jobs into its DAG. */
  installBlock(dag: number, first: number, block: Uint8Array): void {
    const { jobs, space } = this.state;
    const view = new DataView(block.buffer, block.byteOffset);
    const high = view.getUint32(SUM_BYTES + 4, true);
    const low = view.getUint32(SUM_BYTES, true);
    const count = high !== 0 ? 64 - Math.clz32(high) : 32 - Math.clz32(low);
    space.extend(dag, first, count);
    const base = space.handle(dag, first);
    this.#codecs[TableId.job]!.unpackBlock(block, jobs.columns, base, this.#present);
    for (let i = 0; i < count; i++) jobs.markStored(base + i);
  }

  readonly #present = new Uint32Array(2);

  /** Lays the edges of a DAG's jobs, from its submission. */
  installEdges(dag: number, jobs: Parameters<typeof graphOf>[0]): void {
    const graph = graphOf(jobs);
    if (!isGraph(graph)) throw new Error('assertion failed: a stored submission has no graph');
    this.state.space.setEdges(dag, graph.degrees, graph.targets);
  }

  async #get(key: Uint8Array): Promise<Uint8Array | null> {
    const name = nameOf(key);
    if (this.#inFlight.has(name)) return this.#inFlight.get(name)!;
    const [value] = await this.store.getMany([key]);
    return value ?? null;
  }

  /** Blocks of a DAG's jobs by first index, in order. */
  async #blocksOf(seq: number): Promise<readonly (readonly [number, Uint8Array])[]> {
    const blocks = new Map<number, Uint8Array>();
    const { from, to } = jobBlocksOf(seq);
    for await (const chunk of this.store.scan(from, to)) {
      for (const { key, value } of chunk) blocks.set(firstOf(key), value);
    }
    const prefix = nameOf(from).slice(0, 8);
    for (const [name, value] of this.#inFlight) {
      if (!name.startsWith(prefix)) continue;
      const first = firstOf(Buffer.from(name, 'latin1'));
      if (value === null) blocks.delete(first);
      else blocks.set(first, value);
    }
    return [...blocks].sort(([a], [b]) => a - b);
  }
}

/** Whether a key is read on its own later: a row of a DAG, a fan-out, or a block of jobs. */
function isOfDag(key: Uint8Array): boolean {
  const name = key[0] === ROW_SPACE ? key[1] : TableId.job;
  return name === TableId.dag || name === TableId.fan || name === TableId.job;
}

/** First byte of the keys of rows. */
const ROW_SPACE = rowKey(0, 0, 0)[0];

/** First job index of a block, from its key. */
function firstOf(key: Uint8Array): number {
  return new DataView(key.buffer, key.byteOffset).getUint32(8);
}

function nameOf(key: Uint8Array): string {
  return Buffer.from(key.buffer, key.byteOffset, key.length).toString('latin1');
}
