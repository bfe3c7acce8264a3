import { Code } from '../../catalogue/generated/codes.js';
import { MAX_CURSOR_EVENTS } from '../limits.js';
import type { OpenTurn } from '../open-turn.js';
import { advance } from './advance.js';

/** Jobs whose rows are removed at once when a DAG begins to be forgotten: most DAGs are no larger. */
const FIRST_SPAN = MAX_CURSOR_EVENTS * 4;
/** And in a step behind it. A row costs about as much as an event elsewhere, so a step is few of them: turns stay short. */
const SPAN = Math.ceil(MAX_CURSOR_EVENTS / 16);

/** First range of a DAG that is to be forgotten; more of it is a continuation. */
export function beginForgetting(t: OpenTurn, dag: number): void {
  forgetRange(t, dag, 0, FIRST_SPAN);
}

/** The next range. */
export function forget(t: OpenTurn, dag: number, cursor: number, seq: number): void {
  const total = t.state.dags.c.jobsTotal[dag]!;
  const to = forgetRange(t, dag, Math.max(t.state.cursors.c.next[cursor]!, FIRST_SPAN), SPAN);
  advance(t, seq, 0, to < total ? to : -1, to);
}

/** Removes the rows of a range of a terminal DAG's jobs, and with the last range the DAG's own. */
function forgetRange(t: OpenTurn, dag: number, from: number, span: number): number {
  const { dags } = t.state;
  const total = dags.c.jobsTotal[dag]!;
  const to = Math.min(total, from + span);
  t.emit(Code.DagForgotten, { dag: dags.keyA[dag]!, from, to, last: to >= total });
  return to;
}
