import { Code } from '../../catalogue/generated/codes.js';
import { endDagIfDone } from '../decide/ended.js';
import type { OpenTurn } from '../open-turn.js';

/**
 * Ends a step of a cursor: it goes on at `next`, or is done (-1); `to` is where this step stopped. A DAG may end with
 * its last cursor; `dag` is 0 for a cursor that belongs to none.
 */
export function advance(t: OpenTurn, cursor: number, dag: number, next: number, to: number): void {
  t.emit(Code.ContinuationAdvanced, { cursor, next, to });
  if (next < 0 && dag !== 0) endDagIfDone(t, dag);
}

/** The same for a cursor that goes over places up to `total`. */
export function advanceTo(t: OpenTurn, cursor: number, dag: number, to: number, total: number): void {
  advance(t, cursor, dag, to < total ? to : -1, to);
}
