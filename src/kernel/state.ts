import { DagNames } from './dag-names.js';
import { beginRow, h1, h2, h3, h4, mixValue, StateHash } from './hash.js';
import { JobSpace } from './job-space.js';
import { Rows } from './rows.js';
import { DAG_SHAPE, FLOW_SHAPE, LEASE_SHAPE, PATTERN_SHAPE } from './shapes.js';
import { type Fields, stringValue } from './table.js';
import * as T from './tables.js';
import { type Changes, TurnLog } from './turn-log.js';

/**
 * The state: rows, their hash, and what the turns that are not accepted yet have changed of them.
 *
 * `set` is the one way to change it (design: State). Order of calls: any number of `set row clear`, then `commit` once
 * per turn; then `accept` when the turn is in the journal, or `undo` when it will never be. Several turns may wait for
 * acceptance; they are accepted oldest first and undone newest first.
 */
export class State {
  readonly cell = new Rows(T.TableId.cell, 'cell', T.CELL, true);
  readonly tenants = new Rows(T.TableId.tenant, 'tenant', T.TENANT, true);
  readonly classes = new Rows(T.TableId.class, 'class', T.CLASS, true);
  readonly executors = new Rows(T.TableId.executor, 'executor', T.EXECUTOR, true);
  readonly dags = new Rows(T.TableId.dag, 'dag', T.DAG, true, DAG_SHAPE);
  readonly jobs = new Rows(T.TableId.job, 'job', T.JOB, false, { capacity: 1024 });
  readonly fans = new Rows(T.TableId.fan, 'fan', T.FAN, true);
  readonly leases = new Rows(T.TableId.lease, 'lease', T.LEASE, true, LEASE_SHAPE);
  readonly flows = new Rows(T.TableId.flow, 'flow', T.FLOW, true, FLOW_SHAPE);
  readonly tags = new Rows(T.TableId.tag, 'tag', T.TAG, true);
  readonly virtuals = new Rows(T.TableId.virtual, 'virtual', T.VIRTUAL, true);
  readonly fairs = new Rows(T.TableId.fair, 'fair', T.FAIR, true);
  readonly cursors = new Rows(T.TableId.cursor, 'cursor', T.CURSOR, true);
  readonly ids = new Rows(T.TableId.id, 'id', T.ID, true);
  readonly remembered = new Rows(T.TableId.remembered, 'remembered', T.REMEMBERED, true);
  readonly retired = new Rows(T.TableId.retired, 'retired', T.RETIRED, true);
  readonly fairDags = new Rows(T.TableId.fairDag, 'fairDag', T.FAIR_DAG, true);
  readonly buckets = new Rows(T.TableId.bucket, 'bucket', T.BUCKET, true);
  readonly patterns = new Rows(T.TableId.pattern, 'pattern', T.PATTERN, true, PATTERN_SHAPE);
  /** Tables by their number. */
  readonly tables: readonly (Rows<Fields> | undefined)[];
  readonly space: JobSpace;
  readonly names = new DagNames();
  readonly hash = new StateHash();
  /** Handle of the cell's one row. */
  readonly cellRow: number;
  private log = new TurnLog();
  private readonly unaccepted: TurnLog[] = [];
  private readonly spare: TurnLog[] = [];

  constructor() {
    const tables: (Rows<Fields> | undefined)[] = [];
    for (const table of Object.values(this)) if (table instanceof Rows) tables[table.id] = table as Rows<Fields>;
    this.tables = tables;
    this.space = new JobSpace(this.dags, this.jobs);
    this.cellRow = this.row(this.cell, 1, 0);
    this.log.reset();
  }

  /** The one way to change a field. */
  set<F extends Fields>(table: Rows<F>, handle: number, field: number, value: number | string): void {
    if ((table.touched[handle]! & (1 << field)) === 0) this.note(table, handle, field);
    table.write(field, handle, value);
  }

  /** Notes what a field is before its first change in the turn. */
  private note<F extends Fields>(table: Rows<F>, handle: number, field: number): void {
    table.touched[handle]! |= 1 << field;
    if (table.isText(field)) this.log.addText(table.id, field, handle, table.text(field, handle));
    else this.log.add(table.id, field, handle, table.number(field, handle));
  }

  /** Adds to a numeric field; gives the new value. */
  add<F extends Fields>(table: Rows<F>, handle: number, field: number, amount: number): number {
    const value = table.number(field, handle) + amount;
    if (value < 0 && !table.isSigned(field)) {
      throw new Error(`assertion failed: ${table.name}.${table.names[field]} would become ${value}`);
    }
    this.set(table, handle, field, value);
    return value;
  }

  /** The row with this key, made if it is not there. */
  row<F extends Fields>(table: Rows<F>, keyA: number, keyB = 0): number {
    const found = table.index!.get(keyA, keyB);
    if (found !== 0) return found;
    const handle = table.allocate(keyA, keyB);
    table.index!.add(keyA, keyB, handle);
    this.log.addRow(table.id, handle, MADE);
    return handle;
  }

  /**
   * Sets all fields to zero: the row is gone, and is not found any more. Its handle stays taken until the turn is
   * accepted, because an undo brings the row back. Only rows of tables with an index are cleared.
   */
  clear<F extends Fields>(table: Rows<F>, handle: number): void {
    this.empty(table, handle);
    table.index!.delete(table.keyA[handle]!, table.keyB[handle]!);
    this.log.addRow(table.id, handle, CLEARED);
  }

  /** Sets all fields of a row to zero; where it has an index it is found all the same. */
  empty<F extends Fields>(table: Rows<F>, handle: number): void {
    const count = table.types.length;
    let touched = table.touched[handle]!;
    for (let field = 0; field < count; field++) {
      if (table.isText(field)) {
        if (table.text(field, handle) !== '') this.set(table, handle, field, '');
        continue;
      }
      const old = table.take(field, handle);
      if (old === 0) continue;
      const bit = 1 << field;
      if ((touched & bit) === 0) this.log.add(table.id, field, handle, old);
      touched |= bit;
    }
    table.touched[handle]! |= touched;
  }

  /** Counts the next number of a counter of the cell, from 1. */
  next(counter: number): number {
    return this.add(this.cell, this.cellRow, counter, 1);
  }

  /** Notes that a DAG has taken an extent of jobs in this turn, so that an undo gives it back. */
  noteExtent(dag: number): void {
    this.log.extents.push(dag);
  }

  /**
   * Ends the open turn: brings the hash up to date, and says which rows the store has behind. The turn then waits for
   * `accept` or `undo`.
   */
  commit(): void {
    const { log, hash } = this;
    log.hashBefore.set(hash.lanes);
    let table = this.tables[0];
    let row = 0;
    let isBegun = false;
    // In local variables, which stay in registers: this loop is the most of what a turn costs beside its events.
    let sum1 = 0;
    let sum2 = 0;
    let sum3 = 0;
    let sum4 = 0;
    for (let i = 0; i < log.size; i++) {
      const id = log.table(i);
      const handle = log.handle(i);
      const field = log.field(i);
      // The fields of a row mostly come one after the other, and have the first half of a mix in common.
      if (table === undefined || id !== table.id || handle !== row) {
        table = this.tables[id]!;
        row = handle;
        table.touched[handle] = 0;
        table.markDirty(handle);
        isBegun = false;
      }
      let before = log.old(i);
      let after = 0;
      if (table.isText(field)) {
        before = stringValue(log.oldStrings.get(i) ?? '');
        after = table.hashValue(field, handle);
      } else after = table.number(field, handle);
      if (before === after) continue;
      if (!isBegun) beginRow(id, table.keyA[handle]!, table.keyB[handle]!);
      isBegun = true;
      if (before !== 0) {
        mixValue(field, before);
        sum1 -= h1 >>> 0;
        sum2 -= h2 >>> 0;
        sum3 -= h3 >>> 0;
        sum4 -= h4 >>> 0;
      }
      if (after !== 0) {
        mixValue(field, after);
        sum1 += h1 >>> 0;
        sum2 += h2 >>> 0;
        sum3 += h3 >>> 0;
        sum4 += h4 >>> 0;
      }
    }
    hash.addSums(sum1, sum2, sum3, sum4);
    this.unaccepted.push(log);
    this.log = this.spare.pop() ?? new TurnLog();
  }

  /** The oldest committed turn is in the journal: rows that it emptied are given back. */
  accept(): void {
    const log = this.unaccepted.shift();
    if (log === undefined) throw new Error('assertion failed: no turn waits to be accepted');
    for (let i = 0; i < log.rows.length; i += 3) {
      if (log.rows.at(i + 2) === CLEARED) this.giveBack(this.tables[log.rows.at(i)]!, log.rows.at(i + 1));
    }
    log.reset();
    this.spare.push(log);
  }

  /** The newest committed turn changed nothing and needs no acceptance. */
  discard(): void {
    const log = this.unaccepted.pop();
    if (log === undefined || log.size > 0 || log.rows.length > 0)
      throw new Error('assertion failed: only an empty turn is discarded');
    log.reset();
    this.spare.push(log);
  }

  /** What the newest committed turn has changed, as long as it waits. */
  changes(): Changes {
    const log = this.unaccepted.at(-1);
    if (log === undefined) throw new Error('assertion failed: no turn waits to be accepted');
    return log;
  }

  /** How many committed turns wait for the journal. */
  waiting(): number {
    return this.unaccepted.length;
  }

  /** Takes back all turns that are not accepted, newest first. Indexes of rows must be rebuilt afterwards. */
  undo(): void {
    if (this.log.size > 0) throw new Error('assertion failed: undo in the middle of a turn');
    for (let log = this.unaccepted.pop(); log !== undefined; log = this.unaccepted.pop()) {
      for (let i = log.size - 1; i >= 0; i--) {
        const table = this.tables[log.table(i)]!;
        const handle = log.handle(i);
        const field = log.field(i);
        table.write(field, handle, table.isText(field) ? (log.oldStrings.get(i) ?? '') : log.old(i));
        table.markDirty(handle);
      }
      this.hash.lanes.set(log.hashBefore);
      for (let i = 0; i < log.extents.length; i++) this.space.shrinkBlank(log.extents.at(i));
      this.undoRows(log);
      log.reset();
      this.spare.push(log);
    }
  }

  /** Rows that were made go, rows that were cleared can be found again; newest first, for a key may be used twice. */
  private undoRows(log: TurnLog): void {
    for (let i = log.rows.length - 3; i >= 0; i -= 3) {
      const table = this.tables[log.rows.at(i)]!;
      const handle = log.rows.at(i + 1);
      if (log.rows.at(i + 2) === CLEARED) table.index!.add(table.keyA[handle]!, table.keyB[handle]!, handle);
      else {
        table.index!.delete(table.keyA[handle]!, table.keyB[handle]!);
        this.giveBack(table, handle);
      }
    }
  }

  /** The hash of all rows, counted afresh: what `hash` must equal. */
  recount(): StateHash {
    const hash = new StateHash();
    for (const table of this.tables) {
      if (table === undefined) continue;
      for (let handle = 1; handle < table.high; handle++) if (table.isLive(handle)) table.addRowTo(hash, handle);
    }
    return hash;
  }

  private giveBack(table: Rows<Fields>, handle: number): void {
    if (!table.isBlank(handle)) throw new Error(`assertion failed: a row of ${table.name} that is gone is not empty`);
    if (table.id === T.TableId.dag) this.space.shrink(handle, 0);
    table.release(handle);
  }
}

const MADE = 1;
const CLEARED = 0;
