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
  /** Parts of DAGs on their way into the store (rows, fan-outs, blocks of jobs): reads look here first. */
  readonly #inFlight = new Map<number, Map<number, Uint8Array | null>>();
  #noted: Noted[] = [];
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
    const noted = this.#noted;
    this.#noted = [];
    const terminal = this.#terminal;
    this.#terminal = [];
    return {
      operations: [...operations, ...cold.operations],
      position: { ...position, layout: LAYOUT },
      terminal,
      stored: () => {
        cold.stored();
        this.#landed(noted);
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
    const { keyA, keyB } = table;
    for (const gone of table.goneRows) this.#putRow(operations, gone.table, gone.keyA, gone.keyB, null);
    table.goneRows.length = 0;
    for (const row of table.dirtyRows) {
      if (!table.takeDirty(row)) continue;
      const value = table.isBlank(row) ? null : codec.packRow(table.columns, row).slice();
      this.#putRow(operations, table.id, keyA[row]!, keyB[row]!, value);
    }
    table.dirtyRows.length = 0;
  }

  #putRow(operations: StoreOperation[], table: number, keyA: number, keyB: number, value: Uint8Array | null): void {
    operations.push({ key: rowKey(table, keyA, keyB), value });
    if (table === TableId.dag) this.#note(keyA, DAG_PART, value);
    else if (table === TableId.fan) this.#note(keyA, fanPart(keyB), value);
  }

  #putBlock(operations: StoreOperation[], dag: number, first: number, value: Uint8Array | null): void {
    operations.push({ key: jobBlockKey(dag, first), value });
    this.#note(dag, first, value);
  }

  /** A part of a DAG is on its way into the store. */
  #note(dag: number, part: number, value: Uint8Array | null): void {
    let parts = this.#inFlight.get(dag);
    if (parts === undefined) {
      parts = new Map();
      this.#inFlight.set(dag, parts);
    }
    parts.set(part, value);
    this.#noted.push({ dag, part, value });
  }

  /** What was on its way is stored; a part that was drained again meanwhile still is on its way. */
  #landed(noted: readonly Noted[]): void {
    for (const { dag, part, value } of noted) {
      const parts = this.#inFlight.get(dag);
      if (parts === undefined || parts.get(part) !== value) continue;
      parts.delete(part);
      if (parts.size === 0) this.#inFlight.delete(dag);
    }
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
      this.#putBlock(operations, jobs.keyA[job]!, first, this.#packBlock(dag, first, from));
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
    for (const { keyA, keyB } of gone) this.#putBlock(operations, keyA, keyB, null);
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
    const wanted: number[] = [];
    for (const seq of dags) if (this.state.dags.find(seq) === 0) wanted.push(seq);
    if (wanted.length === 0) return;
    const loading = (this.#loading ?? Promise.resolve()).then(() => this.#loadAll(wanted));
    const settled = loading.catch(() => undefined);
    this.#loading = settled;
    await loading;
    if (this.#loading === settled) this.#loading = null;
  }

  /** Loads come one after the other, so that no DAG is put into memory twice. */
  #loading: Promise<unknown> | null = null;

  /** Reads all rows of the DAGs first and puts them into their tables at once, so that nobody sees a half of one. */
  async #loadAll(wanted: readonly number[]): Promise<void> {
    const missing = wanted.filter((seq) => this.state.dags.find(seq) === 0);
    const rows = await this.#parts(missing.map((seq) => ({ dag: seq, part: DAG_PART, key: rowKey(TableId.dag, seq, 0) })));
    const known = missing.filter((_, i) => rows[i] !== null);
    await this.cold.fetchSpecs(known);
    const specs = known.map((seq) => this.cold.spec(seq));
    const places = known.map((seq, i) => placesOf(seq, specs[i]!.jobs));
    const parts = await this.#parts(places.flat());
    const scanned = await Promise.all(known.map((seq, i) => (places[i]!.length > 0 ? null : this.#scan(seq, specs[i]!.jobs))));
    let next = 0;
    let row = 0;
    known.forEach((seq, i) => {
      while (rows[row] === null) row += 1;
      const found = scanned[i] ?? places[i]!.map(({ part }): DagPart => [part, parts[next++]!]);
      this.#install(seq, rows[row++]!, specs[i]!.jobs, found);
    });
  }

  #install(seq: number, row: Uint8Array, jobs: Parameters<typeof graphOf>[0], parts: readonly DagPart[]): void {
    const { dags, fans } = this.state;
    const dag = this.installRow(dags, seq, 0, row);
    this.#terminal.push(seq);
    for (const [part, value] of parts) {
      if (part >= 0 && value !== null) this.installBlock(dag, part, value);
    }
    this.installEdges(dag, jobs);
    for (const [part, value] of parts) {
      if (part < 0 && value !== null) this.installRow(fans, seq, fanOf(part), value);
    }
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

  /** Parts of DAGs, from what is on its way or from the store. */
  async #parts(wanted: readonly PartPlace[]): Promise<(Uint8Array | null)[]> {
    const found = wanted.map(({ dag, part }) => this.#inFlight.get(dag)?.get(part));
    const missing = wanted.filter((_, i) => found[i] === undefined);
    const values = await this.store.getMany(missing.map(({ key }) => key));
    let next = 0;
    return found.map((value) => (value === undefined ? (values[next++] ?? null) : value));
  }

  /** Blocks and fan-outs of a DAG that has children, whose places its submission does not tell; blocks in order. */
  async #scan(seq: number, jobs: readonly { readonly fanOut: unknown }[]): Promise<readonly DagPart[]> {
    const blocks = new Map<number, Uint8Array | null>();
    const { from, to } = jobBlocksOf(seq);
    for await (const chunk of this.store.scan(from, to)) {
      for (const { key, value } of chunk) blocks.set(firstOf(key), value);
    }
    for (const [part, value] of this.#inFlight.get(seq) ?? []) if (part >= 0) blocks.set(part, value);
    const fans = jobs.flatMap((job, index) =>
      job.fanOut === null ? [] : [{ dag: seq, part: fanPart(index), key: rowKey(TableId.fan, seq, index) }],
    );
    const rows = await this.#parts(fans);
    return [...[...blocks].sort(([a], [b]) => a - b), ...fans.map(({ part }, i): DagPart => [part, rows[i] ?? null])];
  }
}

/** A part of a DAG: the first index of a block of jobs, or a negative number for its own row or a fan-out's. */
type DagPart = readonly [part: number, value: Uint8Array | null];

interface Noted {
  readonly dag: number;
  readonly part: number;
  readonly value: Uint8Array | null;
}

interface PartPlace {
  readonly dag: number;
  readonly part: number;
  readonly key: Uint8Array;
}

const DAG_PART = -1;

function fanPart(job: number): number {
  return -2 - job;
}

function fanOf(part: number): number {
  return -2 - part;
}

/** Where the blocks of a DAG without fan-outs are; empty for one with. */
function placesOf(dag: number, jobs: readonly { readonly fanOut: unknown }[]): PartPlace[] {
  if (jobs.some((job) => job.fanOut !== null)) return [];
  const places: PartPlace[] = [];
  for (let first = 0; first < jobs.length; first += BLOCK_ROWS) {
    places.push({ dag, part: first, key: jobBlockKey(dag, first) });
  }
  return places;
}

/** First job index of a block, from its key. */
function firstOf(key: Uint8Array): number {
  return new DataView(key.buffer, key.byteOffset).getUint32(8);
}
