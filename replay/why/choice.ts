import type { JobRef } from '../../src/kernel/explain/index.js';
import type { Choice } from '../../src/kernel/policy/policy.js';
import type { ScratchFold } from '../scratch-fold.js';

/** The row of a job by the journal's numbers; 0 when its DAG is not there. */
export function rowOf({ state }: Pick<ScratchFold, 'state'>, { dag, job }: JobRef): number {
  const row = state.dags.find(dag);
  return row === 0 ? 0 : state.space.handle(row, job);
}

/** A ready job as the policy would propose it, in this lane; null: in that in which it competes. The fold must follow. */
export function choiceOf(fold: ScratchFold, ref: JobRef, lane: number | null): Choice {
  const { heads, policy } = fold.kernel.indexes;
  const job = rowOf(fold, ref);
  const flow = heads.flow(job);
  return { job, flow, dag: fold.state.space.dagOf[job]!, lane: lane ?? policy.laneOf(flow) };
}
