/** Whether a goal of latency is out of reach for any number of slots. */

import { START_MS } from '../cell/virtual-cell.js';
import type { PlanRun } from '../run-plan.js';
import { heldMs } from './holds.js';
import type { DagRecord } from './records.js';
import { percentile } from './spread.js';

/**
 * Whether the run times of jobs alone take DAGs past the latency of the plan's goal. Without all waits of its jobs, and
 * what limits of its tenant held it, a DAG would have ended earlier by no more than these come to; what is then left of its
 * time no slot takes away. Of one that had not ended nothing is known. Under load the waits hide it; the more slots a run
 * has, the surer it tells.
 */
export function exceedsByRunTimes({ plan: { goal }, recorder, endMs }: PlanRun): boolean {
  if (goal?.latency === undefined) return false;
  const waitedMs = new Map<DagRecord, number>();
  for (const { dag, readyAt, dispatchedAt } of recorder.attempts) {
    waitedMs.set(dag, (waitedMs.get(dag) ?? 0) + dispatchedAt - readyAt);
  }
  const leastMs = (dag: DagRecord): number => {
    if (dag.endedAt === null || dag.outcome === 'cancelled' || dag.hardEnded) return 0;
    return dag.endedAt - dag.acceptedAt - (waitedMs.get(dag) ?? 0) - heldMs(dag, START_MS + endMs);
  };
  const about = recorder.dags.filter(({ submission }) => goal.name === undefined || submission.name === goal.name);
  return about.length > 0 && percentile(Float64Array.from(about, leastMs).sort(), 0.99) > goal.latency;
}
