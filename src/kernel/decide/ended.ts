/** The end of a job by the scheduler, and what follows any end: jobs after it, its fan-out, the end of its DAG. */

import { Code, DagState, JobState } from '../../catalogue/generated/codes.js';
import type { Outcome } from '../../catalogue/generated/types.js';
import { OUTCOMES } from '../evolve/dags.js';
import { INLINE_EDGES } from '../limits.js';
import type { OpenTurn } from '../open-turn.js';
import { DagRule, JobFlag } from '../rows/flags.js';
import { releaseHeld } from './admission.js';
import { isDispatched, recallLease } from './lease.js';
import { readyIfPlain } from './ready.js';

/** Ends a job that may be waiting, ready, or with an executor. */
export function endByScheduler(t: OpenTurn, dag: number, job: number, reason: string): void {
  const { jobs, dags } = t.state;
  const wasDispatched = isDispatched(t, job);
  t.emit(Code.JobCancelled, { dag: dags.keyA[dag]!, job: jobs.keyB[job]!, reason });
  if (wasDispatched) recallLease(t, job, reason === 'cancelled' ? 'cancelled' : 'dag-ended');
}

/** Call after the terminal event of a job. */
export function afterJobEnded(t: OpenTurn, dag: number, job: number): void {
  const { jobs, space, dags } = t.state;
  const degree = space.degree(job);
  if (degree > 0 && degree <= INLINE_EDGES && dags.c.state[dag] === DagState.open) {
    for (let n = 0; n < degree; n++) readyIfPlain(t, dag, space.handle(dag, space.target(job, n)));
  }
  const parent = jobs.c.parent[job]!;
  if (parent !== 0) endFanOut(t, dag, space.handle(dag, parent - 1));
  if (jobs.c.state[job] === JobState.failed && endsDag(t, dag, job)) {
    beginEnding(t, dag, 'failed', 'job-failed', jobs.keyB[job]!);
  }
  endDagIfDone(t, dag);
}

/** Whether the job's failure ends its DAG at once: under fail-fast, if it counts. */
function endsDag(t: OpenTurn, dag: number, job: number): boolean {
  const { jobs, dags } = t.state;
  if (dags.c.state[dag] !== DagState.open || (dags.c.rules[dag]! & DagRule.continues) !== 0) return false;
  return (jobs.c.flags[job]! & (JobFlag.optional | JobFlag.child)) === 0;
}

/** Ends a fan-out whose children have all been made and have all ended, or of which too many failed. */
export function endFanOut(t: OpenTurn, dag: number, parent: number): void {
  const { jobs, fans } = t.state;
  if (jobs.c.state[parent] !== JobState.fannedOut) return;
  const fan = fans.find(jobs.keyA[parent]!, jobs.keyB[parent]!);
  const bad = jobs.c.bad[parent]!;
  const isTooBad = bad > fans.c.tolerate[fan]!;
  const isDone = jobs.c.left[parent] === 0;
  const failsNow = isTooBad && endsDag(t, dag, parent);
  if (!isDone && !failsNow) return;
  const names = { dag: jobs.keyA[parent]!, job: jobs.keyB[parent]!, attempt: 0 };
  if (isTooBad) t.emit(Code.JobFailed, { ...names, code: 'children-failed', final: true });
  else t.emit(Code.JobSucceeded, names);
  afterJobEnded(t, dag, parent);
}

/** The first event of an ending: the DAG's flows leave the frontier at once, a cursor ends its jobs. */
export function beginEnding(t: OpenTurn, dag: number, outcome: Outcome, code: string, job: number): void {
  t.emit(Code.DagEnding, { dag: t.state.dags.keyA[dag]!, outcome, code, job });
}

/** The terminal event follows the DAG's last job and its last cursor: nothing of it is left that could emit. */
export function endDagIfDone(t: OpenTurn, dag: number): void {
  const { dags } = t.state;
  const dagState = dags.c.state[dag]!;
  if (dags.c.jobsLeft[dag] !== 0 || (dagState !== DagState.open && dagState !== DagState.ending)) return;
  if (dags.c.cursors[dag] !== 0) return;
  const seq = dags.keyA[dag]!;
  const outcome =
    dagState === DagState.ending
      ? OUTCOMES[dags.c.outcome[dag]!]
      : dags.c.jobsFailed[dag] === 0
        ? 'succeeded'
        : 'failed';
  const tenant = dags.c.tenant[dag]!;
  if (outcome === 'succeeded') t.emit(Code.DagSucceeded, { dag: seq });
  else if (outcome === 'cancelled') t.emit(Code.DagCancelled, { dag: seq });
  else t.emit(Code.DagFailed, { dag: seq, code: dags.c.code[dag] || 'job-failed' });
  releaseHeld(t, tenant);
}
