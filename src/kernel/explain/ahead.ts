/** Who comes before a ready job: the one that its class would start first, and the first one of its flow. */
import { slotsOf } from '../fold.js';
import { MAX_DURATION_MS } from '../limits.js';
import type { Choice, Room } from '../policy/policy.js';
import { mostSlots } from '../reservation.js';
import type { Ahead } from './blocked.js';
import type { Scene } from './scene.js';

const head: Choice = { job: 0, flow: 0, dag: 0, lane: 0 };

/** The job that its class would start first, if that is another one. */
export function firstOfClass(scene: Scene, classSeq: number, dag: number, job: number): Ahead | null {
  const cls = scene.state.classes.find(classSeq);
  const slots = Math.max(1, mostSlots(scene, classSeq, cls));
  return firstForRoom(scene, { classSeq, cls, at: scene.at, slots, estimateMs: MAX_DURATION_MS }, dag, job);
}

/** The job that would start first in this room, if that is another one. */
export function firstForRoom(scene: Scene, room: Room, dag: number, job: number): Ahead | null {
  if (scene.indexes.policy.peek(room, head) === null || head.job === job) return null;
  return aheadOf(scene, head, dag, job);
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

function aheadOf({ state, indexes }: Scene, winner: Choice, dag: number, job: number): Ahead {
  const { policy, heads } = indexes;
  const { dags, jobs } = state;
  const flow = heads.flow(job);
  const own: Choice = { job, flow, dag, lane: policy.laneOf(flow) };
  const { field, value } = policy.compare(winner, own);
  const names = { dag: dags.keyA[winner.dag]!, job: jobs.keyB[winner.job]! };
  return { ...names, field, own: value, value: policy.compare(own, winner).value };
}
