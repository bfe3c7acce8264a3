import { Code, DagState, JobState, LeaseState } from '../../catalogue/generated/codes.js';
import type * as I from '../../catalogue/generated/types.js';
import { MAX_INLINE_OUTPUT_BYTES, POISON_LOSSES } from '../limits.js';
import type { OpenTurn } from '../open-turn.js';
import { afterJobEnded } from './ended.js';
import { attemptOf, endLease, recallLease, releaseSlots, retryAt } from './lease.js';
import { readyJob } from './ready.js';
import { refuse } from './refuse.js';

export function completeJob(t: OpenTurn, body: I.CompleteJob): void {
  const attempt = attemptOf(t, body.lease, true);
  if (attempt === null) return;
  if (body.output !== null && body.output.length > MAX_INLINE_OUTPUT_BYTES) {
    return refuse(
      t,
      'payload-too-large',
      '/output',
      `more than ${MAX_INLINE_OUTPUT_BYTES} bytes: store it as a blob`,
      body.lease.dag,
    );
  }
  const { dag, job, attempt: number } = body.lease;
  t.emit(Code.JobSucceeded, { dag, job, attempt: number });
  endLease(t, attempt.lease, 'completed');
  afterJobEnded(t, attempt.dag, attempt.job);
}

export function failJob(t: OpenTurn, body: I.FailJob): void {
  const attempt = attemptOf(t, body.lease, true);
  if (attempt === null) return;
  const retryAtMs = body.retryable ? nextAttempt(t, attempt.dag, attempt.job, body.lease, body.code) : -1;
  const { dag, job, attempt: number } = body.lease;
  t.emit(Code.JobFailed, { dag, job, attempt: number, code: body.code, final: retryAtMs < 0 });
  endLease(t, attempt.lease, 'failed');
  if (retryAtMs >= 0) t.emit(Code.RetryScheduled, { dag, job, attempt: number, retryAtMs });
  else afterJobEnded(t, attempt.dag, attempt.job);
}

/** When the job is tried again after a failure of this attempt; -1: it is not. */
export function nextAttempt(t: OpenTurn, dag: number, job: number, ref: I.LeaseRef, code: string): number {
  const { dags, jobs } = t.state;
  if (dags.c.state[dag] !== DagState.open) return -1;
  const { retry } = specOf(t, ref.dag, job);
  if (retry === null || retry.nonRetryable.includes(code)) return -1;
  const failures = jobs.c.failures[job]! + 1;
  return failures >= retry.maxAttempts ? -1 : retryAt(t, ref, failures, retry.baseMs, retry.maxMs);
}

/** The specification of a job; a child's is its fan-out's. */
export function specOf(t: OpenTurn, dagSeq: number, job: number): I.JobSpec {
  const { jobs } = t.state;
  const parent = jobs.c.parent[job]!;
  return t.coldView.spec(dagSeq).jobs[parent === 0 ? jobs.keyB[job]! : parent - 1]!;
}

/** Given back unfinished: the job is ready again, at its old place, and no attempt was used. */
export function returnJob(t: OpenTurn, body: I.ReturnJob): void {
  const attempt = attemptOf(t, body.lease, true);
  if (attempt === null) return;
  t.emit(Code.JobReleased, { dag: body.lease.dag, job: body.lease.job, reason: 'returned' });
  endLease(t, attempt.lease, 'returned');
  readyAgain(t, attempt.dag, attempt.job);
}

/** A released job goes back to the frontier, unless its DAG is ending: then the cursor that ends the DAG takes it. */
function readyAgain(t: OpenTurn, dag: number, job: number): void {
  const { dags, jobs } = t.state;
  if (dags.c.state[dag] === DagState.open && jobs.c.state[job] === JobState.waiting) readyJob(t, dag, job);
}

/** A lease that ended because its executor was lost: the job is run again, or fails as poison. */
export function releaseLost(t: OpenTurn, lease: number, isFree: boolean): void {
  const { leases, dags, jobs, space } = t.state;
  const token = leases.keyA[lease]!;
  const dagSeq = leases.c.dag[lease]!;
  const index = leases.c.job[lease]!;
  const dag = dags.find(dagSeq);
  const job = space.handle(dag, index);
  t.emit(Code.LeaseExpired, { token });
  const isPoison = jobs.c.lost[job]! + 1 >= POISON_LOSSES;
  if (isPoison)
    t.emit(Code.JobFailed, { dag: dagSeq, job: index, attempt: jobs.c.attempt[job]!, code: 'poison', final: true });
  else t.emit(Code.JobReleased, { dag: dagSeq, job: index, reason: 'executor-lost' });
  if (isFree) releaseSlots(t, lease);
  else t.emit(Code.SlotReclaiming, { token });
  if (isPoison) afterJobEnded(t, dag, job);
  else readyAgain(t, dag, job);
}

export function acknowledgeDispatch(t: OpenTurn, body: I.AcknowledgeDispatch): void {
  const attempt = attemptOf(t, body.lease, false);
  if (attempt === null || t.state.leases.c.acknowledged[attempt.lease] !== 0) return;
  t.emit(Code.DispatchAcknowledged, { token: body.lease.token });
}

export function reportProgress(t: OpenTurn, body: I.ReportProgress): void {
  if (body.permille < 0 || body.permille > 1000) {
    return refuse(t, 'invalid-progress', '/permille', `${body.permille} is outside 0 to 1000`, body.lease.dag);
  }
  if (attemptOf(t, body.lease, false) === null) return;
  t.emit(Code.JobProgressed, { dag: body.lease.dag, job: body.lease.job, permille: body.permille });
}

/** An attempt that has run too long: the lease ends, the slots are reclaiming until the executor says it stopped. */
export function timeOut(t: OpenTurn, lease: number): void {
  const { leases, dags, jobs, space } = t.state;
  if (leases.c.state[lease] !== LeaseState.inForce) return;
  const dag = dags.find(leases.c.dag[lease]!);
  const job = space.handle(dag, leases.c.job[lease]!);
  const ref = { dag: dags.keyA[dag]!, job: jobs.keyB[job]!, attempt: jobs.c.attempt[job]!, token: leases.keyA[lease]! };
  const retryAtMs = nextAttempt(t, dag, job, ref, 'timed-out');
  t.emit(Code.JobTimedOut, { dag: ref.dag, job: ref.job, attempt: ref.attempt, final: retryAtMs < 0 });
  recallLease(t, job, 'timed-out');
  if (retryAtMs >= 0) t.emit(Code.RetryScheduled, { dag: ref.dag, job: ref.job, attempt: ref.attempt, retryAtMs });
  else afterJobEnded(t, dag, job);
}
