import { AsyncLocalStorage } from 'node:async_hooks';
import type { Attempt } from './attempt.js';

/** Whose code it is that runs, with all that it awaits and all that it has left behind. */
const current = new AsyncLocalStorage<Attempt>();

/** Told of an error that nobody caught, and whose it is, where that is known; resolves when all is said. */
type Tell = (error: unknown, attempt: Attempt | null) => Promise<void>;

const listeners = new Set<Tell>();

/** Calls what belongs to an attempt. */
export function as<T>(attempt: Attempt, call: () => T): T {
  return listeners.size === 0 ? call() : current.run(attempt, call);
}

/**
 * An error that nobody caught ends the process, as nobody knows what it has left undone; but only when those who listen
 * here have said what there is to say of it. Returns how to listen no more.
 */
export function onUncaught(tell: Tell): () => void {
  if (listeners.size === 0) process.on('uncaughtException', uncaught);
  listeners.add(tell);
  return () => {
    listeners.delete(tell);
    if (listeners.size === 0) process.off('uncaughtException', uncaught);
  };
}

function uncaught(error: unknown): void {
  // Whoever else listens decides what becomes of the process.
  if (process.listenerCount('uncaughtException') > 1) return;
  const said = Array.from(listeners, (tell) => tell(error, current.getStore() ?? null));
  void Promise.allSettled(said).then(() => {
    process.off('uncaughtException', uncaught);
    // As it would have ended without anybody who listens.
    setImmediate(() => {
      throw error;
    });
  });
}
