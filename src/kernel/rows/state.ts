import { beginRow, h1, h2, h3, h4, mixValue } from '../../catalogue/murmur.js';
import * as R from '../generated/rows.js';
import { DagNames } from './dag-names.js';
import { StateHash, stringValue } from './hash.js';
import { JobSpace } from './job-space.js';
import { DAG_SHAPE, FLOW_SHAPE, LEASE_SHAPE, PATTERN_SHAPE, TAG_SHAPE } from './shapes.js';
import type { AnyRows, Table } from './table.js';
import * as T from './tables.js';
import { type Changes, CLEARED, MADE, TurnLog } from './turn-log.js';

/**
 * The state: rows, their hash, and what the turns that are not accepted yet have changed of them.
 *
 * The setters of its rows are the one way to change it. Order of calls: while a turn is open, `set`, `add`, `row` and
 * `clear` of rows, in any number; then `commit`; then `accept` when the turn is in the journal, `discard` when it came to
 * nothing, or `undo` when it will never be in the journal. Several turns may wait for that: they are accepted oldest
 * first, and undone newest first.
 */
export class State {
  readonly cell = new R.CellRows();
  readonly tenants = new R.TenantRows();
  readonly classes = new R.ClassRows();
  readonly executors = new R.ExecutorRows();
  readonly dags = new R.DagRows(DAG_SHAPE);
  readonly jobs = new R.JobRows({ capacity: 1024 });
  readonly fans = new R.FanRows();
  readonly leases = new R.LeaseRows(LEASE_SHAPE);
  readonly flows = new R.FlowRows(FLOW_SHAPE);
  readonly tags = new R.TagRows(TAG_SHAPE);
  readonly virtuals = new R.VirtualRows();
  readonly fairs = new R.FairRows();
  readonly cursors = new R.CursorRows();
  readonly ids = new R.IdRows();
  readonly remembered = new R.RememberedRows();
  readonly retired = new R.RetiredRows();
  readonly fairDags = new R.FairDagRows();
  readonly buckets = new R.BucketRows();
  readonly patterns = new R.PatternRows(PATTERN_SHAPE);
  /** Tables by their number. */
  readonly tables: readonly (Table | undefined)[];
  readonly space: JobSpace;
  readonly names = new DagNames();
  readonly hash = new StateHash();
  /** Handle of the cell's one row. */
  readonly cellRow: number;
  private log = new TurnLog();
  private readonly unaccepted: TurnLog[] = [];
  private readonly spare: TurnLog[] = [];

  constructor() {
    const tables: (Table | undefined)[] = [];
    for (const { table } of this.allRows()) tables[table.id] = table;
    this.tables = tables;
    this.openLog(this.log);
    this.space = new JobSpace(this.dags, this.jobs);
    this.cellRow = this.cell.row(1);
    // No turn has made this row, so the first one that changes it has to note how it was.
    this.cell.table.noteMade(this.cellRow);
    this.log.reset();
  }

  private allRows(): readonly AnyRows[] {
    const { cell, tenants, classes, executors, dags, jobs, fans, leases, flows, tags, virtuals, fairs } = this;
    const { cursors, ids, remembered, retired, fairDags, buckets, patterns } = this;
    const first = [cell, tenants, classes, executors, dags, jobs, fans, leases, flows, tags, virtuals, fairs];
    return [...first, cursors, ids, remembered, retired, fairDags, buckets, patterns];
  }

  /** Changes are noted there from now on. */
  private openLog(log: TurnLog): void {
    this.log = log;
    for (const table of this.tables) if (table !== undefined) table.log = log;
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
    this.noteRowsMade(log);
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
    this.openLog(this.spare.pop() ?? new TurnLog());
  }

  /** Notes what the rows are that the turn has made: while it was open nothing was noted of them. */
  private noteRowsMade(log: TurnLog): void {
    for (let i = 0; i < log.rows.length; i += 3) {
      if (log.rows.at(i + 2) === MADE) this.tables[log.rows.at(i)]!.noteMade(log.rows.at(i + 1));
    }
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
    if (log === undefined || !log.isEmpty) throw new Error('assertion failed: only an empty turn is discarded');
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
    if (!this.log.isEmpty) throw new Error('assertion failed: undo in the middle of a turn');
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
      if (log.rows.at(i + 2) === CLEARED) table.index.add(table.keyA[handle]!, table.keyB[handle]!, handle);
      else {
        table.index.delete(table.keyA[handle]!, table.keyB[handle]!);
        this.giveBack(table, handle);
      }
    }
  }

  /** The hash of all rows, counted afresh: what `hash` must equal. */
  recount(): StateHash {
    const hash = new StateHash();
    for (const table of this.tables) {
      table?.eachRow((row) => table.addRowTo(hash, row));
    }
    return hash;
  }

  private giveBack(table: Table, handle: number): void {
    if (!table.isBlank(handle)) throw new Error(`assertion failed: a row of ${table.name} that is gone is not empty`);
    if (table.id === T.TableId.dag) this.space.shrink(handle, 0);
    table.release(handle);
  }
}
