import { Code, CursorKind } from '../../catalogue/generated/codes.js';
import type * as E from '../../catalogue/generated/types.js';
import type { Fold } from '../fold.js';
import { ExecutorState } from '../rows/flags.js';
import { IdKind, idOf, nameIt } from '../rows/ids.js';
import type { State } from '../rows/state.js';
import { type Capacity, capacityOf, changeCapacity, classOf } from './capacity.js';
import { keepFree } from './classes.js';
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
  const executor = executors.row(body.executor);
  const { c } = executors;
  keepFree(fold, classOf(state, executor));
  const before = capacityOf(state, executor);
  executors.set.sessionMs(executor, sessionMs);
  executors.set.untilMs(executor, body.untilMs);
  executors.set.session(executor, body.session);
  executors.set.withdrawn(executor, 0);
  cell.set.nextSession(cellRow, body.session);
  if (sessionMs > cell.c.longestSessionMs[cellRow]!) cell.set.longestSessionMs(cellRow, sessionMs);
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
  before: Capacity,
  registration: E.RegisterExecutor,
  body: E.ExecutorRegistered,
): void {
  const { state } = fold;
  const { executors, cell, cellRow, classes } = state;
  const { c } = executors;
  if (c.state[executor] === ExecutorState.live) leaveClass(state, executor, before);
  if ((c.id[executor] ?? '') === '') {
    executors.set.id(executor, registration.executor);
    nameIt(state, IdKind.executor, '', registration.executor, body.executor);
    cell.set.nextExecutor(cellRow, body.executor);
  }
  const classSeq = classRow(fold, registration.group, registration.executorClass);
  if (classSeq !== body.class) throw new Error('assertion failed: the class of a registration is numbered otherwise');
  if (c.incarnation[executor] !== registration.incarnation) {
    executors.set.incarnation(executor, registration.incarnation);
    executors.set.firstSession(executor, body.session);
    executors.set.tokensAfter(executor, cell.c.nextToken[cellRow]!);
  }
  executors.set.class(executor, body.class);
  executors.set.state(executor, ExecutorState.live);
  executors.set.draining(executor, 0);
  executors.set.cordoned(executor, 0);
  executors.set.slots(executor, 0);
  executors.set.departed(executor, 0);
  executors.set.departedAtMs(executor, 0);
  classes.add.executors(classes.find(body.class), 1);
}

/** A live executor's slots leave its class; nothing of what is reserved is freed. */
function leaveClass(state: State, executor: number, before: Capacity): void {
  const { classes } = state;
  const cls = classOf(state, executor);
  classes.add.slots(cls, -before.advertised);
  classes.add.closed(cls, -before.closed);
  classes.add.executors(cls, -1);
}

export function sessionExtended(fold: Fold, body: E.SessionExtended): void {
  const { executors } = fold.state;
  executors.set.untilMs(executorRow(fold, body.executor), body.untilMs);
}

export function executorResized(fold: Fold, body: E.ExecutorResized): void {
  const { state } = fold;
  const { executors } = state;
  const executor = executorRow(fold, body.executor);
  keepFree(fold, classOf(state, executor));
  const before = capacityOf(state, executor);
  executors.set.slots(executor, body.slots);
  changeCapacity(state, executor, before);
}

export function executorCordoned(fold: Fold, body: E.ExecutorCordoned): void {
  close(fold, executorRow(fold, body.executor), 1);
}

export function executorUncordoned(fold: Fold, body: E.ExecutorUncordoned): void {
  const executor = executorRow(fold, body.executor);
  close(fold, executor, 0);
  fold.state.executors.set.draining(executor, 0);
}

export function executorDrained(fold: Fold, body: E.ExecutorDrained): void {
  const executor = executorRow(fold, body.executor);
  close(fold, executor, 1);
  fold.state.executors.set.draining(executor, 1);
}

/** An executor gets no more work, or may get work again: its empty slots are closed, or open. */
function close({ state }: Fold, executor: number, cordoned: number): void {
  const before = capacityOf(state, executor);
  state.executors.set.cordoned(executor, cordoned);
  changeCapacity(state, executor, before);
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
  keepFree(fold, classOf(state, executor));
  if (executors.c.state[executor] === ExecutorState.live) leaveClass(state, executor, capacityOf(state, executor));
  executors.set.state(executor, executorState);
  executors.set.departed(executor, state.cell.add.nextDeparted(state.cellRow, 1));
  executors.set.departedAtMs(executor, fold.at);
  const isLost = executorState === ExecutorState.lost;
  if (executors.c.reserved[executor] === 0 && (isLost || executors.c.reclaiming[executor] === 0)) return;
  makeCursor(fold, CursorKind.dropLeases, seq, 0, state.cell.c.nextToken[state.cellRow]!);
}

/** Nothing refers to it any more: its row and its name go. Its number is never used again. */
export function executorForgotten({ state }: Fold, body: E.ExecutorForgotten): void {
  const { executors, ids } = state;
  const executor = executors.find(body.executor);
  ids.clear(idOf(state, IdKind.executor, '', executors.c.id[executor]!));
  executors.clear(executor);
}
