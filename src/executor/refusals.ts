/** What the refusals of the fabric mean for an executor's session. */
import { FabricError } from '../client/errors.js';
import { OTHER_HISTORY, STALE_INCARNATION } from './protocol.js';

/** The status of `unknown-executor`, to a question about a session that is over. */
const NO_SESSION = 404;

/** The last registration: in which turn, and whether reigns have names there. */
export interface LastRegistration {
  readonly turn: number;
  readonly namesReign: boolean;
}

/**
 * A process that was replaced while it was away must not take the id back by registering again: until it is told that
 * its session is merely over (or the history with it), it can't know that it was not. A proxy that finds no fabric does not
 * know it either.
 */
export function throwUnlessOver(error: unknown, last: LastRegistration): void {
  const isOver = error instanceof FabricError && (hasNoSession(error) || isPutBack(error, last));
  if (!isOver && !isOfOtherHistory(error)) throw error;
}

function hasNoSession({ status, isOfOther }: FabricError): boolean {
  return status === NO_SESSION && !isOfOther;
}

/**
 * Where reigns have names no process of the cell is behind: one that knows the registration before this one only was put
 * back to before it, and whoever has the id there is the process before this one.
 */
function isPutBack(error: FabricError, { turn, namesReign }: LastRegistration): boolean {
  return namesReign && error.code === STALE_INCARNATION && error.turn !== null && error.turn < turn;
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
 * ends an executor, with the work that it has: not the page of a proxy. It was in turn `registeredIn`, or never: null.
 */
export function isFinal(error: FabricError, registeredIn: number | null): boolean {
  if (error.code === STALE_INCARNATION) return error.turn === null || error.turn >= (registeredIn ?? 0);
  if (registeredIn !== null && error.isOfOther) return false;
  return error.status >= 400 && error.status < 500 && !MAY_PASS.has(error.status);
}
