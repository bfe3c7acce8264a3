import type { DagRecord } from './records.js';

/** Deadlines that a run has decided: those of DAGs that have ended, and those that passed before its end. */
export function decided(dags: readonly DagRecord[], endAt: number): readonly DagRecord[] {
  return dags.filter(({ submission: { deadlineAtMs }, endedAt }) => {
    return deadlineAtMs !== null && (endedAt !== null || deadlineAtMs < endAt);
  });
}

/** Whether a DAG with a deadline succeeded in time. */
export function isMet({ submission, endedAt, outcome }: DagRecord): boolean {
  return outcome === 'succeeded' && endedAt! <= submission.deadlineAtMs!;
}
