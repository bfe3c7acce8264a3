/** Leases: which one a callback means, and how the scheduler ends one. */
import { Code, JobState, LeaseState } from '../../catalogue/generated/codes.js';
import type { LeaseRef } from '../../catalogue/generated/types.js';
import { terminalDigest } from '../evolve/jobs.js';
import type { OpenTurn } from '../open-turn.js';
import { refuse, repeatCallback } from './refuse.js';

/** The attempt that a callback is about. */
export interface Attempt {
  readonly dag: number;
  readonly job: number;
  readonly lease: number;
}

/**
 * The attempt whose lease is in force and that the callback names; null when the callback does not count for a job.
 * Then its refusal, or its being a repeat, is recorded; and a terminal callback frees slots that are reclaiming.
 */
export function attemptOf(t: OpenTurn, ref: LeaseRef, isTerminal: boolean): Attempt | null {
  const { dags, jobs, leases, space } = t.state;
  const dag = dags.find(ref.dag);
  const job = dag === 0 ? 0 : space.handle(dag, ref.job);
  const lease = leases.find(ref.token);
  const isNamed = job !== 0 && jobs.c.token[job] === ref.token && jobs.c.attempt[job] === ref.attempt;
  if (isNamed && lease !== 0 && leases.c.state[lease] === LeaseState.inForce) return { dag, job, lease };
  if (isTerminal && job !== 0 && isRepeat(t, job, ref)) {
    repeatCallback(t, ref.dag);
    if (lease !== 0 && isReclaiming(t, lease, ref)) releaseSlots(t, lease);
    return null;
  }
  const detail = lease === 0 ? 'there is no lease with this token' : 'the lease with this token is over';
  refuse(t, 'stale-token', '/token', detail, dagOfToken(t, lease, ref.dag));
  if (isTerminal && lease !== 0 && isReclaiming(t, lease, ref)) releaseSlots(t, lease);
  return null;
}

/**
 * Whether the token's slots are reclaiming; of work that a registration reported, its name is what the executor said.
 */
function isReclaiming(t: OpenTurn, lease: number, ref: LeaseRef): boolean {
  const { state, dag, job } = t.state.leases.c;
  if (state[lease] !== LeaseState.reclaiming) return false;
  return dag[lease] === 0 || (dag[lease] === ref.dag && job[lease] === ref.job);
}

/** The DAG that a refused callback is about, as far as that is known without its row; -1 when it is not. */
function dagOfToken(t: OpenTurn, lease: number, named: number): number {
  const { leases, cell, cellRow } = t.state;
  if (lease !== 0 && leases.c.dag[lease] !== 0) return leases.c.dag[lease]!;
  return named >= 1 && named <= cell.c.nextDag[cellRow]! ? named : -1;
}

function isRepeat(t: OpenTurn, job: number, ref: LeaseRef): boolean {
  const { token, digest } = t.state.jobs.c;
  return token[job] === ref.token && t.input !== null && digest[job] === terminalDigest(t.input);
}

/** The slots of a lease are free: its work has stopped. */
export function releaseSlots(t: OpenTurn, lease: number): void {
  const { leases } = t.state;
  const occupancyMs = t.at - leases.c.reservedAtMs[lease]!;
  t.emit(Code.SlotReleased, { token: leases.keyA[lease]!, slots: leases.c.moreSlots[lease]! + 1, occupancyMs });
}

/** Ends a lease by its terminal callback: the work has stopped. */
export function endLease(t: OpenTurn, lease: number, reason: string): void {
  t.emit(Code.LeaseReleased, { token: t.state.leases.keyA[lease]!, reason });
  releaseSlots(t, lease);
}

/** Ends the lease of a dispatched job from here: the work may still run, so its slots are reclaiming. */
export function recallLease(t: OpenTurn, job: number, reason: string): void {
  const { jobs, leases } = t.state;
  const token = jobs.c.token[job]!;
  const lease = leases.find(token);
  if (lease === 0 || leases.c.state[lease] !== LeaseState.inForce) return;
  t.emit(Code.LeaseReleased, { token, reason });
  t.emit(Code.SlotReclaiming, { token });
}

/** Whether an executor has, or is about to have, the job. */
export function isDispatched(t: OpenTurn, job: number): boolean {
  const jobState = t.state.jobs.c.state[job];
  return jobState === JobState.dispatched || jobState === JobState.running;
}
