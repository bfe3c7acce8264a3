import { CursorKind } from '../../catalogue/generated/codes.js';
import type { Fold } from '../fold.js';
import type { State } from '../rows/state.js';

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

/** A look at all jobs of a DAG that begins, or goes on in a new run; until then its tenant has all that may be runnable. */
export function makeScan(fold: Fold, dag: number): void {
  const { dags } = fold.state;
  const count = dags.c.jobsLeft[dag]!;
  makeCursor(fold, CursorKind.scan, dags.keyA[dag]!, 0, count);
  countUnscanned(fold.state, dag, count);
}

/** A scan of so many jobs has come to `next`; -1: it is done. */
export function scanned({ state }: Fold, dag: number, count: number, from: number, next: number): void {
  const left = next < 0 ? 0 : Math.max(0, count - next);
  countUnscanned(state, dag, left - Math.max(0, count - from));
}

function countUnscanned({ tenants, dags }: State, dag: number, change: number): void {
  if (change !== 0) tenants.add.unscannedJobs(tenants.find(dags.c.tenant[dag]!), change);
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
