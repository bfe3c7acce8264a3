import type { DagRecord } from './records.js';

/** Deadlines of DAGs that a run has decided, how many of those were met, and those that it has not. */
export interface DeadlineReport {
  readonly decided: number;
  readonly met: number;
  /** Still to come when the run ended, and so are the ends of their DAGs. */
  readonly open: number;
}

/**
 * Counts deadlines: of a soft and a hard one of the same DAG the earlier. A
 * DAG that is still open when its deadline has passed has missed it.
 */
export function deadlineReport(dags: readonly DagRecord[], endAt: number): DeadlineReport {
  const report = { decided: 0, met: 0, open: 0 };
  for (const dag of dags) {
    const { deadlineAtMs } = dag;
    if (deadlineAtMs === null) continue;
    if (dag.endedAt === null && deadlineAtMs > endAt) report.open += 1;
    else report.decided += 1;
    if (dag.outcome === 'succeeded' && dag.endedAt! <= deadlineAtMs) report.met += 1;
  }
  return report;
}
