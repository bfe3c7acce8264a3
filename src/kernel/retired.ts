import { DEFAULT_RETAIN_JOBS, DEFAULT_RETAIN_MS } from './limits.js';
import type { State } from './state.js';

/**
 * Terminal DAGs in the order of their ends. Which are due to be forgotten follows from rows and the time alone; this
 * only remembers where the oldest was found.
 */
export class RetiredDags {
  private from = 1;
  private notBefore = 0;

  constructor(private readonly state: State) {}

  /** Numbers of those that ended first, at most `most`. Gaps are DAGs that were reopened or are gone. */
  oldest(most: number): number[] {
    const { cell, cellRow, retired } = this.state;
    const last = cell.c.nextRetired[cellRow]!;
    const found: number[] = [];
    this.from = Math.max(this.from, cell.c.firstRetired[cellRow]! + 1);
    for (let seq = this.from; seq <= last && found.length < most; seq++) {
      if (retired.find(seq) !== 0) found.push(seq);
      else if (found.length === 0) this.from = seq + 1;
    }
    return found;
  }

  /** Whether the terminal DAG of this number need not be kept any longer. */
  isOverdue(seq: number, at: number): boolean {
    return this.dueAt(seq) <= at;
  }

  /** When the oldest is due, infinity when there is none: for waking the loop, it decides nothing. */
  nextAt(): number {
    const [oldest] = this.oldest(1);
    return oldest === undefined ? Number.POSITIVE_INFINITY : Math.max(this.notBefore, this.dueAt(oldest));
  }

  /** Whether one is due at this time: then the oldest must be in memory. */
  isDue(at: number): boolean {
    const [oldest] = this.oldest(1);
    return oldest !== undefined && this.dueAt(oldest) <= at;
  }

  /** The oldest waits for its projections: the loop need not wake for it before this time. */
  wakeAgainAt(at: number): void {
    this.notBefore = at;
  }

  /** When a terminal DAG is due: after its time, or at once while too many jobs are kept. */
  private dueAt(seq: number): number {
    const { cell, cellRow, retired } = this.state;
    const { retainTerminalMs, retainTerminalJobs, retiredJobs } = cell.c;
    const most = retainTerminalJobs[cellRow] === 0 ? DEFAULT_RETAIN_JOBS : retainTerminalJobs[cellRow]! - 1;
    if (retiredJobs[cellRow]! > most) return 0;
    const keptMs = retainTerminalMs[cellRow] === 0 ? DEFAULT_RETAIN_MS : retainTerminalMs[cellRow]! - 1;
    return retired.c.atMs[retired.find(seq)]! + keptMs;
  }
}
