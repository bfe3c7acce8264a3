/** Attempts that the scheduler gives up without a callback: the executor was lost, or they ran too long. */
import { Code, LeaseState } from '../../catalogue/generated/codes.js';
import { POISON_LOSSES } from '../limits.js';
import type { OpenTurn } from '../open-turn.js';
import { afterJobEnded } from './ended.js';
import { recallLease, releaseSlots } from './lease.js';
import { readyAgain } from './ready.js';
import { retryAt } from './retry.js';

/**
 * A lease that ended because its executor was lost: the job is run again, or fails as poison. `isFree`: its work has
 * stopped.
 */
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

/** An attempt that has run too long: the lease ends, the slots are reclaiming until the executor says it stopped. */
export function timeOut(t: OpenTurn, lease: number): void {
  const { leases, dags, jobs, space } = t.state;
  if (leases.c.state[lease] !== LeaseState.inForce) return;
  const dag = dags.find(leases.c.dag[lease]!);
  const job = space.handle(dag, leases.c.job[lease]!);
  const ref = { dag: dags.keyA[dag]!, job: jobs.keyB[job]!, attempt: jobs.c.attempt[job]!, token: leases.keyA[lease]! };
  const retryAtMs = retryAt(t, dag, job, ref, 'timed-out');
  t.emit(Code.JobTimedOut, { dag: ref.dag, job: ref.job, attempt: ref.attempt, final: retryAtMs < 0 });
  recallLease(t, job, 'timed-out');
  if (retryAtMs >= 0) t.emit(Code.RetryScheduled, { dag: ref.dag, job: ref.job, attempt: ref.attempt, retryAtMs });
  else afterJobEnded(t, dag, job);
}
