/** Why a ready job has no slot: its class's executors, what is kept for others, and who comes before it. */
import { LeaseState } from '../../catalogue/generated/codes.js';
import { slotsOf } from '../fold.js';
import { Placement } from '../indexes/placement.js';
import { mostSlots } from '../planner/reservation.js';
import { ExecutorState } from '../rows/flags.js';
import { firstOfClass, firstOfFlow } from './ahead.js';
import type { Blocked } from './blocked.js';
import { fitsBeside, mostFree, reservationOf, whyKept } from './kept.js';
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
  const cls = scene.state.classes.find(classSeq);
  const allowed = placement.allowed(cls);
  const free = Math.min(placement.widest(classSeq), allowed);
  const widest = Math.min(mostFree(scene, classSeq, reservationOf(scene, cls)), allowed);
  const first = firstOfFlow(scene, dag, job);
  if (slots > free) {
    // Behind one of its flow that may never start it has no turn, whatever the class starts next.
    const isBehind = first !== null && first.slots > mostSlots(scene, classSeq, cls);
    const ahead = isBehind ? first.ahead : firstOfClass(scene, classSeq, dag, job, widest > 0);
    return { reason: 'no-free-slot', ahead, slots, widest };
  }
  if (first !== null && first.slots > free && !fitsBeside(scene, classSeq, first.row, first.slots)) {
    return { reason: 'no-free-slot', ahead: first.ahead, slots, widest };
  }
  // Where it has room, and nothing above keeps it, only the turn had none.
  return { reason: 'turn-full' };
}

/** The executors of the class cannot run it, whatever is free. */
function whyNoExecutor(scene: Scene, classSeq: number, slots: number): Blocked | null {
  const { executors } = scene.state;
  const { c } = executors;
  let count = 0;
  let enough = 0;
  let largest = 0;
  executors.table.eachRow((row) => {
    if (c.class[row] !== classSeq || c.state[row] !== ExecutorState.live) return;
    const size = c.slots[row]! - c.withdrawn[row]!;
    count += 1;
    if (size >= slots) enough += 1;
    largest = Math.max(largest, size);
  });
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
  executors.table.eachRow((row) => {
    if (executors.c.state[row] !== ExecutorState.live) return;
    const other = executors.c.class[row]!;
    if (!found.has(other) && classes.c.name[classes.find(other)] === name) found.add(other);
  });
  return [...found].sort((a, b) => a - b).slice(0, MAX_ELSEWHERE);
}

/** Slots whose work nobody has said to have stopped. */
function whyReclaiming(scene: Scene, classSeq: number, slots: number): Blocked | null {
  const { state, indexes, at } = scene;
  const { executors, leases } = state;
  if (indexes.placement.widest(classSeq) >= slots) return null;
  let found = 0;
  executors.table.eachRow((row) => {
    if (executors.c.class[row] !== classSeq || executors.c.reclaiming[row] === 0) return;
    const seq = executors.keyA[row]!;
    // Those of one that is too small, or takes no work, would be of no use to it.
    if (Placement.capacity(state, row) < slots) return;
    if (found === 0 || seq < executors.keyA[found]!) found = row;
  });
  if (found === 0) return null;
  const executor = executors.keyA[found]!;
  let sinceMs = at;
  for (const token of indexes.tokensOf(executor)) {
    const lease = leases.find(token);
    if (leases.c.state[lease] !== LeaseState.reclaiming) continue;
    sinceMs = Math.min(sinceMs, leases.c.reclaimingAtMs[lease]!);
  }
  return { reason: 'slot-reclaiming', executor, slots: executors.c.reclaiming[found]!, sinceMs };
}
