/** Continuations: how far a cursor has come, and what comes after it. */
import { CursorKind } from '../../catalogue/generated/codes.js';
import type * as E from '../../catalogue/generated/types.js';
import type { Fold } from '../fold.js';
import { dagRow } from './dags.js';
import { countCursor, scanned } from './make-cursor.js';
import { recount, recountDone, reopeningDone } from './reopen.js';
import { activateIfNotPlain } from './settle.js';
import { dropTags } from './tags.js';

export function continuationAdvanced(fold: Fold, body: E.ContinuationAdvanced): void {
  const { state } = fold;
  const { cursors } = state;
  const cursor = cursors.find(body.cursor);
  const kind = cursors.c.kind[cursor]!;
  const dagSeq = cursors.c.dag[cursor]!;
  const from = cursors.c.next[cursor]!;
  const isDone = body.next < 0;
  const to = body.to;
  if (kind === CursorKind.scan) {
    scanned(fold, dagRow(fold, dagSeq), cursors.c.aux[cursor]!, from, body.next);
    scan(fold, dagSeq, from, to);
  }
  if (kind === CursorKind.recount) recount(fold, dagSeq, from, to);
  if (kind === CursorKind.dropTags) dropTags(fold, cursors.c.aux[cursor]!, to);
  if (isDone) finish(fold, cursor, kind, dagSeq);
  else requeue(fold, cursor, body.next);
  if (!isDone) return;
  if (kind === CursorKind.reopen) reopeningDone(fold, dagRow(fold, dagSeq));
  if (kind === CursorKind.recount) recountDone(fold, dagRow(fold, dagSeq));
}

/** Jobs of the range that are decided and not plain get their own cursors; the plain ones are readied by the scan. */
function scan(fold: Fold, dagSeq: number, from: number, to: number): void {
  const { space } = fold.state;
  const dag = dagRow(fold, dagSeq);
  for (let index = from; index < to; index++) {
    const job = space.handle(dag, index);
    if (job !== 0) activateIfNotPlain(fold, dag, job);
  }
}

/** To the end of the line: the same work under a new number. */
function requeue(fold: Fold, cursor: number, next: number): void {
  const { state } = fold;
  const { cursors } = state;
  const { kind, dag, job, bornTurn, aux } = cursors.c;
  const moved = cursors.row(state.cell.add.nextCursor(state.cellRow, 1));
  cursors.set.kind(moved, kind[cursor]!);
  cursors.set.dag(moved, dag[cursor]!);
  cursors.set.job(moved, job[cursor]!);
  cursors.set.bornTurn(moved, bornTurn[cursor]!);
  cursors.set.aux(moved, aux[cursor]!);
  cursors.set.next(moved, next);
  cursors.clear(cursor);
}

function finish(fold: Fold, cursor: number, kind: number, dagSeq: number): void {
  const { state } = fold;
  state.cursors.clear(cursor);
  countCursor(state, kind, dagSeq, -1);
}
