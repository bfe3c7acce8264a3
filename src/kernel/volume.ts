/**
 * How long the ready work of a flow takes to pass through its class, in ms: on all slots that the class works with, and by
 * its rates (policy.md: Deadlines).
 */
import { paceMs } from './buckets.js';
import { workingSlots } from './evolve/capacity.js';
import { costOf } from './evolve/flows.js';
import { slotsOf } from './fold.js';
import { classOfFlow } from './keys.js';
import type { OpenTurn } from './open-turn.js';

/** Of a flow as it is. */
export function volumeOf(t: OpenTurn, flow: number): number {
  const { c, keyB } = t.state.flows;
  return volume(t, classOfFlow(keyB[flow]!), c.work[flow]!, c.ready[flow]!, c.units[flow]!);
}

/** Of a flow that a job joins; 0: of the one that begins with it. */
export function volumeWith(t: OpenTurn, flow: number, job: number): number {
  const { flows, jobs } = t.state;
  const classSeq = jobs.c.class[job]!;
  const units = jobs.c.units[job]!;
  const cost = costOfReady(t, job);
  if (flow === 0) return volume(t, classSeq, cost, 1, units);
  const { work, ready, units: known } = flows.c;
  return volume(t, classSeq, work[flow]! + cost, ready[flow]! + 1, known[flow]! + units);
}

/** Of a flow that a job leaves, as it is dispatched: its tokens have not been taken yet, so it still counts there. */
export function volumeWithout(t: OpenTurn, flow: number, job: number): number {
  const { c, keyB } = t.state.flows;
  return volume(t, classOfFlow(keyB[flow]!), c.work[flow]! - costOfReady(t, job), c.ready[flow]!, c.units[flow]!);
}

function costOfReady({ state }: OpenTurn, job: number): number {
  return costOf(state.jobs.c.estimateMs[job]!, slotsOf(state, job));
}

function volume({ state, at }: OpenTurn, classSeq: number, work: number, starts: number, units: number): number {
  const cls = state.classes.find(classSeq);
  const bySlots = Math.floor(work / workingSlots(state, cls));
  if (state.classes.c.buckets[cls] === 0) return bySlots;
  return Math.max(bySlots, paceMs(state, classSeq, at, starts, units));
}
