import type { State } from '../state.js';

/** How long after a short job was dispatched long ones leave the reserve alone, in ms. */
const SHORT_RESERVE_MS = 60_000;

/** Slots of a class that long jobs may hold while short ones come: all that it may use but an eighth (policy.md, section 6). */
export function longSlots(state: State, cls: number): number {
  const { slots, maxSlots } = state.classes.c;
  const all = maxSlots[cls] === 0 ? slots[cls]! : Math.min(slots[cls]!, maxSlots[cls]! - 1);
  return all - Math.floor(all / 8);
}

/** Whether a long job may start in the class now. */
export function longMayStart(state: State, cls: number, at: number): boolean {
  return at >= shortReserveEnds(state, cls) || state.classes.c.longRunning[cls]! < longSlots(state, cls);
}

/** When long jobs may have the reserve, unless another short job is dispatched before. */
export function shortReserveEnds(state: State, cls: number): number {
  const { lastShortAtMs } = state.classes.c;
  return lastShortAtMs[cls] === 0 ? 0 : lastShortAtMs[cls]! + SHORT_RESERVE_MS;
}
