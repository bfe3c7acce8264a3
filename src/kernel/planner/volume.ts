/**
 * How long work takes to pass through its class, in ms: on all slots that the class works with, and by its rates. That of
 * a flow, as it is (policy.md: Deadlines), and that of a DAG, if it were alone (policy.md: The guard).
 */
import { paceMs } from '../buckets.js';
import { slotsInAll, workingSlots } from '../evolve/capacity.js';
import { costOf } from '../evolve/flows.js';
import { slotsOf } from '../fold.js';
import type { OpenTurn } from '../open-turn.js';
import { classOfFlow } from '../rows/keys.js';
import type { State } from '../rows/state.js';

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

/** What passes through a class: slot-ms, and what it needs of the rates. */
export interface Work {
  readonly slotMs: number;
  readonly starts: number;
  readonly units: number;
}

/** When all buckets of a class are full, whatever they hold. */
const IN_THE_END = Number.MAX_SAFE_INTEGER;

/**
 * Of work that has its class to itself, with full buckets; nothing where the class has no slots, for nobody knows how many
 * it will have: were they taken for one, a giant would be due in months, though executors come in a minute.
 */
export function volumeAlone(state: State, classSeq: number, { slotMs, starts, units }: Work): number {
  const slots = slotsInAll(state, state.classes.find(classSeq));
  if (slots === 0) return 0;
  return Math.max(Math.floor(slotMs / slots), paceMs(state, classSeq, IN_THE_END, starts, units));
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
