import { Code } from '../../src/catalogue/generated/codes.js';
import type { EventEntry, TurnRecord } from '../../src/catalogue/generated/types.js';
import type { JobRef } from '../../src/kernel/explain/index.js';
import type { Visitor } from '../fold.js';
import type { DagTurns } from './dag-index.js';
import type { FindJob } from './find-job.js';

/**
 * Whether a job has ended for good: it has no further attempt within this run of its DAG, and no run comes after it. Of a
 * DAG that is open for long most turns needn't be folded then.
 */
export class LastEnd implements Visitor {
  #hasEnded = false;
  #isLastRun: boolean;

  constructor(
    private readonly target: Pick<FindJob, 'dag' | 'job'>,
    private readonly turns: DagTurns,
  ) {
    this.#isLastRun = turns.reopened === null;
  }

  isDone(): boolean {
    return this.#isLastRun && this.#hasEnded;
  }

  event(entry: EventEntry, { turn }: TurnRecord): void {
    switch (entry.code) {
      case Code.DagReopened:
        if (entry.body.dag !== this.target.dag) return;
        // What had ended before may run again.
        this.#hasEnded = false;
        this.#isLastRun = turn === this.turns.reopened;
        return;
      case Code.JobFailed:
      case Code.JobTimedOut:
        if (entry.body.final) this.#ended(entry.body);
        return;
      case Code.JobSucceeded:
      case Code.JobCancelled:
      case Code.JobSkipped:
        this.#ended(entry.body);
        return;
      default:
    }
  }

  #ended({ dag, job }: JobRef): void {
    if (dag === this.target.dag && job === this.target.job) this.#hasEnded = true;
  }
}
