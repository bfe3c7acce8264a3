import { CursorKind } from '../../catalogue/generated/codes.js';
import type { Fold } from '../fold.js';
import type { State } from '../state.js';

/** Makes a cursor: a continuation that works on the DAG, on one job of it, or on what else its kind goes over. */
export function makeCursor(fold: Fold, kind: number, dagSeq: number, job: number, aux = 0): void {
  const { state } = fold;
  const { cursors } = state;
  const cursor = cursors.row(state.cell.add.nextCursor(state.cellRow, 1));
  cursors.set.kind(cursor, kind);
  cursors.set.dag(cursor, dagSeq);
  cursors.set.job(cursor, job);
  cursors.set.bornTurn(cursor, fold.turn);
  cursors.set.aux(cursor, aux);
  countCursor(state, kind, dagSeq, 1);
}

/** The row that a cursor works on knows how many of them there are: it stays until the last one is done. */
export function countCursor(state: State, kind: number, seq: number, change: number): void {
  const { dags, executors } = state;
  if (isOfDag(kind)) {
    const dag = dags.find(seq);
    if (dag !== 0) dags.add.cursors(dag, change);
  } else if (kind === CursorKind.dropLeases) {
    executors.add.cursors(executors.find(seq), change);
  }
}

/** Whether a cursor works on a DAG; others work on an executor's leases, or on the tags of a class and priority. */
export function isOfDag(kind: number): boolean {
  return kind !== CursorKind.dropLeases && kind !== CursorKind.dropTags;
}
