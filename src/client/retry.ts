import { FabricError } from './errors.js';
import { type Machine, sleep } from './ports.js';

/** How patient a caller is. */
export interface Patience {
  /** Tries in all; the first counts. Whoever tries without end sits out whoever answers in the fabric's place, too. */
  readonly attempts: number;
  readonly baseMs: number;
  readonly maxMs: number;
}

/** For a person or a request that waits: about ten seconds in all. */
export const DEFAULT_PATIENCE: Patience = { attempts: 6, baseMs: 100, maxMs: 5_000 };
/** A page of maintenance asks for an hour, wherever it is over after a minute: nobody waits for longer than this, in ms. */
const MAX_RETRY_AFTER_MS = 60_000;

/**
 * The delay before try `attempt` + 1 (attempt counts from 1): exponential with half of it random, so that clients which
 * failed together don't come back together. What Retry-After asked for is kept, up to a minute, and spread by a tenth.
 */
export function backoffMs(attempt: number, patience: Patience, random: number, retryAfterMs: number | null): number {
  if (retryAfterMs !== null) return Math.min(retryAfterMs, MAX_RETRY_AFTER_MS) * (1 + random / 10);
  const full = Math.min(patience.maxMs, patience.baseMs * 2 ** Math.min(attempt - 1, 20));
  return full / 2 + (full / 2) * random;
}

/** What tries and the pauses between them need. */
export interface Tries {
  readonly machine: Machine;
  readonly patience: Patience;
  /** Aborted at the end of whoever makes the calls, with what they then reject with. */
  readonly closing: AbortSignal;
  /** Told of what is tried again, and in how many ms. */
  readonly onAgain?: OnAgain | undefined;
}

export type OnAgain = (error: FabricError, delayMs: number) => void;

/** Waits; rejects when a signal of the caller is aborted before, or `closing`, of which a pause would not hear else. */
export function pause(
  { machine, closing }: Tries,
  ms: number,
  ...signals: readonly (AbortSignal | undefined)[]
): Promise<void> {
  return sleep(machine, ms, closing, ...signals);
}

/** Runs `call` until it succeeds, fails for good, or patience ends. */
export async function withRetry<T>(tries: Tries, signal: AbortSignal | undefined, call: () => Promise<T>): Promise<T> {
  const { machine, patience, onAgain } = tries;
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof FabricError) || !mayChange(error, patience) || attempt >= patience.attempts) throw error;
      const delayMs = backoffMs(attempt, patience, machine.random(), error.retryAfterMs);
      onAgain?.(error, delayMs);
      await pause(tries, delayMs, signal);
    }
  }
}

/**
 * Whether another try may be answered otherwise. A proxy that finds no fabric has a page of its own in its place, for as
 * long as that lasts; but what it refuses of a request, such as its size, it will refuse of the next one, too.
 */
function mayChange(error: FabricError, { attempts }: Patience): boolean {
  if (error.retryable) return true;
  const { isOfOther, status } = error;
  return attempts === Number.POSITIVE_INFINITY && isOfOther && (status < 400 || status === 404 || status >= 500);
}
