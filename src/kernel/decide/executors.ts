import { Code } from '../../catalogue/generated/codes.js';
import type * as I from '../../catalogue/generated/types.js';
import { MAX_EXECUTOR_SLOTS, MAX_HELD, MAX_NAME_LENGTH, MAX_SESSION_MS, MIN_SESSION_MS } from '../limits.js';
import type { OpenTurn } from '../open-turn.js';
import { endReservation } from '../planner/reservation.js';
import { ExecutorState } from '../rows/flags.js';
import { IdKind, seqOf } from '../rows/ids.js';
import { refuseIfTooManyClasses } from './admission.js';
import { isName } from './check-submission.js';
import { refuse } from './refuse.js';

/** A registration: a new executor, a new incarnation of a known one, or the same one again. */
export function registerExecutor(t: OpenTurn, body: I.RegisterExecutor): void {
  if (refuseIfInvalid(t, body)) return;
  const { state } = t;
  const { executors, cell, cellRow } = state;
  const known = seqOf(state, IdKind.executor, '', body.executor);
  const row = known === 0 ? 0 : executors.find(known);
  const cls = seqOf(state, IdKind.class, body.group, body.executorClass);
  if (cls === 0 && refuseIfTooManyClasses(t, 1, '/class')) return;
  if (row !== 0 && refuseIfBusyElsewhere(t, row, cls, body)) return;
  const resumed =
    row !== 0 &&
    executors.c.state[row] === ExecutorState.live &&
    executors.c.incarnation[row] === body.incarnation &&
    executors.c.class[row] === cls;
  if (row !== 0 && executors.c.class[row] !== cls) leaveReservation(t, row);
  const session = cell.c.nextSession[cellRow]! + 1;
  const executor = known === 0 ? cell.c.nextExecutor[cellRow]! + 1 : known;
  t.emit(Code.ExecutorRegistered, {
    executor,
    class: cls === 0 ? cell.c.nextClass[cellRow]! + 1 : cls,
    session,
    untilMs: t.running + body.sessionMs,
    resumed,
  });
  if (executors.c.slots[executors.find(executor)] !== body.slots)
    t.emit(Code.ExecutorResized, { executor, slots: body.slots });
  for (const held of body.held) takeHeld(t, executor, session, held);
}

/** Refuses a registration of which a field is wrong; says whether it did. */
function refuseIfInvalid(t: OpenTurn, body: I.RegisterExecutor): boolean {
  if (body.executor === '' || body.executor.length > MAX_NAME_LENGTH) {
    refuse(t, 'invalid-value', '/executor', `1 to ${MAX_NAME_LENGTH} characters`);
  } else if (!isName(body.executor + body.group + body.executorClass) || body.group.length > MAX_NAME_LENGTH) {
    refuse(t, 'invalid-class', '/group', `names of at most ${MAX_NAME_LENGTH} characters, without a NUL character`);
  } else if (body.executorClass === '' || body.executorClass.length > MAX_NAME_LENGTH) {
    refuse(t, 'invalid-class', '/class', `1 to ${MAX_NAME_LENGTH} characters`);
  } else if (body.slots < 0 || body.slots > MAX_EXECUTOR_SLOTS) {
    refuse(t, 'invalid-slots', '/slots', `${body.slots} is outside 0 to ${MAX_EXECUTOR_SLOTS}`);
  } else if (body.sessionMs < MIN_SESSION_MS || body.sessionMs > MAX_SESSION_MS) {
    refuse(t, 'invalid-value', '/sessionMs', `${body.sessionMs} is outside ${MIN_SESSION_MS} to ${MAX_SESSION_MS}`);
  } else if (body.held.length > MAX_HELD) {
    refuse(t, 'invalid-value', '/held', `more than ${MAX_HELD} leases`);
  } else return refuseIfForeign(t, body);
  return true;
}

/** Refuses one that lists a token which this cell never granted: of another cell, or of a history that was lost. */
function refuseIfForeign(t: OpenTurn, body: I.RegisterExecutor): boolean {
  const newest = t.state.cell.c.nextToken[t.state.cellRow]!;
  const at = body.held.findIndex(({ lease }) => lease.token < 1 || lease.token > newest);
  if (at < 0) return false;
  refuse(t, 'invalid-value', `/held/${at}`, 'a lease that this cell has never granted');
  return true;
}

/**
 * Refuses to let an executor change its class while something is in use on it; says whether it did. A new process under
 * its name that lists nothing says that the one before it is gone: what that left behind ends now, and the registration
 * may come again.
 */
function refuseIfBusyElsewhere(t: OpenTurn, row: number, cls: number, body: I.RegisterExecutor): boolean {
  const { executors } = t.state;
  const inUse = executors.c.reserved[row]! + executors.c.reclaiming[row]!;
  if (executors.c.class[row] === cls || inUse === 0) return false;
  const isNew = executors.c.incarnation[row] !== body.incarnation;
  if (isNew && body.held.length === 0 && executors.c.state[row] !== ExecutorState.left) {
    t.emit(Code.ExecutorDeregistered, { executor: executors.keyA[row]! });
  }
  refuse(
    t,
    'executor-busy',
    '/class',
    `${inUse} slots of its other class are in use: register again when they are free`,
  );
  return true;
}

/** Its old class keeps it for nobody any more. */
function leaveReservation(t: OpenTurn, row: number): void {
  const { classes, executors } = t.state;
  const old = executors.c.class[row]!;
  if (classes.c.reservedExecutor[classes.find(old)] === executors.keyA[row]) endReservation(t, old, 'executor-gone');
}

/**
 * A listed lease in force goes on in the new session; any other listed token takes its slots as reclaiming. One that
 * another executor holds is left alone: its slots are counted there.
 */
function takeHeld(t: OpenTurn, executor: number, session: number, held: I.HeldToken): void {
  const { leases } = t.state;
  const lease = leases.find(held.lease.token);
  const isOurs = lease !== 0 && leases.c.executor[lease] === executor;
  if (isOurs) t.emit(Code.LeaseAdopted, { token: held.lease.token, session });
  else if (lease === 0) {
    const slots = Math.min(MAX_EXECUTOR_SLOTS, Math.max(1, held.slots));
    t.emit(Code.SlotReportedHeld, { token: held.lease.token, executor, slots });
  }
}

/** The row of the live executor with this incarnation, or 0 after a refusal. */
function liveExecutor(t: OpenTurn, id: string, incarnation: string): number {
  const { executors } = t.state;
  const seq = seqOf(t.state, IdKind.executor, '', id);
  const row = seq === 0 ? 0 : executors.find(seq);
  if (row === 0) {
    refuse(t, 'unknown-executor', '/executor', `no executor ${JSON.stringify(id)} has registered`);
    return 0;
  }
  if (executors.c.state[row] === ExecutorState.live && executors.c.incarnation[row] === incarnation) return row;
  refuse(t, 'stale-incarnation', '/incarnation', 'its session is over, or another incarnation has registered');
  return 0;
}

/** Alive: the session is extended when a third of its length has passed, else nothing happens. */
export function heartbeat(t: OpenTurn, body: I.Heartbeat): void {
  const { executors } = t.state;
  const row = liveExecutor(t, body.executor, body.incarnation);
  if (row === 0) return;
  const untilMs = t.running + executors.c.sessionMs[row]!;
  if ((untilMs - executors.c.untilMs[row]!) * 3 < executors.c.sessionMs[row]!) return;
  t.emit(Code.SessionExtended, { executor: executors.keyA[row]!, untilMs });
}

export function deregisterExecutor(t: OpenTurn, body: I.DeregisterExecutor): void {
  const row = liveExecutor(t, body.executor, body.incarnation);
  if (row !== 0) t.emit(Code.ExecutorDeregistered, { executor: t.state.executors.keyA[row]! });
}

/** Cordon and uncordon: an operator's word about one executor. */
export function controlExecutor(
  t: OpenTurn,
  body: I.CordonExecutor | I.UncordonExecutor,
  code: typeof Code.ExecutorCordoned | typeof Code.ExecutorUncordoned,
): void {
  const { executors } = t.state;
  const row = anyLiveExecutor(t, body.executor);
  if (row === 0) return;
  if (code === Code.ExecutorUncordoned && executors.c.draining[row] !== 0) {
    const detail = `${JSON.stringify(body.executor)} gives back what it is sent, and leaves`;
    return refuse(t, 'executor-draining', '/executor', detail);
  }
  t.emit(code, { executor: executors.keyA[row]! });
}

/** An operator's word, or that of its own process, which is not to drain one that has registered since. */
export function drainExecutor(t: OpenTurn, { executor, incarnation }: I.DrainExecutor): void {
  const row = incarnation === null ? anyLiveExecutor(t, executor) : liveExecutor(t, executor, incarnation);
  if (row !== 0) t.emit(Code.ExecutorDrained, { executor: t.state.executors.keyA[row]! });
}

/** The row of the live executor of this id, whatever its incarnation, or 0 after a refusal. */
function anyLiveExecutor(t: OpenTurn, id: string): number {
  const { executors } = t.state;
  const seq = seqOf(t.state, IdKind.executor, '', id);
  const row = seq === 0 ? 0 : executors.find(seq);
  if (row !== 0 && executors.c.state[row] === ExecutorState.live) return row;
  refuse(t, 'unknown-executor', '/executor', `no live executor ${JSON.stringify(id)}`);
  return 0;
}
