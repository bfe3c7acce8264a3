import type { State } from '../state.js';

/** How long after a short job was dispatched long ones leave the reserve alone, in ms. */
const SHORT_RESERVE_MS = 60_000;

/** Slots of a class that long jobs may hold while short ones come: all but its reserve (policy.md, section 6). */
export function longSlots(state: State, cls: number): number {
  const { slots, shortReserve } = state.classes.c;
  const all = slots[cls]!;
  const reserve = shortReserve[cls] === 0 ? Math.floor(all / 8) : shortReserve[cls]! - 1;
  return Math.max(0, all - reserve);
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
