/** Executors and their class: which it is, and the slots that they add to it. */
import type { State } from '../state.js';
import { ExecutorState } from '../tables.js';

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

/** The executor's row has changed: its class gains or loses the difference. */
export function changeCapacity(state: State, executor: number, before: number): void {
  const change = advertised(state, executor) - before;
  if (change !== 0) state.classes.add.slots(classOf(state, executor), change);
}
