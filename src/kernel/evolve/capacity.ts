/** Executors and their class: which it is, the slots that they add to it, and how many of these may be used. */

import { ExecutorState } from '../rows/flags.js';
import { limitOf } from '../rows/limit-field.js';
import type { State } from '../rows/state.js';

/** Row of an executor's class. */
export function classOf({ executors, classes }: State, executor: number): number {
  return classes.find(executors.c.class[executor]!);
}

/** Slots that an executor adds to its class. */
export function advertised(state: State, executor: number): number {
  const { c } = state.executors;
  if (c.state[executor] !== ExecutorState.live) return 0;
  return Math.max(0, c.slots[executor]! - c.withdrawn[executor]!);
}

/** Those of them in which nothing runs. */
export function empty(state: State, executor: number): number {
  const { reserved, reclaiming } = state.executors.c;
  return Math.max(0, advertised(state, executor) - reserved[executor]! - reclaiming[executor]!);
}

/** Those of them that stay empty: a cordoned executor gets no more work. */
export function closed(state: State, executor: number): number {
  return state.executors.c.cordoned[executor] === 0 ? 0 : empty(state, executor);
}

/** What an executor adds to its class. */
export interface Capacity {
  readonly advertised: number;
  readonly closed: number;
}

export function capacityOf(state: State, executor: number): Capacity {
  return { advertised: advertised(state, executor), closed: closed(state, executor) };
}

/** The executor's row has changed: its class gains or loses the difference. */
export function changeCapacity(state: State, executor: number, before: Capacity): void {
  const change = advertised(state, executor) - before.advertised;
  if (change !== 0) state.classes.add.slots(classOf(state, executor), change);
  changeClosed(state, executor, before.closed);
}

/** The same where work began or ended on it, and it has as many slots as before. */
export function changeClosed(state: State, executor: number, before: number): void {
  const change = closed(state, executor) - before;
  if (change !== 0) state.classes.add.closed(classOf(state, executor), change);
}

/**
 * Slots that a class works with: those of its executors, or as many as it may use where those are fewer. Those that stay
 * empty until an operator says otherwise help to meet no deadline, and are kept for nobody.
 */
export function slotsInAll({ classes }: State, cls: number): number {
  const { slots, closed, maxSlots } = classes.c;
  const working = slots[cls]! - closed[cls]!;
  return Math.min(working, limitOf(maxSlots[cls]!, working));
}

/** The divisor of what waits for a class (policy.md): at least 1. */
export function workingSlots(state: State, cls: number): number {
  return Math.max(1, slotsInAll(state, cls));
}

/** Slots that the limit of a class, by its row, still allows; more than there are when it has none. */
export function allowed({ classes }: State, cls: number): number {
  const { maxSlots, reserved, reclaiming } = classes.c;
  return Math.max(0, limitOf(maxSlots[cls]!, Number.MAX_SAFE_INTEGER) - reserved[cls]! - reclaiming[cls]!);
}
