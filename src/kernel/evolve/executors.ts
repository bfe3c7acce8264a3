import { Code, CursorKind } from '../../catalogue/generated/codes.js';
import type * as E from '../../catalogue/generated/types.js';
import type { Fold } from '../fold.js';
import { IdKind, idOf, nameIt } from '../ids.js';
import type { State } from '../state.js';
import { ExecutorState } from '../tables.js';
import { classRow } from './layout.js';
import { makeCursor } from './make-cursor.js';

/** Row of an executor by its sequence number. */
function executorRow(fold: Fold, seq: number): number {
  const row = fold.state.executors.find(seq);
  if (row === 0) throw new Error(`assertion failed: no executor ${seq}`);
  return row;
}

/** A registration: a new executor, a new incarnation, or the same one again. Its slots are set by ExecutorResized. */
export function executorRegistered(fold: Fold, body: E.ExecutorRegistered): void {
  const { state, input } = fold;
  if (input?.code !== Code.RegisterExecutor) throw new Error('assertion failed: ExecutorRegistered without its input');
  const { executors, cell, cellRow } = state;
  const { sessionMs } = input.body;
  const executor = state.row(executors, body.executor, 0);
  const { f, c } = executors;
  const before = advertised(state, executor);
  state.set(executors, executor, f.sessionMs, sessionMs);
  state.set(executors, executor, f.untilMs, body.untilMs);
  state.set(executors, executor, f.session, body.session);
  state.set(executors, executor, f.withdrawn, 0);
  state.set(cell, cellRow, cell.f.nextSession, body.session);
  if (sessionMs > cell.c.longestSessionMs[cellRow]!) state.set(cell, cellRow, cell.f.longestSessionMs, sessionMs);
  if (body.resumed) changeCapacity(state, executor, before);
  else incarnate(fold, executor, before, input.body, body);
  if (c.reserved[executor] !== 0 || c.reclaiming[executor] !== 0) {
    makeCursor(fold, CursorKind.dropLeases, body.executor, 0, cell.c.nextToken[cellRow]!);
  }
}

/**
 * A new incarnation, or one that comes back: its slots are set anew. What a new one does not list is over; one that comes
 * back may yet receive what was dispatched to it before.
 */
function incarnate(
  fold: Fold,
  executor: number,
  before: number,
  registration: E.RegisterExecutor,
  body: E.ExecutorRegistered,
): void {
  const { state } = fold;
  const { executors, cell, cellRow, classes } = state;
  const { f, c } = executors;
  if (c.state[executor] === ExecutorState.live) leaveClass(state, executor, before);
  if (executors.text(f.id, executor) === '') {
    state.set(executors, executor, f.id, registration.executor);
    nameIt(state, IdKind.executor, '', registration.executor, body.executor);
    state.set(cell, cellRow, cell.f.nextExecutor, body.executor);
  }
  const classSeq = classRow(fold, registration.group, registration.executorClass);
  if (classSeq !== body.class) throw new Error('assertion failed: the class of a registration is numbered otherwise');
  if (executors.text(f.incarnation, executor) !== registration.incarnation) {
    state.set(executors, executor, f.incarnation, registration.incarnation);
    state.set(executors, executor, f.firstSession, body.session);
    state.set(executors, executor, f.tokensAfter, cell.c.nextToken[cellRow]!);
  }
  state.set(executors, executor, f.class, body.class);
  state.set(executors, executor, f.state, ExecutorState.live);
  state.set(executors, executor, f.draining, 0);
  state.set(executors, executor, f.cordoned, 0);
  state.set(executors, executor, f.slots, 0);
  state.set(executors, executor, f.departed, 0);
  state.set(executors, executor, f.departedAtMs, 0);
  state.add(classes, classes.find(body.class), classes.f.executors, 1);
}

/** Slots that an executor adds to its class. */
export function advertised(state: State, executor: number): number {
  const { c } = state.executors;
  if (c.state[executor] !== ExecutorState.live) return 0;
  return Math.max(0, c.slots[executor]! - c.withdrawn[executor]!);
}

/** The executor's row has changed: its class gains or loses the difference. */
export function changeCapacity(state: State, executor: number, before: number): void {
  const { executors, classes } = state;
  const change = advertised(state, executor) - before;
  if (change !== 0) state.add(classes, classes.find(executors.c.class[executor]!), classes.f.slots, change);
}

/** A live executor's slots leave its class; nothing of what is reserved is freed. */
function leaveClass(state: State, executor: number, before: number): void {
  const { executors, classes } = state;
  const cls = classes.find(executors.c.class[executor]!);
  state.add(classes, cls, classes.f.slots, -before);
  state.add(classes, cls, classes.f.executors, -1);
}

export function sessionExtended(fold: Fold, body: E.SessionExtended): void {
  const { executors } = fold.state;
  fold.state.set(executors, executorRow(fold, body.executor), executors.f.untilMs, body.untilMs);
}

export function executorResized(fold: Fold, body: E.ExecutorResized): void {
  const { state } = fold;
  const { executors } = state;
  const executor = executorRow(fold, body.executor);
  const before = advertised(state, executor);
  state.set(executors, executor, executors.f.slots, body.slots);
  changeCapacity(state, executor, before);
}

export function executorCordoned(fold: Fold, body: E.ExecutorCordoned): void {
  const { executors } = fold.state;
  fold.state.set(executors, executorRow(fold, body.executor), executors.f.cordoned, 1);
}

export function executorUncordoned(fold: Fold, body: E.ExecutorUncordoned): void {
  const { executors } = fold.state;
  const executor = executorRow(fold, body.executor);
  fold.state.set(executors, executor, executors.f.cordoned, 0);
  fold.state.set(executors, executor, executors.f.draining, 0);
}

export function executorDrained(fold: Fold, body: E.ExecutorDrained): void {
  const { executors } = fold.state;
  const executor = executorRow(fold, body.executor);
  fold.state.set(executors, executor, executors.f.cordoned, 1);
  fold.state.set(executors, executor, executors.f.draining, 1);
}

export function executorDeregistered(fold: Fold, body: E.ExecutorDeregistered): void {
  leave(fold, body.executor, ExecutorState.left);
}

export function executorLost(fold: Fold, body: E.ExecutorLost): void {
  leave(fold, body.executor, ExecutorState.lost);
}

/** One that is lost may still leave: then what it did has stopped. */
function leave(fold: Fold, seq: number, executorState: number): void {
  const { state } = fold;
  const { executors } = state;
  const executor = executorRow(fold, seq);
  if (executors.c.state[executor] === ExecutorState.live) leaveClass(state, executor, advertised(state, executor));
  state.set(executors, executor, executors.f.state, executorState);
  state.set(executors, executor, executors.f.departed, state.next(state.cell.f.nextDeparted));
  state.set(executors, executor, executors.f.departedAtMs, fold.at);
  const isLost = executorState === ExecutorState.lost;
  if (executors.c.reserved[executor] === 0 && (isLost || executors.c.reclaiming[executor] === 0)) return;
  makeCursor(fold, CursorKind.dropLeases, seq, 0, state.cell.c.nextToken[state.cellRow]!);
}

/** Nothing refers to it any more: its row and its name go. Its number is never used again. */
export function executorForgotten({ state }: Fold, body: E.ExecutorForgotten): void {
  const { executors, ids } = state;
  const executor = executors.find(body.executor);
  state.clear(ids, idOf(state, IdKind.executor, '', executors.text(executors.f.id, executor)));
  state.clear(executors, executor);
}
