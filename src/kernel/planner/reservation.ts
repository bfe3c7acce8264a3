/**
 * Reservations (policy.md: Jobs that need several slots): in each class at most one executor is kept for a job of
 * several slots that has waited for room. Who waits is the policy's word, when there will be room that of the estimates
 * of what runs.
 */

import { Code, Lane, LeaseState } from '../../catalogue/generated/codes.js';
import { competes } from '../evolve/flows.js';
import { slotsOf } from '../fold.js';
import { Placement } from '../indexes/placement.js';
import { DEFAULT_ESTIMATE_MS } from '../limits.js';
import type { OpenTurn } from '../open-turn.js';
import type { Choice } from '../policy/policy.js';
import { limitOf } from '../rows/limit-field.js';

/** The most slots that a job of the class may have and still start some day, as its executors and its limit are now. */
export function mostSlots(t: Pick<OpenTurn, 'state' | 'indexes'>, classSeq: number, cls: number): number {
  const largest = t.indexes.placement.largest(classSeq);
  return Math.min(largest, limitOf(t.state.classes.c.maxSlots[cls]!, largest));
}

/**
 * The job that has the reservation of a class, as a choice: in the lane in which it got it, if the policy has lanes.
 */
export function reservedChoice(t: Pick<OpenTurn, 'state' | 'indexes'>, cls: number, into: Choice): void {
  const { classes, dags, space } = t.state;
  const { reservedDag, reservedJob, reservedLane } = classes.c;
  into.dag = dags.find(reservedDag[cls]!);
  into.job = into.dag === 0 ? 0 : space.handle(into.dag, reservedJob[cls]!);
  into.flow = into.job === 0 ? 0 : t.indexes.heads.flow(into.job);
  into.lane = t.indexes.policy.hasLanes ? reservedLane[cls]! : Lane.regular;
}

/** Whether the job that has a reservation is ready, and its DAG is neither paused nor over. */
export function isReady(t: Pick<OpenTurn, 'state'>, { flow, dag }: Choice): boolean {
  return flow !== 0 && competes(t, dag);
}

const owner: Choice = { job: 0, flow: 0, dag: 0, lane: 0 };

/** Whether the class has a reservation that still stands; one that does not is ended. */
export function keepReservation(t: OpenTurn, classSeq: number, cls: number): boolean {
  const { classes, executors } = t.state;
  const executorSeq = classes.c.reservedExecutor[cls]!;
  if (executorSeq === 0) return false;
  reservedChoice(t, cls, owner);
  const isWaiting = isReady(t, owner);
  const slots = isWaiting ? slotsOf(t.state, owner.job) : 0;
  if (isWaiting && slots <= mostSlots(t, classSeq, cls)) {
    if (Placement.capacity(t.state, executors.find(executorSeq)) >= slots) return true;
    endReservation(t, classSeq, 'executor-gone');
  } else endReservation(t, classSeq, 'gone');
  return false;
}

/** Reserves the executor of the class on which there will be room for the job soonest. */
export function reserve(t: OpenTurn, classSeq: number, choice: Choice): void {
  const { executors } = t.state;
  const slots = slotsOf(t.state, choice.job);
  let best = 0;
  let bestAt = Number.POSITIVE_INFINITY;
  for (let executor = 1; executor < executors.table.high; executor++) {
    if (!executors.table.isLive(executor) || executors.c.class[executor] !== classSeq) continue;
    if (Placement.capacity(t.state, executor) < slots) continue;
    const at = freeAt(t, executor, slots);
    if (at > bestAt || (at === bestAt && executors.keyA[executor]! > executors.keyA[best]!)) continue;
    best = executor;
    bestAt = at;
  }
  if (best !== 0) keep(t, classSeq, choice, best, bestAt, choice.lane);
}

function keep(t: OpenTurn, classSeq: number, { dag, job }: Choice, executor: number, at: number, lane: number): void {
  const { dags, jobs, executors } = t.state;
  t.emit(Code.ReservationMade, {
    class: classSeq,
    dag: dags.keyA[dag]!,
    job: jobs.keyB[job]!,
    executor: executors.keyA[executor]!,
    reservedAtMs: at,
    lane,
  });
}

/**
 * The job that has the reservation has room on this executor, and waits for tokens only. Unless the one that is kept has
 * room too, this one is kept instead: the guard would pay for slots that nobody could have while the class waits.
 */
export function moveReservation(t: OpenTurn, classSeq: number, choice: Choice, executor: number): void {
  const { classes, executors } = t.state;
  const cls = classes.find(classSeq);
  const kept = executors.find(classes.c.reservedExecutor[cls]!);
  if (Placement.offered(t.state, kept) >= slotsOf(t.state, choice.job)) return;
  const lane = classes.c.reservedLane[cls]!;
  endReservation(t, classSeq, 'moved');
  keep(t, classSeq, choice, executor, t.at, lane);
}

/** Slots of a lease beside how far off its end is, in one number: the ends of an executor are sorted as such. */
const SLOTS = 2 ** 13;

/**
 * When so many slots of an executor will be free, by the estimates of what holds them. A lease has at most 1,024 slots,
 * or the executor's 4,096, and ends within 30 days: both of it fit in a number of 53 bits.
 */
function freeAt(t: OpenTurn, executor: number, slots: number): number {
  const { leases, executors } = t.state;
  const { reserved, reclaiming } = executors.c;
  // Of one that has fewer slots than before, so many leases may have to end before any is free: not `offered`.
  let free = Placement.capacity(t.state, executor) - reserved[executor]! - reclaiming[executor]!;
  const found: number[] = [];
  t.indexes.eachLease(executor, (lease) => {
    found.push((endOf(t, lease) - t.at) * SLOTS + leases.c.moreSlots[lease]! + 1);
  });
  const ends = Float64Array.from(found).sort((a, b) => a - b);
  let at = t.at;
  for (let i = 0; i < ends.length && free < slots; i++) {
    const own = ends[i]! % SLOTS;
    free += own;
    at = t.at + Math.floor(ends[i]! / SLOTS);
  }
  return at;
}

/** When the slots of a lease are expected to be free: by its estimate, or when nobody waits for an answer any more. */
function endOf(t: OpenTurn, lease: number): number {
  const { leases, dags, jobs, space } = t.state;
  if (leases.c.state[lease] === LeaseState.reclaiming) {
    return t.at + Math.max(0, leases.c.reclaimAtMs[lease]! - t.running);
  }
  const dag = dags.find(leases.c.dag[lease]!);
  const job = dag === 0 ? 0 : space.handle(dag, leases.c.job[lease]!);
  const estimateMs = job === 0 ? DEFAULT_ESTIMATE_MS : jobs.c.estimateMs[job]!;
  return Math.max(t.at, leases.c.reservedAtMs[lease]! + estimateMs);
}

/** Ends the reservation of a class. */
export function endReservation(
  t: OpenTurn,
  classSeq: number,
  reason: 'started' | 'gone' | 'executor-gone' | 'moved',
): void {
  const { classes } = t.state;
  const { reservedDag, reservedJob, reservedExecutor } = classes.c;
  const cls = classes.find(classSeq);
  t.emit(Code.ReservationEnded, {
    class: classSeq,
    dag: reservedDag[cls]!,
    job: reservedJob[cls]!,
    executor: reservedExecutor[cls]!,
    reason,
  });
}
