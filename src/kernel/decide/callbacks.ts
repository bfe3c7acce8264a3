/** Callbacks about an attempt: acknowledged, progressed, completed, failed, returned. */
import { Code } from '../../catalogue/generated/codes.js';
import type * as I from '../../catalogue/generated/types.js';
import { MAX_INLINE_OUTPUT_BYTES } from '../limits.js';
import type { OpenTurn } from '../open-turn.js';
import { afterJobEnded } from './ended.js';
import { attemptOf, endLease } from './lease.js';
import { readyAgain } from './ready.js';
import { refuse } from './refuse.js';
import { retryAt } from './retry.js';

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
  const retryAtMs = body.retryable ? retryAt(t, attempt.dag, attempt.job, body.lease, body.code) : -1;
  const { dag, job, attempt: number } = body.lease;
  t.emit(Code.JobFailed, { dag, job, attempt: number, code: body.code, final: retryAtMs < 0 });
  endLease(t, attempt.lease, 'failed');
  if (retryAtMs >= 0) t.emit(Code.RetryScheduled, { dag, job, attempt: number, retryAtMs });
  else afterJobEnded(t, attempt.dag, attempt.job);
}

/** Given back unfinished: the job is ready again, at its old place, and no attempt was used. */
export function returnJob(t: OpenTurn, body: I.ReturnJob): void {
  const attempt = attemptOf(t, body.lease, true);
  if (attempt === null) return;
  t.emit(Code.JobReleased, { dag: body.lease.dag, job: body.lease.job, reason: 'returned' });
  endLease(t, attempt.lease, 'returned');
  readyAgain(t, attempt.dag, attempt.job);
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
