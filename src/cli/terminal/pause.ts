import { setTimeout as sleep } from 'node:timers/promises';

/** Waits so many seconds, or until the signal. It leaves nothing at the signal, however often it is called. */
export async function pause(seconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(seconds * 1_000, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
