import { CursorKind } from '../../catalogue/generated/codes.js';
import type { Fold } from '../fold.js';
import type { State } from '../state.js';

/** Makes a cursor: a continuation that works on the DAG, on one job of it, or on what else its kind goes over. */
export function makeCursor(fold: Fold, kind: number, dagSeq: number, job: number, aux = 0): void {
  const { state } = fold;
  const { cursors } = state;
  const cursor = state.row(cursors, state.next(state.cell.f.nextCursor), 0);
  state.set(cursors, cursor, cursors.f.kind, kind);
  state.set(cursors, cursor, cursors.f.dag, dagSeq);
  state.set(cursors, cursor, cursors.f.job, job);
  state.set(cursors, cursor, cursors.f.bornTurn, fold.turn);
  if (aux !== 0) state.set(cursors, cursor, cursors.f.aux, aux);
  countCursor(state, kind, dagSeq, 1);
}

/** The row that a cursor works on knows how many of them there are: it stays until the last one is done. */
export function countCursor(state: State, kind: number, seq: number, change: number): void {
  const { dags, executors } = state;
  if (isOfDag(kind)) {
    const dag = dags.find(seq);
    if (dag !== 0) state.add(dags, dag, dags.f.cursors, change);
  } else if (kind === CursorKind.dropLeases) {
    state.add(executors, executors.find(seq), executors.f.cursors, change);
  }
}

/** Whether a cursor works on a DAG; others work on an executor's leases, or on the tags of a class and priority. */
export function isOfDag(kind: number): boolean {
  return kind !== CursorKind.dropLeases && kind !== CursorKind.dropTags;
}
