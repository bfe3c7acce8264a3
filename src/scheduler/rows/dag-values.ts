import { DagState } from '../../catalogue/generated/codes.js';
import { IdKind, targetOf } from '../../kernel/rows/id-target.js';
import type { State } from '../../kernel/rows/state.js';
import type { Table } from '../../kernel/rows/table.js';
import { TableId } from '../../kernel/rows/tables.js';
import { BLOCK_ROWS, type RowCodec, type RowReader, type RowWriter, rowsOfBlock, wordAt } from '../../store/index.js';

/**
 * The value of a DAG in the store: its row, and behind it the rows that come and go with it, so that a small DAG is one
 * value that is written, read and deleted at once.
 *
 *     [head u32] [its row] [keys of its two names, varints] [block of its jobs] [its row among the ended]
 *
 * The head is four times the bytes of the block, 0 where there is none, and two bits for the names and the place among the
 * ended. The names are those of its id and of its idempotency key; what they stand for follows from the DAG. Jobs are a
 * part while they are one block and no fan-out has added any.
 */

const Part = { names: 1, retired: 2 } as const;
const PARTS = 4;

/** Two keys of 53 and 32 bits. */
const NAMES_BYTES_MAX = 2 * (8 + 5);

/** What a row of any table is counted or emptied by. */
export type AnyRows = Pick<Table, 'keyA' | 'keyB' | 'addRowTo' | 'wipe'>;

/** Codecs of the tables, by their numbers, which share a writer and a reader. */
export interface Codecs {
  readonly of: readonly RowCodec[];
  readonly writer: RowWriter;
  readonly reader: RowReader;
}

/** Packs DAGs for the store, and puts stored ones back. */
export class DagValues {
  readonly #present = new Uint32Array(2);

  constructor(
    private readonly state: State,
    private readonly codecs: Codecs,
  ) {}

  /**
   * Whether the jobs of a DAG are a part of its value. Of a DAG that is gone the counts are too: whether they were is
   * known by the first of them, whose handle `first` is.
   */
  hasJobs(dag: number, first: number): boolean {
    const { dags, jobs } = this.state;
    const total = dags.c.jobsTotal[dag]!;
    if (total === 0) return !jobs.table.isStored(first);
    return total <= BLOCK_ROWS && total === dags.c.specJobs[dag];
  }

  /** The value of a DAG, valid until the next row is packed; null when its row is blank, which equals no row. */
  pack(dag: number): Uint8Array | null {
    const { dags, retired } = this.state;
    const { of, writer } = this.codecs;
    writer.reset();
    writer.word(0);
    if (!of[TableId.dag]!.appendRow(dags.table.columns, dag)) return null;
    let head = this.#packNames(dag);
    const before = writer.length;
    this.#packJobs(dag);
    head += (writer.length - before) * PARTS;
    const place = retired.find(dags.c.retiredSeq[dag]!);
    if (place !== 0 && of[TableId.retired]!.appendRow(retired.table.columns, place)) head += Part.retired;
    writer.patch(0, head);
    return writer.view();
  }

  #packJobs(dag: number): void {
    const { dags, jobs, space } = this.state;
    const { of, writer } = this.codecs;
    const first = space.handle(dag, 0);
    if (first === 0 || !this.hasJobs(dag, first)) return;
    const before = writer.length;
    if (!of[TableId.job]!.appendBlock(jobs.table.columns, first, dags.c.specJobs[dag]!)) writer.cut(before);
  }

  /** A DAG of which a part is forgotten has no names any more. */
  #packNames(dag: number): number {
    const { dags, ids, names } = this.state;
    const { writer } = this.codecs;
    const id = names.lastId(dag);
    const key = names.lastKey(dag);
    const seq = dags.keyA[dag]!;
    const { target } = ids.c;
    if (target[id] !== targetOf(IdKind.dag, seq) || target[key] !== targetOf(IdKind.idempotency, seq)) return 0;
    writer.reserve(NAMES_BYTES_MAX);
    writer.unsignedUnchecked(ids.keyA[id]!);
    writer.unsignedUnchecked(ids.keyB[id]!);
    writer.unsignedUnchecked(ids.keyA[key]!);
    writer.unsignedUnchecked(ids.keyB[key]!);
    return Part.names;
  }

  /**
   * At the start, when nothing of the DAG is in memory: its names and its place among the ended come there, and of a
   * DAG that has not ended everything. Gives whether that was so.
   */
  restore(seq: number, value: Uint8Array): boolean {
    const { dags, names, retired } = this.state;
    const { of, reader } = this.codecs;
    const dag = this.#installRow(seq, value);
    const isOpen = dags.c.state[dag]! < DagState.succeeded;
    const hasNames = (partsOf(value) & Part.names) !== 0;
    const id = hasNames ? this.#installName(IdKind.dag, seq) : 0;
    names.set(dag, id, hasNames ? this.#installName(IdKind.idempotency, seq) : 0);
    if (isOpen) this.#installJobs(dag, value);
    else reader.skip(blockBytes(value));
    const number = dags.c.retiredSeq[dag]!;
    if ((partsOf(value) & Part.retired) !== 0) {
      const place = retired.table.allocate(number, 0);
      of[TableId.retired]!.nextRow(retired.table.columns, place);
      retired.table.index.add(number, 0, place);
    }
    reader.finish();
    if (!isOpen) dags.table.evict(dag);
    return isOpen;
  }

  /** A DAG that has left memory comes back; its names and its place among the ended have stayed. Gives its handle. */
  load(seq: number, value: Uint8Array): number {
    const { ids, names } = this.state;
    const { reader } = this.codecs;
    const dag = this.#installRow(seq, value);
    const find = (): number => ids.find(reader.unsigned(), reader.unsigned());
    const id = (partsOf(value) & Part.names) === 0 ? 0 : find();
    names.set(dag, id, id === 0 ? 0 : find());
    this.#installJobs(dag, value);
    return dag;
  }

  #installRow(seq: number, value: Uint8Array): number {
    const { dags } = this.state;
    const dag = dags.table.allocate(seq, 0);
    this.readRow(value, dags.table.columns, dag);
    dags.table.index.add(seq, 0, dag);
    dags.table.markStored(dag);
    return dag;
  }

  #installName(kind: number, seq: number): number {
    const { ids } = this.state;
    const { reader } = this.codecs;
    const keyA = reader.unsigned();
    const keyB = reader.unsigned();
    const name = ids.table.allocate(keyA, keyB);
    ids.c.target[name] = targetOf(kind, seq);
    ids.table.index.add(keyA, keyB, name);
    return name;
  }

  #installJobs(dag: number, value: Uint8Array): void {
    if (blockBytes(value) === 0) return;
    const { jobs, space } = this.state;
    const { of, reader } = this.codecs;
    space.extend(dag, 0, rowsOfBlock(reader.rest()).end);
    of[TableId.job]!.nextBlock(jobs.table.columns, space.handle(dag, 0), this.#present);
  }

  /**
   * Reads each row that is in the value into row `at` of its table, jobs into those from there on, and calls back, once
   * for each row, with its place and key; whoever is called empties the place.
   */
  readAll(
    seq: number,
    value: Uint8Array,
    at: number,
    each: (table: AnyRows, row: number, a: number, b: number) => void,
  ): void {
    const { dags, ids, jobs, retired } = this.state;
    const { of, reader } = this.codecs;
    this.readRow(value, dags.table.columns, at);
    const number = dags.c.retiredSeq[at]!;
    each(dags.table, at, seq, 0);
    if ((partsOf(value) & Part.names) !== 0) {
      for (const kind of [IdKind.dag, IdKind.idempotency]) {
        ids.c.target[at] = targetOf(kind, seq);
        each(ids.table, at, reader.unsigned(), reader.unsigned());
      }
    }
    if (blockBytes(value) > 0) {
      of[TableId.job]!.nextBlock(jobs.table.columns, at, this.#present);
      for (let i = 0; i < BLOCK_ROWS; i++) {
        if ((this.#present[i >> 5]! & (1 << (i & 31))) !== 0) each(jobs.table, at + i, seq, i);
      }
    }
    if ((partsOf(value) & Part.retired) !== 0) {
      of[TableId.retired]!.nextRow(retired.table.columns, at);
      each(retired.table, at, number, 0);
    }
    reader.finish();
  }

  /** Sets the fields of the DAG's own row in these columns, in which it had none; what is behind it is not read. */
  readRow(value: Uint8Array, columns: Parameters<RowCodec['nextRow']>[0], row: number): void {
    const { of, reader } = this.codecs;
    reader.reset(value);
    reader.word();
    of[TableId.dag]!.nextRow(columns, row);
  }
}

/** Bytes of the block of jobs in the value of a DAG; 0 when its jobs are not a part of it. */
export function blockBytes(value: Uint8Array): number {
  return Math.floor(headOf(value) / PARTS);
}

function partsOf(value: Uint8Array): number {
  return headOf(value) % PARTS;
}

function headOf(value: Uint8Array): number {
  return wordAt(value, 0);
}
