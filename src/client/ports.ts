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
  /** Names this process for people: host and process id. */
  processName(): string;
}

/** Waits; rejects with the signal's reason when it is aborted before. */
export function sleep(machine: Machine, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const cancel = machine.after(ms, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    const onAbort = (): void => {
      cancel();
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
