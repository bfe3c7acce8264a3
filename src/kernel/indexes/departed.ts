import { DEFAULT_RETAIN_EXECUTORS_MS } from '../limits.js';
import { limitOf } from '../rows/limit-field.js';
import type { State } from '../rows/state.js';
import { doubled } from '../structures/grow.js';

/**
 * Executors that left or were lost, in that order, chained by their rows. The first of them is forgotten when its time is
 * over and nothing refers to it any more. Until then those behind it wait as well, which is not long: what a lost
 * executor holds is withdrawn after a while. An index of rows.
 */
export class DepartedExecutors {
  /** Of each the one before and after it; 0 for none. */
  private before = new Uint32Array(64);
  private after = new Uint32Array(64);
  private first = 0;
  private last = 0;

  constructor(private readonly state: State) {}

  /** An executor has come, left or was lost: it leaves its place, and goes to the end if it is not live. */
  moved(executor: number): void {
    this.remove(executor);
    if (this.state.executors.c.departed[executor] !== 0) this.append(executor);
  }

  /** The executor that is forgotten next, at this time; 0 when none is yet. */
  due(at: number): number {
    return this.nextAt() <= at ? this.first : 0;
  }

  /** When that will be; infinity when there is none, or when it waits for what it holds and not for time. */
  nextAt(): number {
    if (this.first === 0 || this.isReferredTo(this.first)) return Number.POSITIVE_INFINITY;
    const { cell, cellRow, executors } = this.state;
    const keptMs = limitOf(cell.c.retainExecutorsMs[cellRow]!, DEFAULT_RETAIN_EXECUTORS_MS);
    return executors.c.departedAtMs[this.first]! + keptMs;
  }

  /** Takes an executor out; its row may be gone already. */
  remove(executor: number): void {
    const before = this.before[executor] ?? 0;
    const after = this.after[executor] ?? 0;
    if (before === 0 && this.first !== executor) return;
    if (before === 0) this.first = after;
    else this.after[before] = after;
    if (after === 0) this.last = before;
    else this.before[after] = before;
    this.before[executor] = 0;
    this.after[executor] = 0;
  }

  rebuild(): void {
    const { executors } = this.state;
    const { departed } = executors.c;
    const found: number[] = [];
    executors.table.eachRow((row) => {
      if (departed[row] !== 0) found.push(row);
    });
    for (const row of found.sort((a, b) => departed[a]! - departed[b]!)) this.append(row);
  }

  private append(executor: number): void {
    if (executor >= this.after.length) {
      this.before = doubled(this.before, executor + 1);
      this.after = doubled(this.after, executor + 1);
    }
    this.before[executor] = this.last;
    this.after[executor] = 0;
    if (this.last === 0) this.first = executor;
    else this.after[this.last] = executor;
    this.last = executor;
  }

  /** Whether it has slots or a cursor goes over its leases, or its class keeps it for a job. */
  private isReferredTo(executor: number): boolean {
    const { executors, classes } = this.state;
    const { reserved, reclaiming, cursors, class: classSeq } = executors.c;
    if (reserved[executor] !== 0 || reclaiming[executor] !== 0 || cursors[executor] !== 0) return true;
    return classes.c.reservedExecutor[classes.find(classSeq[executor]!)] === executors.keyA[executor];
  }
}
