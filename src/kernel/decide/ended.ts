/** What follows the end of a job: jobs after it, its fan-out, the end of its DAG, and the release of held DAGs. */

import { CauseCode, Code, DagState, JobState } from '../../catalogue/generated/codes.js';
import type { Outcome } from '../../catalogue/generated/types.js';
import { OUTCOMES } from '../evolve/dags.js';
import { limitOf } from '../limit-field.js';
import { DEFAULT_ACTIVE_DAGS, DEFAULT_RUNNABLE_JOBS, INLINE_EDGES, MAX_EVENTS_PER_TURN } from '../limits.js';
import type { OpenTurn } from '../open-turn.js';
import type { State } from '../state.js';
import { DagRule, JobFlag } from '../tables.js';
import { readyFirst, readyIfPlain } from './ready.js';

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

/** Most held DAGs of a tenant that are released at once: the end of the turn releases more, and so do the next ones. */
const MAX_RELEASES = 16;

/** Releases held DAGs of a tenant, in order, as far as its limits allow. */
export function releaseHeld(t: OpenTurn, tenantSeq: number): void {
  for (let n = 0; n < MAX_RELEASES && t.events < MAX_EVENTS_PER_TURN; n++) {
    const dag = t.indexes.held.first(tenantSeq);
    if (dag === 0 || holdReason(t.state, tenantSeq) !== '') return;
    t.emit(Code.DagReleased, { dag: t.state.dags.keyA[dag]! });
    readyFirst(t, dag);
  }
}

/** Most tenants of which the end of a turn releases DAGs: the next turn goes on. */
const MAX_TENANTS = 64;

/**
 * Releases held DAGs of tenants that have come below their limits and still are: their ready jobs were dispatched, or more
 * was due than is released at once. Only who has something released counts: one that stays at its limits is in nobody's way.
 */
export function releaseDue(t: OpenTurn): void {
  t.cause = CauseCode.plan;
  t.input = null;
  let left = MAX_TENANTS;
  for (const tenant of t.indexes.held.due()) {
    if (left === 0 || t.events >= MAX_EVENTS_PER_TURN) return;
    if (holdReason(t.state, tenant) !== '') t.indexes.held.atLimit(tenant);
    else {
      releaseHeld(t, tenant);
      left -= 1;
    }
  }
}

/** Why a new DAG of the tenant is held; empty when it is not. Behind a held DAG it waits for its turn. */
export function heldFor(t: OpenTurn, tenantSeq: number): string {
  const reason = holdReason(t.state, tenantSeq);
  return reason === '' && t.indexes.held.first(tenantSeq) !== 0 ? 'held-before' : reason;
}

/** The limit for which a new DAG of the tenant would be held; empty when there is none. */
export function holdReason({ tenants }: State, tenantSeq: number): string {
  const tenant = tenants.find(tenantSeq);
  if (tenant === 0) return '';
  const { activeDags, runnableJobs, maxActiveDags, maxRunnableJobs } = tenants.c;
  if (activeDags[tenant]! >= limitOf(maxActiveDags[tenant]!, DEFAULT_ACTIVE_DAGS)) return 'active-dags';
  return runnableJobs[tenant]! >= limitOf(maxRunnableJobs[tenant]!, DEFAULT_RUNNABLE_JOBS) ? 'runnable-jobs' : '';
}
