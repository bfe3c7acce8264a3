import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Calls `send` so many times a second for so long, `batch` calls' worth at once, whether or not those before are
 * answered: what is late is not sent later. `send` is told when it was due.
 */
export async function openLoop(
  perSecond: number,
  batch: number,
  seconds: number,
  send: (dueMs: number) => void,
): Promise<void> {
  const everyMs = (batch * 1_000) / perSecond;
  const began = performance.now();
  for (let i = 0; i * everyMs < seconds * 1_000; i++) {
    const dueMs = began + i * everyMs;
    const early = dueMs - performance.now();
    if (early > 0.5) await sleep(early);
    send(dueMs);
  }
}
