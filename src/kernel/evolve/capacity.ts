/** Slots that executors add to their class. */
import type { State } from '../state.js';
import { ExecutorState } from '../tables.js';

/** Slots that an executor adds to its class. */
export function advertised(state: State, executor: number): number {
  const { c } = state.executors;
  if (c.state[executor] !== ExecutorState.live) return 0;
  return Math.max(0, c.slots[executor]! - c.withdrawn[executor]!);
}

/** The executor's row has changed: its class gains or loses the difference. */
export function changeCapacity(state: State, executor: number, before: number): void {
  const { executors, classes } = state;
  const change = advertised(state, executor) - before;
  if (change !== 0) classes.add.slots(classes.find(executors.c.class[executor]!), change);
}
