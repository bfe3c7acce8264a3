import { slotsInAll } from '../evolve/capacity.js';
import { limitOf } from '../rows/limit-field.js';
import type { State } from '../rows/state.js';

/** How long after a short job was dispatched long ones leave the reserve alone, in ms. */
const SHORT_RESERVE_MS = 60_000;

/** One slot in so many is the reserve where nobody has set another one. */
const SHORT_RESERVE = 8;

/**
 * Slots of a class that long jobs may hold while short ones come: all that it may use but the reserve (policy.md: Short
 * and long).
 */
export function longSlots(state: State, cls: number): number {
  const all = slotsInAll(state, cls);
  const oneIn = shortReserve(state, cls);
  return oneIn === 0 ? all : all - Math.floor(all / oneIn);
}

/** One slot in how many is kept from long jobs; 0: none. */
function shortReserve({ classes }: State, cls: number): number {
  return limitOf(classes.c.shortReserve[cls]!, SHORT_RESERVE);
}

/** Whether a long job may start in the class now, or once so many others have ended. */
export function longMayStart(state: State, cls: number, at: number, longEnds = 0): boolean {
  return at >= shortReserveEnds(state, cls) || state.classes.c.longRunning[cls]! - longEnds < longSlots(state, cls);
}

/**
 * Whether slots are kept from long jobs for short ones now. Where they hold all that the class has none is: the next
 * one that ends lets one in, unless a slot is free and they may not have that.
 */
export function longMustWait(state: State, cls: number, at: number, isFree: boolean): boolean {
  if (longMayStart(state, cls, at)) return false;
  return isFree || longSlots(state, cls) < slotsInAll(state, cls) || !longMayStart(state, cls, at, 1);
}

/**
 * When long jobs may have the reserve, unless another short job is dispatched before; where none is kept, at any time.
 */
export function shortReserveEnds(state: State, cls: number): number {
  const { lastShortAtMs } = state.classes.c;
  if (lastShortAtMs[cls] === 0 || shortReserve(state, cls) === 0) return 0;
  return lastShortAtMs[cls]! + SHORT_RESERVE_MS;
}
