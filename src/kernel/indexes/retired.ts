import {
  DEFAULT_RETAIN_JOBS,
  DEFAULT_RETAIN_MS,
  MAX_FORGOTTEN_JOBS_PER_TURN,
  MAX_FORGOTTEN_PER_TURN,
} from '../limits.js';
import { limitOf } from '../rows/limit-field.js';
import type { State } from '../rows/state.js';

/**
 * Terminal DAGs in the order of their ends. Which are due to be forgotten follows from rows and the time alone; this
 * only remembers where the oldest was found.
 */
export class RetiredDags {
  private from = 1;
  private notBefore = 0;

  constructor(private readonly state: State) {}

  /**
   * Numbers of those that need not be kept any longer, oldest first, as many as one turn begins to forget: each whose
   * time is over, and while too many jobs are kept the oldest.
   */
  due(at: number): number[] {
    const { cell, cellRow, retired } = this.state;
    const last = cell.c.nextRetired[cellRow]!;
    const most = this.mostJobs();
    const found: number[] = [];
    let kept = cell.c.retiredJobs[cellRow]!;
    let jobs = 0;
    for (let seq = this.oldest(); seq <= last; seq++) {
      const row = retired.find(seq);
      // A gap is a DAG that was reopened or is gone.
      if (row === 0) continue;
      if (kept <= most && this.keptUntil(row) > at) break;
      found.push(seq);
      kept -= retired.c.jobs[row]!;
      jobs += retired.c.jobs[row]!;
      if (found.length === MAX_FORGOTTEN_PER_TURN || jobs >= MAX_FORGOTTEN_JOBS_PER_TURN) break;
    }
    return found;
  }

  /** When the oldest is due, infinity when there is none: for waking the loop, it decides nothing. */
  nextAt(): number {
    const { cell, cellRow, retired } = this.state;
    const row = retired.find(this.oldest());
    if (row === 0) return Number.POSITIVE_INFINITY;
    const dueAt = cell.c.retiredJobs[cellRow]! > this.mostJobs() ? 0 : this.keptUntil(row);
    return Math.max(this.notBefore, dueAt);
  }

  /** The oldest waits for its projections: the loop need not wake for it before this time. */
  wakeAgainAt(at: number): void {
    this.notBefore = at;
  }

  /** Number of the oldest; one that no DAG has when there is none. */
  private oldest(): number {
    const { cell, cellRow, retired } = this.state;
    const last = cell.c.nextRetired[cellRow]!;
    this.from = Math.max(this.from, cell.c.firstRetired[cellRow]! + 1);
    while (this.from <= last && retired.find(this.from) === 0) this.from += 1;
    return this.from;
  }

  private mostJobs(): number {
    const { cell, cellRow } = this.state;
    return limitOf(cell.c.retainTerminalJobs[cellRow]!, DEFAULT_RETAIN_JOBS);
  }

  private keptUntil(row: number): number {
    const { cell, cellRow, retired } = this.state;
    return retired.c.atMs[row]! + limitOf(cell.c.retainTerminalMs[cellRow]!, DEFAULT_RETAIN_MS);
  }
}
