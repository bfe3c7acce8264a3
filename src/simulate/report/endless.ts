/** What can never go on where a run ends with its time: told of though the run was not given up. */
import { DagState, JobState } from '../../catalogue/generated/codes.js';
import { slotsOf } from '../../kernel/fold.js';
import type { Kernel } from '../../kernel/kernel.js';
import { mostSlots } from '../../kernel/planner/reservation.js';
import { DagRule } from '../../kernel/rows/flags.js';
import { limitOf } from '../../kernel/rows/limit-field.js';
import type { VirtualCell } from '../cell/virtual-cell.js';
import type { PlanWorld } from '../load/plan-world.js';
import type { Recorder } from './records.js';

/** States of jobs to which nothing happens before something happens to another job or an answer comes. */
const STILL: ReadonlySet<number> = new Set([JobState.waiting, JobState.fannedOut, JobState.awaitingSignal]);

/**
 * Whether an open DAG, by its row, can never go on: a limit holds it that lets none through, a job of it has no room
 * anywhere, or it waits for nothing but signals. No change of executors comes after the end of the time, so that only
 * an input of a journal or a hard deadline could still end it.
 */
export function isEndless({ kernel, at }: VirtualCell, recorder: Recorder, world: PlanWorld, dag: number): boolean {
  const { dags } = kernel.state;
  const demotes = (dags.c.rules[dag]! & DagRule.demotes) !== 0;
  if (dags.c.hardDeadlineAtMs[dag] !== 0 && !demotes) return false;
  if (!isShutOut(kernel, dag) && !hasBarredJob(kernel, dag) && !isUnanswered(kernel, dag)) return false;
  return !world.tellsOf(recorder.submissionOf(dags.keyA[dag]!), at);
}

/** Whether a job of such a DAG, by its row, is what keeps it from going on; others of it may only wait for slots. */
export function isEndlessJob(kernel: Kernel, job: number): boolean {
  return kernel.state.jobs.c.state[job] === JobState.awaitingSignal || isBarred(kernel, job);
}

/** Held by a limit of its tenant that is 0: no end of another DAG makes room for it. */
function isShutOut({ state: { dags, tenants } }: Kernel, dag: number): boolean {
  if (dags.c.state[dag] !== DagState.held) return false;
  const tenant = tenants.find(dags.c.tenant[dag]!);
  const { maxActiveDags, maxRunnableJobs } = tenants.c;
  return limitOf(maxActiveDags[tenant]!, null) === 0 || limitOf(maxRunnableJobs[tenant]!, null) === 0;
}

function hasBarredJob(kernel: Kernel, dag: number): boolean {
  const { dags, space } = kernel.state;
  for (let index = 0; index < dags.c.jobsTotal[dag]!; index++) {
    const job = space.handle(dag, index);
    if (job !== 0 && isBarred(kernel, job)) return true;
  }
  return false;
}

/** Ready, and larger than any executor of its class or than all that the class may use. */
function isBarred({ state, indexes }: Kernel, job: number): boolean {
  const { classes, jobs } = state;
  if (jobs.c.state[job] !== JobState.ready) return false;
  const classSeq = jobs.c.class[job]!;
  return slotsOf(state, job) > mostSlots({ state, indexes }, classSeq, classes.find(classSeq));
}

/** Waits for nothing but signals: nothing that it has begun goes on. */
function isUnanswered({ state: { dags, jobs, space } }: Kernel, dag: number): boolean {
  let isAwaiting = false;
  for (let index = 0; index < dags.c.jobsTotal[dag]!; index++) {
    const job = space.handle(dag, index);
    const state = job === 0 ? JobState.succeeded : jobs.c.state[job]!;
    if (state < JobState.succeeded && !STILL.has(state)) return false;
    isAwaiting ||= state === JobState.awaitingSignal;
  }
  return isAwaiting;
}
