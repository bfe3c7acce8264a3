/** DAGs that wait for signals for ever: told of where a run ends with its time, though it was not given up. */
import { JobState } from '../catalogue/generated/codes.js';
import { DagRule } from '../kernel/tables.js';
import type { PlanWorld } from './plan-world.js';
import type { Recorder } from './records.js';
import type { VirtualCell } from './virtual-cell.js';

/** States of jobs to which nothing happens before something happens to another job or an answer comes. */
const STILL: ReadonlySet<number> = new Set([JobState.waiting, JobState.fannedOut, JobState.awaitingSignal]);

/**
 * Whether an open DAG, by its row, waits for nothing but signals, and nothing will end it: no answer or other input is
 * to come, and no hard deadline.
 */
export function isUnanswered({ kernel, at }: VirtualCell, recorder: Recorder, world: PlanWorld, dag: number): boolean {
  const { dags, jobs, space } = kernel.state;
  const demotes = (dags.c.rules[dag]! & DagRule.demotes) !== 0;
  if (dags.c.hardDeadlineAtMs[dag] !== 0 && !demotes) return false;
  let isAwaiting = false;
  for (let index = 0; index < dags.c.jobsTotal[dag]!; index++) {
    const job = space.handle(dag, index);
    const state = job === 0 ? JobState.succeeded : jobs.c.state[job]!;
    if (state < JobState.succeeded && !STILL.has(state)) return false;
    isAwaiting ||= state === JobState.awaitingSignal;
  }
  return isAwaiting && !world.tellsOf(recorder.submissionOf(dags.keyA[dag]!), at);
}
