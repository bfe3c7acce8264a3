import { StateHash } from '../../kernel/rows/hash.js';
import { State } from '../../kernel/rows/state.js';
import type { Table } from '../../kernel/rows/table.js';
import { TableId } from '../../kernel/rows/tables.js';
import { BLOCK_ROWS, decodeKey, RowCodec, type StoreEntry } from '../../store/index.js';
import type { AnyRows } from './dag-values.js';
import { RowInstaller } from './row-installer.js';

/**
 * The state hash of stored rows, counted afresh, those of ended DAGs included: what the position of the rows must say.
 * One row is in memory at a time. Cold rows are no part of it.
 */
export async function recount(entries: AsyncIterable<readonly StoreEntry[]>): Promise<Uint8Array> {
  const count = new RowCount();
  for await (const chunk of entries) for (const entry of chunk) count.add(entry);
  return count.hash.toBytes();
}

/** Adds up the state hash of stored rows as they come. */
export class RowCount {
  readonly hash = new StateHash();
  /** Its tables are used for one row after the other. */
  readonly #state = new State();
  readonly #dags = new RowInstaller(this.#state).dags;
  readonly #codecs = new Map<number, RowCodec>();
  readonly #present = new Uint32Array(2);

  constructor() {
    this.#state.jobs.table.grow(BLOCK_ROWS + 1);
  }

  add({ key, value }: StoreEntry): void {
    const name = decodeKey(key);
    if (name?.space === 'row' && name.table === TableId.dag) {
      this.#dags.readAll(name.keyA, value, ROW, (table, row, a, b) => this.#count(table, row, a, b));
    } else if (name?.space === 'row') {
      const table = this.#state.tables[name.table];
      if (table === undefined) throw new Error(`assertion failed: a row of table ${name.table}`);
      this.#codec(table).unpackRow(value, table.columns, ROW);
      this.#count(table, ROW, name.keyA, name.keyB);
    } else if (name?.space === 'jobs') this.#addBlock(name.dag, name.block, value);
  }

  #addBlock(dag: number, first: number, block: Uint8Array): void {
    const { jobs } = this.#state;
    this.#codec(jobs.table).unpackBlock(block, jobs.table.columns, ROW, this.#present);
    for (let i = 0; i < BLOCK_ROWS; i++) {
      if ((this.#present[i >> 5]! & (1 << (i & 31))) !== 0) this.#count(jobs.table, ROW + i, dag, first + i);
    }
  }

  #codec(table: Pick<Table, 'id' | 'types'>): RowCodec {
    const codec = this.#codecs.get(table.id) ?? new RowCodec(table.types);
    this.#codecs.set(table.id, codec);
    return codec;
  }

  #count(table: AnyRows, row: number, keyA: number, keyB: number): void {
    table.keyA[row] = keyA;
    table.keyB[row] = keyB;
    table.addRowTo(this.hash, row);
    table.wipe(row);
  }
}

/** The place of the row that is counted. */
const ROW = 1;
