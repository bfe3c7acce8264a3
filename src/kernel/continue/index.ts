/**
 * Continuations: whatever is not bounded by a constant is done by cursors, in one line, first come first served. A
 * cursor does about `MAX_CURSOR_EVENTS` events at most, then goes to the end of the line; all of them together get a
 * share of a turn's events that grows with its inputs and with the line, so that others go on meanwhile.
 */
import { CauseCode, CursorKind } from '../../catalogue/generated/codes.js';
import { isOfDag } from '../evolve/make-cursor.js';
import { EVENTS_PER_CURSOR, MAX_CONTINUATION_EVENTS, MAX_KNOWN_BYTES, MIN_CONTINUATION_EVENTS } from '../limits.js';
import type { OpenTurn } from '../open-turn.js';
import { JobFlag } from '../rows/flags.js';
import type { State } from '../rows/state.js';
import { activate } from './activate.js';
import { advance } from './advance.js';
import { dropLeases } from './executors.js';
import { forget } from './forget.js';
import { cancelJobs, makeChildren, scan, settle } from './jobs.js';
import { recountJobs, reopenJobs } from './reopen.js';
import { dropIdleTags } from './tags.js';

/**
 * Events that continuations may use in a turn that takes so many inputs and began with so many cursors in line. A giant is
 * few cursors and gets little beside few inputs; many DAGs are many, and their jobs must not wait for one turn after
 * another.
 */
export function shareOfContinuations(inputs: number, waiting: number): number {
  const wanted = Math.max(inputs, waiting * EVENTS_PER_CURSOR);
  return Math.min(MAX_CONTINUATION_EVENTS, Math.max(MIN_CONTINUATION_EVENTS, wanted));
}

/** Runs cursors while the turn has fewer than `until` events, and has not looked into as much as it keeps in mind. */
export function runContinuations(t: OpenTurn, until: number): void {
  const { cursors: line } = t.indexes;
  const waiting: number[] = [];
  t.cause = CauseCode.continuation;
  t.input = null;
  while (line.length > 0 && t.events < until && t.lookup.looked < MAX_KNOWN_BYTES) {
    const seq = line.shift();
    const cursor = t.state.cursors.find(seq);
    if (mustWait(t, cursor)) waiting.push(seq);
    else runCursor(t, cursor, seq);
  }
  for (let seq = waiting.pop(); seq !== undefined; seq = waiting.pop()) line.unshift(seq);
}

/** A cursor that reads cold rows waits for the turn after it was made: they are fetched in between. */
function mustWait(t: OpenTurn, cursor: number): boolean {
  const { cursors } = t.state;
  return cursors.c.bornTurn[cursor] === t.turn && readsCold(t.state, cursor);
}

/** Whether the cursor reads cold rows: the specification of its job, or the rows of a DAG that is forgotten. */
export function readsCold(state: State, cursor: number): boolean {
  const { cursors, dags, jobs, space } = state;
  const kind = cursors.c.kind[cursor]!;
  if (kind === CursorKind.forget) return true;
  if (kind !== CursorKind.activate) return false;
  const job = space.handle(dags.find(cursors.c.dag[cursor]!), cursors.c.job[cursor]!);
  return (jobs.c.flags[job]! & JobFlag.cold) !== 0;
}

function runCursor(t: OpenTurn, cursor: number, seq: number): void {
  const { cursors, dags, space } = t.state;
  const kind = cursors.c.kind[cursor]!;
  const dag = isOfDag(kind) ? dags.find(cursors.c.dag[cursor]!) : 0;
  switch (kind) {
    case CursorKind.activate:
      activate(t, dag, space.handle(dag, cursors.c.job[cursor]!));
      return advance(t, seq, dag, -1, 0);
    case CursorKind.settle:
      return settle(t, dag, cursor, seq);
    case CursorKind.scan:
      return scan(t, dag, cursor, seq);
    case CursorKind.fanOut:
      return makeChildren(t, dag, cursor, seq);
    case CursorKind.cancel:
      return cancelJobs(t, dag, cursor, seq);
    case CursorKind.dropLeases:
      return dropLeases(t, cursor, seq);
    case CursorKind.reopen:
      return reopenJobs(t, dag, cursor, seq);
    case CursorKind.recount:
      return recountJobs(t, dag, cursor, seq);
    case CursorKind.forget:
      return forget(t, dag, cursor, seq);
    case CursorKind.dropTags:
      return dropIdleTags(t, cursor, seq);
    default:
      throw new Error(`assertion failed: no cursor kind ${kind}`);
  }
}
