/** Who comes before a ready job: the one that its class would start first, and the first one of its flow. */
import { EvidenceField } from '../../catalogue/generated/codes.js';
import { slotsOf } from '../fold.js';
import { MAX_DURATION_MS } from '../limits.js';
import { isReady, mostSlots, reservedChoice } from '../planner/reservation.js';
import type { Choice, Room } from '../policy/policy.js';
import { longMustWait } from '../policy/reserve.js';
import type { Ahead, JobRef } from './blocked.js';
import type { Scene } from './scene.js';

const head: Choice = { job: 0, flow: 0, dag: 0, lane: 0 };
const kept: Choice = { job: 0, flow: 0, dag: 0, lane: 0 };

/**
 * The job that its class would start first, if that is another one. A job for which an executor is kept takes any room
 * that is large enough, whatever the key says; room that is too small for it is for those that need less, by the key.
 */
export function firstOfClass(scene: Scene, classSeq: number, dag: number, job: number, isFree: boolean): Ahead | null {
  const cls = scene.state.classes.find(classSeq);
  const choice = firstByKey(scene, classSeq, job, isFree);
  const first = choice && aheadOf(scene, choice, dag, job);
  reservedChoice(scene, cls, kept);
  if (!isReady(scene, kept)) return first;
  const most = slotsOf(scene.state, kept.job);
  const isByKey = first !== null && slotsOf(scene.state, choice!.job) < most && slotsOf(scene.state, job) < most;
  return isByKey ? first : { ...namesOf(scene, kept), field: EvidenceField.reservation, value: 1, own: 0 };
}

/**
 * The one that comes first by the key, if that is another job. While slots are kept for short jobs that is none of the
 * long ones, but before the first of the others one may start: if it is a long one that ends.
 */
export function firstByKey(scene: Scene, classSeq: number, job: number, isFree: boolean): Choice | null {
  const room = anyRoom(scene, classSeq);
  const kept = longMustWait(scene.state, room.cls, scene.at, isFree) ? otherForRoom(scene, room, job) : null;
  return kept ?? otherForRoom(scene, { ...room, longEnds: 1 }, job);
}

/** Whether the class would start this job as things are, if as many slots as it needs came free. */
export function startsWithRoom(scene: Scene, classSeq: number, job: number): boolean {
  return firstWithRoom(scene, classSeq, slotsOf(scene.state, job)) === job;
}

/** Row of the job that the class would start if so many slots came free; 0: none. */
export function firstWithRoom(scene: Scene, classSeq: number, slots: number): number {
  return scene.indexes.policy.peek({ ...anyRoom(scene, classSeq), slots }, head)?.job ?? 0;
}

/** Room for any job of a class that may ever start. */
function anyRoom(scene: Scene, classSeq: number): Room {
  const cls = scene.state.classes.find(classSeq);
  const slots = Math.max(1, mostSlots(scene, classSeq, cls));
  return { classSeq, cls, at: scene.at, slots, estimateMs: MAX_DURATION_MS, longEnds: 0 };
}

/** The job that would start first in this room, if that is another one. */
export function firstForRoom(scene: Scene, room: Room, dag: number, job: number): Ahead | null {
  const first = otherForRoom(scene, room, job);
  return first && aheadOf(scene, first, dag, job);
}

function otherForRoom(scene: Scene, room: Room, job: number): Choice | null {
  const first = scene.indexes.policy.peek(room, { ...head });
  return first === null || first.job === job ? null : first;
}

/** The first job of a flow, with how many slots it needs. */
interface FirstOfFlow {
  readonly row: number;
  readonly slots: number;
  readonly ahead: Ahead;
}

/** The first job of its flow, if that is another one. */
export function firstOfFlow(scene: Scene, dag: number, job: number): FirstOfFlow | null {
  const { policy, heads } = scene.indexes;
  const flow = heads.flow(job);
  const first = policy.headOf(flow);
  if (first === job) return null;
  const choice = { job: first, flow, dag, lane: policy.laneOf(flow) };
  return { row: first, slots: slotsOf(scene.state, first), ahead: aheadOf(scene, choice, dag, job) };
}

function namesOf({ state: { dags, jobs } }: Scene, { dag, job }: Choice): JobRef {
  return { dag: dags.keyA[dag]!, job: jobs.keyB[job]! };
}

/** What the winner wins by over a job. */
export function aheadOf(scene: Scene, winner: Choice, dag: number, job: number): Ahead {
  const { policy, heads } = scene.indexes;
  const flow = heads.flow(job);
  const own: Choice = { job, flow, dag, lane: policy.laneOf(flow) };
  const { field, value } = policy.compare(winner, own);
  return { ...namesOf(scene, winner), field, own: value, value: policy.compare(own, winner).value };
}
