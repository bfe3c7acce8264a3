import { CursorKind } from '../../catalogue/generated/codes.js';
import type { Fold } from '../fold.js';

/** Makes a cursor: a continuation that works on the DAG, or on one job of it. */
export function makeCursor(fold: Fold, kind: number, dagSeq: number, job: number, aux = 0): void {
  const { state } = fold;
  const { cursors, dags } = state;
  const cursor = state.row(cursors, state.next(state.cell.f.nextCursor), 0);
  state.set(cursors, cursor, cursors.f.kind, kind);
  state.set(cursors, cursor, cursors.f.dag, dagSeq);
  state.set(cursors, cursor, cursors.f.job, job);
  state.set(cursors, cursor, cursors.f.bornTurn, fold.turn);
  if (aux !== 0) state.set(cursors, cursor, cursors.f.aux, aux);
  if (isOfDag(kind)) state.add(dags, dags.find(dagSeq), dags.f.cursors, 1);
}

/** Whether a cursor works on a DAG; others work on an executor's leases, or on the tags of a class and priority. */
export function isOfDag(kind: number): boolean {
  return kind !== CursorKind.dropLeases && kind !== CursorKind.dropTags;
}
