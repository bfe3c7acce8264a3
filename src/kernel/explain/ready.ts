/** Why a ready job has no slot: its class's executors, what is kept for others, and who comes before it. */
import { LeaseState, Shape } from '../../catalogue/generated/codes.js';
import { paidAt } from '../buckets.js';
import { shapeOf } from '../evolve/flows.js';
import { slotsOf } from '../fold.js';
import { MAX_DURATION_MS, RECLAIM_AFTER_MS } from '../limits.js';
import { Placement } from '../placement.js';
import type { Choice } from '../policy/policy.js';
import { longMayStart, longSlots } from '../policy/reserve.js';
import { ExecutorState } from '../tables.js';
import type { Ahead, Blocked } from './blocked.js';
import type { Scene } from './scene.js';

/** The first reason that applies to a ready job. */
export function whyReady(scene: Scene, dag: number, job: number): Blocked {
  const classSeq = scene.state.jobs.c.class[job]!;
  const slots = slotsOf(scene.state, job);
  const found =
    whyNoExecutor(scene, classSeq, slots) ??
    whyKept(scene, classSeq, job, slots) ??
    whyReclaiming(scene, classSeq, slots);
  if (found !== null) return found;
  const { placement } = scene.indexes;
  const widest = Math.min(placement.widest(classSeq), placement.allowed(scene.state.classes.find(classSeq)));
  // Where it has room, and nothing above keeps it, only the turn had none.
  if (slots <= widest) return { reason: 'turn-full' };
  return { reason: 'no-free-slot', ahead: whoIsAhead(scene, classSeq, dag, job), slots, widest };
}

/** The executors of the class cannot run it, whatever is free. */
function whyNoExecutor(scene: Scene, classSeq: number, slots: number): Blocked | null {
  const { executors } = scene.state;
  const { c } = executors;
  let count = 0;
  let enough = 0;
  let largest = 0;
  for (let row = 1; row < executors.table.high; row++) {
    if (!executors.table.isLive(row) || c.class[row] !== classSeq || c.state[row] !== ExecutorState.live) continue;
    const size = c.slots[row]! - c.withdrawn[row]!;
    count += 1;
    if (size >= slots) enough += 1;
    largest = Math.max(largest, size);
  }
  if (count === 0)
    return { reason: 'no-executor-in-class', class: classSeq, elsewhere: classesElsewhere(scene, classSeq) };
  if (slots > largest) return { reason: 'larger-than-any-executor', slots, largest };
  const open = scene.indexes.placement.largest(classSeq);
  return open < slots ? { reason: 'all-cordoned-or-draining', executors: enough } : null;
}

/** Groups that are named at most where the executors of a class are in others. */
const MAX_ELSEWHERE = 5;

/** Classes of the same name in other groups that have executors: that a job names the wrong group is easily overlooked. */
function classesElsewhere({ state }: Scene, classSeq: number): readonly number[] {
  const { classes, executors } = state;
  const name = classes.c.name[classes.find(classSeq)];
  const found = new Set<number>();
  for (let row = 1; row < executors.table.high; row++) {
    if (!executors.table.isLive(row) || executors.c.state[row] !== ExecutorState.live) continue;
    const other = executors.c.class[row]!;
    if (!found.has(other) && classes.c.name[classes.find(other)] === name) found.add(other);
  }
  return [...found].sort((a, b) => a - b).slice(0, MAX_ELSEWHERE);
}

/** Slots are kept for it, or from it: a reservation, a limit, the reserve for short work. */
function whyKept(scene: Scene, classSeq: number, job: number, slots: number): Blocked | null {
  const { state, indexes } = scene;
  const { classes, dags, jobs, executors, space } = state;
  const { c } = classes;
  const cls = classes.find(classSeq);
  const reserved = c.reservedExecutor[cls]!;
  const holder = { dag: c.reservedDag[cls]!, job: c.reservedJob[cls]! };
  if (reserved !== 0 && holder.dag === dags.keyA[space.dagOf[job]!] && holder.job === jobs.keyB[job]) {
    return { reason: 'waiting-for-reservation', executor: reserved, expectedAtMs: c.reservedAtMs[cls]! };
  }
  if (indexes.placement.allowed(cls) < slots) {
    return { reason: 'class-limit', limit: c.maxSlots[cls]! - 1, inUse: c.reserved[cls]! + c.reclaiming[cls]! };
  }
  const isFree = indexes.placement.widest(classSeq) >= slots;
  const unpaid = isFree ? whyUnpaid(scene, classSeq) : null;
  if (unpaid !== null) return unpaid;
  const isLong = shapeOf(jobs.c.flags[job]!) === Shape.long && indexes.policy.hasReserve;
  if (isFree && isLong && !longMayStart(state, cls, scene.at)) {
    return { reason: 'reserved-for-short-work', longRunning: c.longRunning[cls]!, allowed: longSlots(state, cls) };
  }
  if (isFree || reserved === 0 || Placement.offered(state, executors.find(reserved)) < slots) return null;
  return { reason: 'reserved-for-wide', job: holder, executor: reserved };
}

/** The job that the class would start has not enough tokens yet, and the class waits for it. */
function whyUnpaid({ state, indexes, at }: Scene, classSeq: number): Blocked | null {
  const { classes, jobs, dags } = state;
  const cls = classes.find(classSeq);
  if (classes.c.buckets[cls] === 0) return null;
  const slots = Math.min(indexes.placement.widest(classSeq), indexes.placement.allowed(cls));
  if (indexes.policy.peek({ classSeq, cls, at, slots, estimateMs: MAX_DURATION_MS }, head) === null) return null;
  const units = jobs.c.units[head.job]!;
  const untilMs = paidAt(state, classSeq, units, at);
  if (untilMs <= at) return null;
  return { reason: 'rate-limited', untilMs, job: { dag: dags.keyA[head.dag]!, job: jobs.keyB[head.job]! }, units };
}

/** Slots whose work nobody has said to have stopped. */
function whyReclaiming(scene: Scene, classSeq: number, slots: number): Blocked | null {
  const { state, indexes, at, running } = scene;
  const { executors, leases } = state;
  if (indexes.placement.widest(classSeq) >= slots) return null;
  let found = 0;
  for (let row = 1; row < executors.table.high; row++) {
    if (!executors.table.isLive(row) || executors.c.class[row] !== classSeq || executors.c.reclaiming[row] === 0)
      continue;
    const seq = executors.keyA[row]!;
    if (executors.c.state[row] !== ExecutorState.live) continue;
    if (found === 0 || seq < executors.keyA[found]!) found = row;
  }
  if (found === 0) return null;
  const executor = executors.keyA[found]!;
  let sinceMs = at;
  for (const token of indexes.tokensOf(executor)) {
    const lease = leases.find(token);
    if (leases.c.state[lease] !== LeaseState.reclaiming) continue;
    sinceMs = Math.min(sinceMs, at - running + leases.c.reclaimAtMs[lease]! - RECLAIM_AFTER_MS);
  }
  return { reason: 'slot-reclaiming', executor, slots: executors.c.reclaiming[found]!, sinceMs };
}

const head: Choice = { job: 0, flow: 0, dag: 0, lane: 0 };

/** The job that its class would start first, if that is another one. */
function whoIsAhead(scene: Scene, classSeq: number, dag: number, job: number): Ahead | null {
  const { policy, heads, placement } = scene.indexes;
  const { dags, jobs } = scene.state;
  const slots = Math.max(1, placement.largest(classSeq));
  const room = { classSeq, cls: scene.state.classes.find(classSeq), at: scene.at, slots, estimateMs: MAX_DURATION_MS };
  if (policy.peek(room, head) === null || head.job === job) return null;
  const flow = heads.flow(job);
  const own: Choice = { job, flow, dag, lane: policy.laneOf(flow) };
  const { field, value } = policy.compare(head, own);
  const names = { dag: dags.keyA[head.dag]!, job: jobs.keyB[head.job]! };
  return { ...names, field, own: value, value: policy.compare(own, head).value };
}
