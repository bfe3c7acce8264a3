import type { LoopTimers } from '../ports.js';

/** Resolves when something is over, or after so many ms if it takes longer. */
export async function orAfter(over: Promise<void>, ms: number, timers: LoopTimers): Promise<void> {
  let cancel = (): void => undefined;
  const late = new Promise<void>((resolve) => {
    cancel = timers.after(ms, resolve);
  });
  await Promise.race([over, late]);
  cancel();
}
