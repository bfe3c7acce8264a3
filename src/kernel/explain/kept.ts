/** Slots that are kept: for a job of several slots, for short work, by a limit, or until there are tokens. */
import { Shape } from '../../catalogue/generated/codes.js';
import { paidAt } from '../buckets.js';
import { shapeOf } from '../evolve/flows.js';
import { slotsOf } from '../fold.js';
import { MAX_DURATION_MS } from '../limits.js';
import { Placement } from '../placement.js';
import type { Choice, Room } from '../policy/policy.js';
import { longMayStart, longSlots } from '../policy/reserve.js';
import { firstOfFlow } from './ahead.js';
import type { Ahead, Blocked, JobRef } from './blocked.js';
import type { Scene } from './scene.js';

/** Slots are kept for it, or from it: a reservation, a limit, the reserve for short work. */
export function whyKept(scene: Scene, classSeq: number, job: number, slots: number): Blocked | null {
  const { state, indexes, at } = scene;
  const { classes, dags, jobs, space } = state;
  const { c } = classes;
  const cls = classes.find(classSeq);
  const reserved = reservationOf(scene, cls);
  if (reserved !== null && reserved.dag === dags.keyA[space.dagOf[job]!] && reserved.job === jobs.keyB[job]) {
    return { reason: 'waiting-for-reservation', executor: reserved.executor, expectedAtMs: c.reservedAtMs[cls]! };
  }
  const allowed = indexes.placement.allowed(cls);
  if (allowed < slots) {
    return { reason: 'class-limit', limit: c.maxSlots[cls]! - 1, inUse: c.reserved[cls]! + c.reclaiming[cls]! };
  }
  // What the limit leaves is all for that job: others would take it for ever.
  if (reserved !== null && allowed < reserved.slots) return besideWide(reserved, true, null);
  const free = indexes.placement.widest(classSeq);
  const isFree = free >= slots;
  const room: Room = { classSeq, cls, at, slots: Math.min(free, allowed), estimateMs: MAX_DURATION_MS };
  const unpaid = isFree ? whyUnpaid(scene, room) : null;
  if (unpaid !== null) return unpaid;
  const isBeside = !isFree && reserved !== null && reserved.free >= slots;
  if (!isFree && !isBeside) return null;
  const isLong = shapeOf(jobs.c.flags[job]!) === Shape.long && indexes.policy.hasReserve;
  if (isLong && !longMayStart(state, cls, at)) {
    return { reason: 'reserved-for-short-work', longRunning: c.longRunning[cls]!, allowed: longSlots(state, cls) };
  }
  return isBeside ? whyNotBeside(scene, room, reserved, job) : null;
}

/** Room is left only on the executor that is kept for a job of several slots: `backfill` in plan.ts says who may have it. */
function whyNotBeside(scene: Scene, room: Room, reserved: Reservation, job: number): Blocked {
  const { state, indexes, at } = scene;
  const leftMs = state.classes.c.reservedAtMs[room.cls]! - at;
  room.slots = Math.min(reserved.free, indexes.placement.allowed(room.cls));
  room.estimateMs = Math.floor((leftMs * 4) / 5);
  if (leftMs <= 0 || state.jobs.c.estimateMs[job]! > room.estimateMs) return besideWide(reserved, false, null);
  const first = firstOfFlow(scene, state.space.dagOf[job]!, job);
  if (first !== null) return besideWide(reserved, true, first.ahead);
  return whyUnpaid(scene, room) ?? { reason: 'turn-full' };
}

/** The job of several slots for which an executor of the class is kept, and that executor. */
interface Reservation extends JobRef {
  /** Slots that the job needs, and those that are free on the executor. */
  readonly slots: number;
  readonly free: number;
  readonly executor: number;
}

export function reservationOf({ state }: Scene, cls: number): Reservation | null {
  const { classes, dags, executors, space } = state;
  const { reservedExecutor, reservedDag, reservedJob } = classes.c;
  const executor = reservedExecutor[cls]!;
  if (executor === 0) return null;
  const dag = dags.find(reservedDag[cls]!);
  const row = dag === 0 ? 0 : space.handle(dag, reservedJob[cls]!);
  return {
    dag: reservedDag[cls]!,
    job: reservedJob[cls]!,
    slots: row === 0 ? 0 : slotsOf(state, row),
    free: Placement.offered(state, executors.find(executor)),
    executor,
  };
}

function besideWide({ dag, job, executor }: Reservation, endsInTime: boolean, ahead: Ahead | null): Blocked {
  return { reason: 'reserved-for-wide', job: { dag, job }, executor, endsInTime, ahead };
}

const head: Choice = { job: 0, flow: 0, dag: 0, lane: 0 };

/** The job that the class would start in a room has not enough tokens yet, and the class waits for it. */
function whyUnpaid({ state, indexes, at }: Scene, room: Room): Blocked | null {
  const { classes, jobs, dags } = state;
  if (classes.c.buckets[room.cls] === 0) return null;
  if (indexes.policy.peek(room, head) === null) return null;
  const units = jobs.c.units[head.job]!;
  const untilMs = paidAt(state, room.classSeq, units, at);
  if (untilMs <= at) return null;
  return { reason: 'rate-limited', untilMs, job: { dag: dags.keyA[head.dag]!, job: jobs.keyB[head.job]! }, units };
}
