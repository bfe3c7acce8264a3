import type { JobSpec } from '../../catalogue/generated/types.js';
import type { OpenTurn } from '../open-turn.js';

/** The specification of a job; a child's is its fan-out's. */
export function specOf(t: OpenTurn, dagSeq: number, job: number): JobSpec {
  const { jobs } = t.state;
  const parent = jobs.c.parent[job]!;
  return t.coldView.spec(dagSeq).jobs[parent === 0 ? jobs.keyB[job]! : parent - 1]!;
}
