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
  if (listeners.size === 0) process.on('uncaughtExceptionMonitor', heed);
  listeners.add(tell);
  return () => {
    listeners.delete(tell);
    if (listeners.size === 0) heedNoMore();
  };
}

/**
 * Called before those who listen for such errors. Where there are others, they decide what becomes of the process, and some
 * end it only where nobody else listens: nothing here does until there is nobody.
 */
function heed(): void {
  if (process.listenerCount('uncaughtException') > 0 || process.hasUncaughtExceptionCaptureCallback()) return;
  process.on('uncaughtException', uncaught);
}

function heedNoMore(): void {
  process.off('uncaughtExceptionMonitor', heed);
  process.off('uncaughtException', uncaught);
}

/** Resolves when all is said of the errors that came so far: one that comes meanwhile does not end the process before. */
let said: Promise<unknown> = Promise.resolve();

function uncaught(error: unknown): void {
  // A drain that is under way ends the process before this does.
  process.exitCode = 1;
  const attempt = current.getStore() ?? null;
  said = Promise.allSettled([said, ...Array.from(listeners, (tell) => tell(error, attempt))]);
  void said.then(() => {
    heedNoMore();
    // As it would have ended without anybody who listens.
    setImmediate(() => {
      throw error;
    });
  });
}
