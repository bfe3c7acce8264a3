import type { Clocks, LoopTimers } from '../ports.js';
import { LEAP_MS } from './gaps.js';

/** How often it is looked whether the process was stalled, in ms. */
const WATCH_MS = 250;

/** What notices that the process could not act. */
export interface StallWatch {
  /**
   * Looks now. A process that goes on after it stood still may come to an input, or to a timer of another, before it comes
   * to this one's: who is about to decide by the time that has passed asks first.
   */
  look(): void;
  end(): void;
}

/**
 * Notices when the process could not act: a stalled event loop, a suspended machine. Tells from when to when, by the
 * monotonic clock. What it has told once it may tell again, as part of a longer time.
 */
export function watchStalls(
  clocks: Clocks,
  timers: LoopTimers,
  onStall: (from: number, to: number) => void,
): StallWatch {
  let due = 0;
  let cancel = (): void => undefined;
  const look = (): void => {
    const now = clocks.monotonicMs();
    if (now - due > LEAP_MS) onStall(due, now);
  };
  const watch = (): void => {
    due = clocks.monotonicMs() + WATCH_MS;
    cancel = timers.after(WATCH_MS, () => {
      look();
      watch();
    });
  };
  watch();
  return { look, end: () => cancel() };
}
