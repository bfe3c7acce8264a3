/** What the refusals of the fabric mean for an executor's session. */
import { FabricError } from '../client/errors.js';
import { OTHER_HISTORY, STALE_INCARNATION } from './protocol.js';

/** The status of `unknown-executor`, to a question about a session that is over. */
const NO_SESSION = 404;

/**
 * A process that was replaced while it was away must not take the id back by registering again: until it is told that
 * its session is merely over (or the history with it), it can't know that it was not.
 */
export function throwUnlessOver(error: unknown): void {
  const isOver = (error instanceof FabricError && error.status === NO_SESSION) || isOfOtherHistory(error);
  if (!isOver) throw error;
}

/** What is held was granted in a history that this fabric does not have. */
export function isOfOtherHistory(error: unknown): error is FabricError {
  if (!(error instanceof FabricError)) return false;
  return error.code === OTHER_HISTORY || error.problems.some(({ path }) => path.startsWith('/held/'));
}

/** Refusals of a registration that time may cure: no such path (yet), time-outs, conflicts, too many requests. */
const MAY_PASS: ReadonlySet<number> = new Set([404, 408, 409, 410, 429]);

/**
 * Whether trying again can't help: refused for what was asked, or somebody else has the id. A process of the cell that is
 * behind this registration says that, too, of the one before it. And once it was registered only the fabric's own word
 * ends an executor, with the work that it has: not the page of a proxy.
 */
export function isFinal(error: FabricError, registeredIn: number): boolean {
  if (error.code === STALE_INCARNATION) return error.turn === null || error.turn >= registeredIn;
  if (registeredIn > 0 && error.code === `http-${error.status}`) return false;
  return error.status >= 400 && error.status < 500 && !MAY_PASS.has(error.status);
}
