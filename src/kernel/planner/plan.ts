/** `plan`: the policy proposes, the kernel turns proposals into events, until no class with a free slot has work. */

import { CauseCode, Code, EvidenceField, Lane } from '../../catalogue/generated/codes.js';
import type { Deadline } from '../../catalogue/generated/types.js';
import { paidAt } from '../buckets.js';
import { deadlineOf } from '../decide/ready.js';
import { hasReservation } from '../evolve/classes.js';
import { chargeOf } from '../evolve/flows.js';
import { slotsOfReady } from '../fold.js';
import { Placement } from '../indexes/placement.js';
import { MAX_EVENTS_PER_TURN } from '../limits.js';
import type { OpenTurn } from '../open-turn.js';
import type { Choice, Difference, Room } from '../policy/policy.js';
import { WIDE_AFTER_MS } from '../policy/sizes.js';
import { tagKey } from '../rows/keys.js';
import { endReservation, keepReservation, mostSlots, moveReservation, reserve, reservedChoice } from './reservation.js';
import { besideUntil, openRoom, roomBeside } from './room.js';
import { volumeWithout } from './volume.js';

/** Events of one dispatch: lease, slot, dispatch; and a reservation that ends with it and passes to another job. */
const EVENTS_PER_DISPATCH = 5;

/** Dispatches what can be dispatched, class by class in the order of their sequence numbers. */
export function plan(t: OpenTurn): void {
  const { cell, cellRow } = t.state;
  t.cause = CauseCode.plan;
  t.input = null;
  const last = cell.c.nextClass[cellRow]!;
  let before: number;
  // Where the order follows what starts, what starts in one class may put another job first in one planned before it,
  // and for that one there may be tokens, or room beside a reservation.
  do {
    before = t.events;
    t.planAgainAt = Number.POSITIVE_INFINITY;
    for (let classSeq = 1; classSeq <= last && !t.full; classSeq++) planClass(t, classSeq);
  } while (t.indexes.policy.followsService && t.events > before && !t.full);
}

const winner: Choice = { job: 0, flow: 0, dag: 0, lane: 0 };
const runnerUp: Choice = { job: 0, flow: 0, dag: 0, lane: 0 };
const room: Room = { classSeq: 0, cls: 0, at: 0, slots: 0, estimateMs: 0, longEnds: 0 };

function planClass(t: OpenTurn, classSeq: number): void {
  const { classes } = t.state;
  const cls = classes.find(classSeq);
  if (classes.c.ready[cls] === 0 && classes.c.reservedExecutor[cls] === 0) return;
  while (reserveIfDue(t, classSeq, cls) && classes.c.ready[cls]! > 0) {
    const executor = next(t, classSeq, cls);
    if (executor === 0) return planAgainInTime(t, classSeq, cls);
    if (!hasRoom(t)) return;
    if (!isPaid(t, classSeq, cls, executor)) {
      if (isReserved(t, cls)) moveReservation(t, classSeq, winner, executor);
      return planAgainInTime(t, classSeq, cls);
    }
    dispatch(t, classSeq, cls, executor);
    if (isReserved(t, cls)) endReservation(t, classSeq, 'started');
  }
}

/** Whether the turn has room for another dispatch; if not, it is full. */
function hasRoom(t: OpenTurn): boolean {
  if (t.events + EVENTS_PER_DISPATCH <= MAX_EVENTS_PER_TURN) return true;
  t.full = true;
  return false;
}

/**
 * Whether the buckets of the class have what the winner needs. Until they have, the class waits for it: passing it over
 * would starve jobs of many units.
 */
function isPaid(t: OpenTurn, classSeq: number, cls: number, executor: number): boolean {
  const { classes, jobs } = t.state;
  if (classes.c.buckets[cls] === 0) return true;
  const at = paidAt(t.state, classSeq, jobs.c.units[winner.job]!, t.at);
  if (at <= t.at) return true;
  planAgain(t, at);
  if (isBackfill(t, cls, executor)) planAgain(t, besideUntil(t.state, cls, jobs.c.estimateMs[winner.job]!));
  return false;
}

/** Whether the winner would have the executor that is reserved for another job. */
function isBackfill(t: OpenTurn, cls: number, executor: number): boolean {
  const { classes, executors } = t.state;
  return classes.c.reservedExecutor[cls] === executors.keyA[executor] && !isReserved(t, cls);
}

/** Notes that time alone changes what the plan would do at this moment. */
function planAgain(t: OpenTurn, at: number): void {
  t.planAgainAt = Math.min(t.planAgainAt, at);
}

/** Whether the winner is the job for which an executor is reserved. */
function isReserved(t: OpenTurn, cls: number): boolean {
  const { dags, jobs } = t.state;
  return hasReservation(t.state, cls, dags.keyA[winner.dag]!, jobs.keyB[winner.job]!);
}

/**
 * Ends a reservation that has no point any more, and makes one for a job that comes first of all, has no room and has
 * waited; false: the turn is full. A job that others come before is not passed over: were an executor kept for it, they
 * would wait for what comes after them.
 */
function reserveIfDue(t: OpenTurn, classSeq: number, cls: number): boolean {
  if (t.state.classes.c.reservedExecutor[cls] !== 0 && !hasRoom(t)) return false;
  if (keepReservation(t, classSeq, cls)) return true;
  openRoom(t, classSeq, cls, room);
  if (room.slots === 0 || !isPassedOver(t, mostSlots(t, classSeq, cls))) return true;
  if (!hasRoom(t)) return false;
  reserve(t, classSeq, winner);
  return true;
}

/** Whether the job that comes first of all, then in `winner`, needs more slots than are free and has waited for them. */
function isPassedOver(t: OpenTurn, most: number): boolean {
  const { policy } = t.indexes;
  if (!policy.hasUnfit(room, most)) return false;
  const free = room.slots;
  room.slots = most;
  const first = policy.peek(room, winner);
  room.slots = free;
  if (first === null || slotsOfReady(t.state, first.job) <= free) return false;
  return first.lane === Lane.guard || t.state.jobs.c.readyAtMs[first.job]! + WIDE_AFTER_MS <= t.at;
}

/** The next job to start, in `winner`, and the executor that it gets; 0 when there is none. */
function next(t: OpenTurn, classSeq: number, cls: number): number {
  const { placement, policy } = t.indexes;
  const hasReserved = t.state.classes.c.reservedExecutor[cls] !== 0;
  if (hasReserved) {
    reservedChoice(t, cls, winner);
    const slots = slotsOfReady(t.state, winner.job);
    // What others took of the limit would never be enough for it.
    if (placement.allowed(cls) < slots) return 0;
    const executor = placement.choose(classSeq, slots) || reservedIfFree(t, cls, slots);
    if (executor !== 0) {
      openRoom(t, classSeq, cls, room);
      room.slots = Math.max(room.slots, slots);
      return executor;
    }
    openRoom(t, classSeq, cls, room);
  }
  // Without a reservation `reserveIfDue` has just opened the room.
  if (room.slots > 0) {
    if (policy.peek(room, winner) !== null) return placement.choose(classSeq, slotsOfReady(t.state, winner.job));
  }
  return hasReserved ? besideReserved(t, classSeq, cls) : 0;
}

/** The reserved executor, when so many of its slots are free. */
function reservedIfFree(t: OpenTurn, cls: number, slots: number): number {
  const { classes, executors } = t.state;
  const executor = executors.find(classes.c.reservedExecutor[cls]!);
  return Placement.offered(t.state, executor) >= slots ? executor : 0;
}

/** A job that will have ended on the reserved executor before that is needed; gives that executor. */
function besideReserved(t: OpenTurn, classSeq: number, cls: number): number {
  const { classes, executors } = t.state;
  if (roomBeside(t, classSeq, cls, room).slots === 0) return 0;
  if (t.indexes.policy.peek(room, winner) === null) return 0;
  return executors.find(classes.c.reservedExecutor[cls]!);
}

/** Notes when time alone will start what waits although slots are free, on any executor or on the reserved one. */
function planAgainInTime(t: OpenTurn, classSeq: number, cls: number): void {
  const { policy } = t.indexes;
  const most = mostSlots(t, classSeq, cls);
  if (openRoom(t, classSeq, cls, room).slots > 0) planAgain(t, policy.nextAt(room, most));
  if (t.state.classes.c.reservedExecutor[cls] === 0) return;
  if (roomBeside(t, classSeq, cls, room).slots > 0) planAgain(t, policy.nextAt(room, most));
}

function dispatch(t: OpenTurn, classSeq: number, cls: number, executor: number): void {
  const { state, indexes } = t;
  const { jobs, dags, tags, executors, flows, cell, cellRow } = state;
  const { job, dag, lane, flow } = winner;
  const priority = dags.c.priority[dag]!;
  const slots = slotsOfReady(state, job);
  const need = flows.c.needMs[flow]!;
  indexes.removeJob(job, flow);
  const second = indexes.policy.peek(room, runnerUp);
  const holdsReservation = isReserved(t, cls);
  const difference = differenceOf(t, second, holdsReservation);
  if (second !== null) indexes.prefetch.runnerUp(second);
  const tag = tags.find(tagKey(classSeq, priority), dags.c.tenant[dag]!);
  const executorSeq = executors.keyA[executor]!;
  const backfill = isBackfill(t, cls, executor);
  const token = cell.c.nextToken[cellRow]! + 1;
  const dagSeq = dags.keyA[dag]!;
  const index = jobs.keyB[job]!;
  const deadline = deadlineAfter(t, dag, job, flow);
  t.emit(Code.LeaseGranted, {
    token,
    dag: dagSeq,
    job: index,
    attempt: jobs.c.attempt[job]! + 1,
    executor: executorSeq,
  });
  t.emit(Code.SlotReserved, { token, executor: executorSeq, slots });
  const evidence = {
    lane,
    cost: chargeOf(state, job),
    priority,
    tenantTag: tags.c.tag[tag]!,
    dagFinish: dags.c.dagFinish[dag]!,
    rank: lane === Lane.urgent ? need : jobs.c.rank[job]!,
    freeAfter: indexes.placement.free(classSeq, cls),
    runnerUpDag: second === null ? -1 : dags.keyA[second.dag]!,
    runnerUpJob: second === null ? -1 : jobs.keyB[second.job]!,
    decidedBy: difference.field,
    runnerUpValue: difference.value,
    backfill,
  };
  t.emit(Code.JobDispatched, { token, dag: dagSeq, job: index, evidence, deadline });
}

const NO_DIFFERENCE: Difference = { field: EvidenceField.none, value: 0 };
const BY_RESERVATION: Difference = { field: EvidenceField.reservation, value: 0 };

/** Why the winner starts before the runner-up: who has a reservation is compared with nobody. */
function differenceOf(t: OpenTurn, second: Choice | null, holdsReservation: boolean): Difference {
  if (second === null) return NO_DIFFERENCE;
  return holdsReservation ? BY_RESERVATION : t.indexes.policy.compare(winner, second);
}

/** The deadline of the flow that the job leaves; null when the DAG has none, or the flow ends with it. */
function deadlineAfter(t: OpenTurn, dag: number, job: number, flow: number): Deadline | null {
  const { dags } = t.state;
  if (dags.c.deadlineAtMs[dag] === 0 && dags.c.hardDeadlineAtMs[dag] === 0) return null;
  const head = t.indexes.heads.head(flow);
  if (head === 0) return null;
  return deadlineOf(t, dag, head, volumeWithout(t, flow, job));
}
