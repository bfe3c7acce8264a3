import type { Machine } from '../client/ports.js';

/** Waits for a call, but no longer than so many ms; what it throws is left to whoever comes after. */
export async function within(
  machine: Machine,
  ms: number,
  call: (signal: AbortSignal) => Promise<unknown>,
): Promise<void> {
  const limit = new AbortController();
  let cancel = (): void => undefined;
  const timeout = new Promise<void>((resolve) => {
    cancel = machine.after(ms, resolve);
  });
  await Promise.race([call(limit.signal).catch(() => undefined), timeout]);
  cancel();
  limit.abort();
}
