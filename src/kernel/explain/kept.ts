/** Slots that are kept: for a job of several slots, for short work, by a limit, or until there are tokens. */
import { Shape } from '../../catalogue/generated/codes.js';
import { paidAt } from '../buckets.js';
import { hasReservation } from '../evolve/classes.js';
import { shapeOf } from '../evolve/flows.js';
import { slotsOf } from '../fold.js';
import { Placement } from '../indexes/placement.js';
import { MAX_DURATION_MS } from '../limits.js';
import { reservedChoice } from '../planner/reservation.js';
import { besideUntil, openRoom, roomBeside } from '../planner/room.js';
import type { Choice, Room } from '../policy/policy.js';
import { longMustWait, longSlots } from '../policy/reserve.js';
import { limitOf } from '../rows/limit-field.js';
import { firstForRoom, firstOfFlow, startsWithRoom } from './ahead.js';
import type { Ahead, Blocked, JobRef } from './blocked.js';
import type { Scene } from './scene.js';

type Unpaid = Extract<Blocked, { readonly reason: 'rate-limited' }>;

/** Slots are kept for it, or from it: a reservation, a limit, the reserve for short work. */
export function whyKept(scene: Scene, classSeq: number, job: number, slots: number): Blocked | null {
  const { state, indexes, at } = scene;
  const { classes, dags, jobs, space } = state;
  const { c } = classes;
  const cls = classes.find(classSeq);
  const reserved = reservationOf(scene, cls);
  const allowed = indexes.placement.allowed(cls);
  const free = indexes.placement.widest(classSeq);
  // Of one for which an executor is kept, only where that has room: until then it would not start whatever the limit.
  const waitsForRoom = mostFree(scene, classSeq, reserved) < slots;
  if (
    reserved !== null &&
    (allowed >= slots || waitsForRoom) &&
    hasReservation(state, cls, dags.keyA[space.dagOf[job]!]!, jobs.keyB[job]!)
  ) {
    // Where it has room already, it waits for tokens, and the class with it.
    const unpaid = hasRoom(scene, classSeq, cls, reserved)
      ? whyUnpaid(scene, openRoom(scene, classSeq, cls, emptyRoom()))
      : null;
    if (unpaid !== null) return unpaid;
    return { reason: 'waiting-for-reservation', executor: reserved.executor, expectedAtMs: c.reservedAtMs[cls]! };
  }
  if (allowed < slots) {
    const limit = limitOf(c.maxSlots[cls]!, 0);
    return { reason: 'class-limit', slots, limit, inUse: c.reserved[cls]! + c.reclaiming[cls]! };
  }
  // What the limit leaves is all for that job: others would take it for ever.
  if (reserved !== null && allowed < reserved.slots) return besideWide(reserved, true, null);
  const isFree = free >= slots;
  const room = openRoom(scene, classSeq, cls, emptyRoom());
  const unpaid = isFree ? whyUnpaid(scene, room) : null;
  if (unpaid !== null) return unpaid;
  const isBeside = !isFree && reserved !== null && reserved.free >= slots;
  const isLong = shapeOf(jobs.c.flags[job]!) === Shape.long && indexes.policy.hasLanes;
  // Also where nothing is free: it has no part in what the class starts next, unless the guard takes it.
  const isOpen = mostFree(scene, classSeq, reserved) >= slots;
  if (isLong && longMustWait(state, cls, at, isOpen) && !startsWithRoom(scene, classSeq, job)) {
    return { reason: 'reserved-for-short-work', longRunning: c.longRunning[cls]!, allowed: longSlots(state, cls) };
  }
  return isBeside ? whyNotBeside(scene, roomBeside(scene, classSeq, cls, room), reserved, job) : null;
}

/** Whether a job that needs so many slots may start on the executor of the class that is reserved for another. */
export function fitsBeside(scene: Scene, classSeq: number, job: number, slots: number): boolean {
  const cls = scene.state.classes.find(classSeq);
  if (scene.state.classes.c.reservedExecutor[cls] === 0) return false;
  const room = roomBeside(scene, classSeq, cls, emptyRoom());
  return slots <= room.slots && scene.state.jobs.c.estimateMs[job]! <= room.estimateMs;
}

/** Room is left only on the executor that is kept for a job of several slots. */
function whyNotBeside(scene: Scene, room: Room, reserved: Reservation, job: number): Blocked {
  const { state, indexes } = scene;
  if (state.jobs.c.estimateMs[job]! > room.estimateMs) return besideWide(reserved, false, null);
  const dag = state.space.dagOf[job]!;
  const first = firstOfFlow(scene, dag, job);
  if (first !== null) return besideWide(reserved, true, first.ahead);
  // What has room on another executor comes first, and while that waits for tokens the class does.
  const elsewhere = whyUnpaid(scene, openRoom(scene, room.classSeq, room.cls, emptyRoom()));
  if (elsewhere !== null) return elsewhere;
  const unpaid = whyUnpaid(scene, room);
  if (unpaid !== null) {
    if (!isPaidTooLate(scene, room, reserved, unpaid)) return unpaid;
    return head.job === job
      ? besideWide(reserved, false, null)
      : besideWide(reserved, true, firstForRoom(scene, room, dag, job));
  }
  if (indexes.policy.peek(room, head) !== null) return { reason: 'turn-full' };
  // Of each size only the flow that comes first is looked at, and that one takes too long.
  return besideWide(reserved, true, firstForRoom(scene, { ...room, estimateMs: MAX_DURATION_MS }, dag, job));
}

/** Whether `head`, which waits for tokens, would not end in time on the reserved executor any more once it has them. */
function isPaidTooLate({ state }: Scene, { cls }: Room, reserved: Reservation, { job, untilMs }: Unpaid): boolean {
  if (job.dag === reserved.dag && job.job === reserved.job) return false;
  return untilMs >= besideUntil(state, cls, state.jobs.c.estimateMs[head.job]!);
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

function emptyRoom(): Room {
  return { classSeq: 0, cls: 0, at: 0, slots: 0, estimateMs: 0, longEnds: 0 };
}

/** The most free slots of one executor of the class, the one that is reserved among them. */
export function mostFree({ indexes }: Scene, classSeq: number, reserved: Reservation | null): number {
  return Math.max(reserved?.free ?? 0, indexes.placement.widest(classSeq));
}

/** Whether a job that has a reservation has room now: it takes any executor, before all others. */
function hasRoom(scene: Scene, classSeq: number, cls: number, reserved: Reservation): boolean {
  const { slots } = reserved;
  return slots <= scene.indexes.placement.allowed(cls) && slots <= mostFree(scene, classSeq, reserved);
}

/** The job that the class would start next has not enough tokens yet, and the class waits for it. */
function whyUnpaid(scene: Scene, room: Room): Unpaid | null {
  const { state, indexes, at } = scene;
  const { classes, jobs, dags } = state;
  if (classes.c.buckets[room.cls] === 0) return null;
  const reserved = reservationOf(scene, room.cls);
  if (reserved !== null && hasRoom(scene, room.classSeq, room.cls, reserved)) reservedChoice(scene, room.cls, head);
  else if (room.slots === 0 || indexes.policy.peek(room, head) === null) return null;
  const units = jobs.c.units[head.job]!;
  const untilMs = paidAt(state, room.classSeq, units, at);
  if (untilMs <= at) return null;
  return { reason: 'rate-limited', untilMs, job: { dag: dags.keyA[head.dag]!, job: jobs.keyB[head.job]! }, units };
}
