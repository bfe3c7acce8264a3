import type { JobSpec } from '../../catalogue/generated/types.js';
import { DagRows } from '../../kernel/generated/rows.js';
import { graphOf, isGraph } from '../../kernel/graph.js';
import type { State } from '../../kernel/rows/state.js';
import type { Fields, Table } from '../../kernel/rows/table.js';
import { TableId } from '../../kernel/rows/tables.js';
import { RowCodec, RowReader, RowWriter, rowsOfBlock } from '../../store/index.js';
import { DagValues } from './dag-values.js';

/** Bytes of a packed row without a field. */
const BLANK_BYTES = 4;
/** Where a row stands that is only looked at. */
const PEEKED_ROW = 1;

/** Packs rows of the state for the store, and puts stored ones back. The hash is not touched: it has them already. */
export class RowInstaller {
  readonly #codecs: RowCodec[] = [];
  readonly #present = new Uint32Array(2);
  readonly #peeked = new DagRows({ capacity: 2 });
  readonly dags: DagValues;

  constructor(private readonly state: State) {
    const writer = new RowWriter();
    const reader = new RowReader();
    for (const table of state.tables) {
      if (table !== undefined) this.#codecs[table.id] = new RowCodec(table.types, writer, reader);
    }
    this.dags = new DagValues(state, { of: this.#codecs, writer, reader });
  }

  /** A row as the store keeps it, valid until the next is packed; null when it is blank, which equals no row. */
  pack(table: Table, row: number): Uint8Array | null {
    const value = this.#codecs[table.id]!.packRow(table.columns, row);
    return value.length === BLANK_BYTES ? null : value;
  }

  /** A block of jobs as the store keeps it, valid until the next is packed; null when all of them are blank. */
  packBlock(firstHandle: number, count: number): Uint8Array | null {
    return this.#codecs[TableId.job]!.packBlock(this.state.jobs.table.columns, firstHandle, count);
  }

  /** Puts a stored row into its table; gives its handle. */
  install<F extends Fields>(table: Table<F>, keyA: number, keyB: number, value: Uint8Array): number {
    const row = table.allocate(keyA, keyB);
    this.#codecs[table.id]!.unpackRow(value, table.columns, row);
    table.index.add(keyA, keyB, row);
    table.markStored(row);
    return row;
  }

  /** Puts the stored row of the cell into its place, which is always there. */
  installCell(value: Uint8Array): void {
    const { cell, cellRow } = this.state;
    this.#codecs[TableId.cell]!.unpackRow(value, cell.table.columns, cellRow);
    cell.table.markStored(cellRow);
  }

  /** Puts a stored block of jobs into its DAG. */
  installBlock(dag: number, first: number, block: Uint8Array): void {
    if (dag === 0) throw new Error(`assertion failed: the store has jobs from ${first} on of a DAG that it has not`);
    const { jobs, space } = this.state;
    const { end } = rowsOfBlock(block);
    space.extend(dag, first, end);
    const base = space.handle(dag, first);
    this.#codecs[TableId.job]!.unpackBlock(block, jobs.table.columns, base, this.#present);
    for (let i = 0; i < end; i++) jobs.table.markStored(base + i);
  }

  /** Lays the edges of a DAG's jobs, from its submission. */
  installEdges(dag: number, jobs: readonly JobSpec[]): void {
    const graph = graphOf(jobs);
    if (!isGraph(graph)) throw new Error('assertion failed: a stored submission has no graph');
    this.state.space.setEdges(dag, graph.degrees, graph.targets);
  }

  /** The row in a stored DAG's value, in columns that are not the state's; valid until the next one. */
  peekDag(value: Uint8Array): { readonly c: DagRows['c']; readonly row: number } {
    const { table, c } = this.#peeked;
    table.wipe(PEEKED_ROW);
    this.dags.readRow(value, table.columns, PEEKED_ROW);
    return { c, row: PEEKED_ROW };
  }

  /** The numbers of a stored row that is not installed, by field. */
  peek<F extends Fields>(table: Table<F>, value: Uint8Array): { readonly [K in keyof F]: number } {
    const columns = table.types.map((type) => (type === 'str' ? [''] : new Float64Array(1)));
    this.#codecs[table.id]!.unpackRow(value, columns, 0);
    return Object.fromEntries(table.names.map((name, i) => [name, columns[i]![0]])) as {
      readonly [K in keyof F]: number;
    };
  }
}
