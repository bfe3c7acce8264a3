import { LEAP_MS } from './gaps.js';
import type { Clocks, LoopTimers } from './ports.js';

/** How often it is looked whether the process was stalled, in ms. */
const WATCH_MS = 250;

/**
 * Notices when the process could not act: a stalled event loop, a suspended machine. Tells from when to when, by the
 * monotonic clock. Returns what ends the watch.
 */
export function watchStalls(
  clocks: Clocks,
  timers: LoopTimers,
  onStall: (from: number, to: number) => void,
): () => void {
  let cancel = (): void => undefined;
  const watch = (): void => {
    const due = clocks.monotonicMs() + WATCH_MS;
    cancel = timers.after(WATCH_MS, () => {
      const now = clocks.monotonicMs();
      watch();
      if (now - due > LEAP_MS) onStall(due, now);
    });
  };
  watch();
  return () => cancel();
}
