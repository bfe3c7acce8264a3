/** What client and executor SDK need from the machine; `adapters/system.ts` is the real one. */
export interface Machine {
  /** Monotonic milliseconds since some fixed moment; never compared with a fabric's times. */
  nowMs(): number;
  /**
   * Calls back once after so many ms, or as late as it can; returns how to prevent it. Does not keep the process alive
   * when `idle`.
   */
  after(ms: number, callback: () => void, idle?: boolean): () => void;
  /** Calls back as soon as the events that are already there have been handled. */
  soon(callback: () => void): void;
  /** A number in [0, 1). */
  random(): number;
  /** A new unique id. */
  uuid(): string;
  /** Names this process for people: host and process id, and the number of the thread where it is not the first one. */
  processName(): string;
}

/**
 * Waits; rejects with the reason of the first of these signals that is aborted before. Nothing of it stays with them, as
 * something of `AbortSignal.any` does: a client's own signal, or its caller's, lives through millions of waits.
 */
export function sleep(machine: Machine, ms: number, ...given: readonly (AbortSignal | undefined)[]): Promise<void> {
  const signals = given.filter((signal) => signal !== undefined);
  return new Promise((resolve, reject) => {
    const aborted = signals.find((signal) => signal.aborted);
    if (aborted !== undefined) {
      reject(aborted.reason);
      return;
    }
    const letGo = (): void => {
      for (const signal of signals) signal.removeEventListener('abort', onAbort);
    };
    const cancel = machine.after(ms, () => {
      letGo();
      resolve();
    });
    const onAbort = ({ target }: Event): void => {
      cancel();
      letGo();
      reject((target as AbortSignal).reason);
    };
    for (const signal of signals) signal.addEventListener('abort', onAbort);
  });
}
