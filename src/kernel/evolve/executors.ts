import { Code, CursorKind } from '../../catalogue/generated/codes.js';
import type * as E from '../../catalogue/generated/types.js';
import { type Fold, IdKind, idRow } from '../fold.js';
import { ExecutorState } from '../tables.js';
import { classRow } from './layout.js';
import { makeCursor } from './settle.js';

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
  const { executors, cell, cellRow, ids } = state;
  const registration = input.body;
  const executor = state.row(executors, body.executor, 0);
  const { f, c } = executors;
  if (c.state[executor] === 0 && c.id[executor] !== registration.executor) {
    state.set(executors, executor, f.id, registration.executor);
    state.set(ids, idRow(state, IdKind.executor, '', registration.executor), ids.f.seq, body.executor);
    state.set(cell, cellRow, cell.f.nextExecutor, body.executor);
  }
  state.set(executors, executor, f.sessionMs, registration.sessionMs);
  state.set(executors, executor, f.untilMs, body.untilMs);
  if (registration.sessionMs > cell.c.longestSessionMs[cellRow]!) {
    state.set(cell, cellRow, cell.f.longestSessionMs, registration.sessionMs);
  }
  if (body.resumed) return;
  withdrawCapacity(fold, executor);
  const classSeq = classRow(fold, registration.group, registration.executorClass);
  if (classSeq !== body.class) throw new Error('assertion failed: the class of a registration is numbered otherwise');
  state.set(executors, executor, f.incarnation, registration.incarnation);
  state.set(executors, executor, f.class, body.class);
  state.set(executors, executor, f.state, ExecutorState.live);
  state.set(executors, executor, f.draining, 0);
  state.set(executors, executor, f.cordoned, 0);
  state.set(executors, executor, f.withdrawn, 0);
  state.set(executors, executor, f.slots, 0);
  state.set(executors, executor, f.session, body.session);
  state.set(executors, executor, f.tokensAfter, cell.c.nextToken[cellRow]!);
  state.set(cell, cellRow, cell.f.nextSession, body.session);
  state.add(state.classes, state.classes.find(body.class), state.classes.f.executors, 1);
  if (c.reserved[executor] !== 0 || c.reclaiming[executor] !== 0) {
    makeCursor(fold, CursorKind.dropLeases, body.executor, 0, body.session);
  }
}

/** A live executor's slots leave its class; nothing of what is reserved is freed. */
function withdrawCapacity(fold: Fold, executor: number): void {
  const { state } = fold;
  const { executors, classes } = state;
  if (executors.c.state[executor] !== ExecutorState.live) return;
  const cls = classes.find(executors.c.class[executor]!);
  const advertised = Math.max(0, executors.c.slots[executor]! - executors.c.withdrawn[executor]!);
  state.set(classes, cls, classes.f.slots, Math.max(0, classes.c.slots[cls]! - advertised));
  state.add(classes, cls, classes.f.executors, -1);
}

export function sessionExtended(fold: Fold, body: E.SessionExtended): void {
  const { executors } = fold.state;
  fold.state.set(executors, executorRow(fold, body.executor), executors.f.untilMs, body.untilMs);
}

export function executorResized(fold: Fold, body: E.ExecutorResized): void {
  const { state } = fold;
  const { executors, classes } = state;
  const executor = executorRow(fold, body.executor);
  const cls = classes.find(executors.c.class[executor]!);
  const change = body.slots - executors.c.slots[executor]!;
  state.set(classes, cls, classes.f.slots, Math.max(0, classes.c.slots[cls]! + change));
  state.set(executors, executor, executors.f.slots, body.slots);
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

function leave(fold: Fold, seq: number, executorState: number): void {
  const { state } = fold;
  const { executors } = state;
  const executor = executorRow(fold, seq);
  withdrawCapacity(fold, executor);
  state.set(executors, executor, executors.f.state, executorState);
  if (executors.c.reserved[executor] !== 0) makeCursor(fold, CursorKind.dropLeases, seq, 0);
}
