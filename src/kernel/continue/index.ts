/**
 * Continuations: whatever is not bounded by a constant is done by cursors, in one line, first come first served. A
 * cursor does at most `MAX_CURSOR_EVENTS` events, then goes to the end of the line; all of them together get half of a
 * turn's events, so that others go on meanwhile.
 */
import { CauseCode, Code, CursorKind, DagState, JobState, LeaseState } from '../../catalogue/generated/codes.js';
import { endByScheduler } from '../decide/controls.js';
import { endDagIfDone } from '../decide/ended.js';
import { releaseLost } from '../decide/callbacks.js';
import { releaseSlots } from '../decide/lease.js';
import { readyIfPlain } from '../decide/ready.js';
import { ReopenFrom } from '../evolve/reopen.js';
import { IdKind, isOfSession } from '../fold.js';
import { digestCheck, digestKey, digestString } from '../hash.js';
import { MAX_CURSOR_EVENTS } from '../limits.js';
import type { OpenTurn } from '../open-turn.js';
import { ExecutorState, JobFlag } from '../tables.js';
import { activate, readyChildren } from './activate.js';

/** Edges that a cursor covers at once: each costs at most one event here. */
const SPAN = MAX_CURSOR_EVENTS >>> 1;

/** Runs cursors while there are events left up to `until` (a count of the turn's events). */
export function runContinuations(t: OpenTurn, until: number): void {
  const { cursors: line } = t.indexes;
  t.cause = CauseCode.continuation;
  t.input = null;
  let rounds = line.length;
  while (rounds > 0 && t.events < until) {
    rounds -= 1;
    const seq = line.shift()!;
    const cursor = t.state.cursors.find(seq);
    if (cursor === 0 || t.state.cursors.c.kind[cursor] === 0) continue;
    if (mustWait(t, cursor)) {
      line.push(seq);
      continue;
    }
    runCursor(t, cursor, seq);
    rounds = Math.max(rounds, freshCursors(t, line));
  }
  line.sort((a, b) => a - b);
}

/** Cursors that were made in this turn and may run in it. */
function freshCursors(t: OpenTurn, line: readonly number[]): number {
  const last = line[line.length - 1];
  if (last === undefined) return 0;
  const cursor = t.state.cursors.find(last);
  return t.state.cursors.c.bornTurn[cursor] === t.turn ? line.length : 0;
}

/** A cursor that reads cold rows waits for the turn after it was made: they are fetched in between. */
function mustWait(t: OpenTurn, cursor: number): boolean {
  const { cursors } = t.state;
  return cursors.c.bornTurn[cursor] === t.turn && readsCold(t, cursor);
}

/** Whether the cursor reads cold rows: the specification of its job, or the rows of a DAG that is forgotten. */
export function readsCold(t: { readonly state: OpenTurn['state'] }, cursor: number): boolean {
  const { cursors, dags, jobs, space } = t.state;
  const kind = cursors.c.kind[cursor]!;
  if (kind === CursorKind.forget) return true;
  if (kind !== CursorKind.activate) return false;
  const job = space.handle(dags.find(cursors.c.dag[cursor]!), cursors.c.job[cursor]!);
  return (jobs.c.flags[job]! & JobFlag.cold) !== 0;
}

function runCursor(t: OpenTurn, cursor: number, seq: number): void {
  const { cursors, dags, space } = t.state;
  const { kind, dag: dagOf, job: jobOf, next } = cursors.c;
  const dag = kind[cursor] === CursorKind.dropLeases ? 0 : dags.find(dagOf[cursor]!);
  const from = next[cursor]!;
  switch (kind[cursor]) {
    case CursorKind.activate:
      activate(t, dag, space.handle(dag, jobOf[cursor]!));
      return advance(t, seq, -1, 0);
    case CursorKind.settle:
      return settle(t, dag, space.handle(dag, jobOf[cursor]!), cursor, seq, from);
    case CursorKind.scan:
      return scan(t, dag, seq, from);
    case CursorKind.fanOut:
      return makeChildren(t, dag, jobOf[cursor]!, seq);
    case CursorKind.cancel:
      return cancelJobs(t, dag, seq, from);
    case CursorKind.dropLeases:
      return dropLeases(t, dagOf[cursor]!, seq);
    case CursorKind.reopen:
      return reopenJobs(t, dag, cursor, seq, from);
    case CursorKind.recount: {
      const to = Math.min(dags.c.specJobs[dag]!, from + MAX_CURSOR_EVENTS);
      return advance(t, seq, to < dags.c.specJobs[dag]! ? to : -1, to);
    }
    case CursorKind.forget:
      return forget(t, dag, seq, from);
    default:
      throw new Error(`assertion failed: no cursor kind ${kind[cursor]}`);
  }
}

function advance(t: OpenTurn, cursor: number, next: number, to: number): void {
  t.emit(Code.ContinuationAdvanced, { cursor, next, to });
}

/** Tells the many jobs after an ended one. */
function settle(t: OpenTurn, dag: number, job: number, cursor: number, seq: number, from: number): void {
  const { space, cursors, jobs } = t.state;
  const degree = space.degree(job);
  const to = Math.min(degree, from + SPAN);
  t.emit(Code.UpstreamSettled, { dag: jobs.keyA[job]!, job: jobs.keyB[job]!, from, to, ending: cursors.c.aux[cursor]! });
  if (t.state.dags.c.state[dag] === DagState.open) {
    for (let n = from; n < to; n++) readyIfPlain(t, dag, space.handle(dag, space.target(job, n)));
  }
  advance(t, seq, to < degree ? to : -1, to);
}

/** Looks at all jobs of a DAG: plain ready ones enter the frontier, the rest get cursors (evolve). */
function scan(t: OpenTurn, dag: number, seq: number, from: number): void {
  const { dags, space } = t.state;
  const total = dags.c.jobsTotal[dag]!;
  let to = from;
  if (dags.c.state[dag] === DagState.open) {
    const limit = t.events + MAX_CURSOR_EVENTS;
    while (to < total && t.events < limit && to - from < MAX_CURSOR_EVENTS * 4) {
      const job = space.handle(dag, to);
      if (job !== 0) readyIfPlain(t, dag, job);
      to += 1;
    }
  } else to = total;
  advance(t, seq, to < total ? to : -1, to);
  if (to >= total) endDagIfDone(t, dag);
}

function makeChildren(t: OpenTurn, dag: number, index: number, seq: number): void {
  const { dags, fans, jobs, space } = t.state;
  const dagSeq = dags.keyA[dag]!;
  const fan = fans.find(dagSeq, index);
  const job = space.handle(dag, index);
  if (dags.c.state[dag] !== DagState.open || jobs.c.state[job] !== JobState.fannedOut) return advance(t, seq, -1, 0);
  const base = fans.c.base[fan]!;
  const from = base + fans.c.made[fan]!;
  const end = base + fans.c.count[fan]!;
  const to = Math.min(end, from + MAX_CURSOR_EVENTS);
  t.emit(Code.JobsFannedOut, {
    dag: dagSeq,
    job: index,
    base,
    count: fans.c.count[fan]!,
    from,
    to,
    work: 0,
    dagFinish: dags.c.dagFinish[dag]!,
    dueAtMs: dags.c.dueAtMs[dag]!,
    estimateMs: fans.c.estimateMs[fan]!,
    tolerate: fans.c.tolerate[fan]!,
  });
  readyChildren(t, dag, from, to);
  advance(t, seq, to < end ? to : -1, to);
}

/** Ends the jobs of an ending DAG, one after the other; children that were never made end with their fan-out. */
function cancelJobs(t: OpenTurn, dag: number, seq: number, from: number): void {
  const { dags, space, jobs } = t.state;
  const total = dags.c.jobsTotal[dag]!;
  const reason = dags.c.outcome[dag] === 2 ? 'dag-cancelled' : dags.c.code[dag] === 'hard-deadline' ? 'hard-deadline' : 'dag-failed';
  const limit = t.events + MAX_CURSOR_EVENTS;
  let to = from;
  while (to < total && t.events < limit && to - from < MAX_CURSOR_EVENTS * 16) {
    const job = space.handle(dag, to);
    if (job !== 0 && jobs.c.state[job]! < JobState.succeeded && jobs.c.state[job] !== 0) endByScheduler(t, dag, job, reason);
    to += 1;
  }
  advance(t, seq, to < total ? to : -1, to);
  endDagIfDone(t, dag);
}

/** Ends leases of an executor that is gone, or that does not list them any more. */
function dropLeases(t: OpenTurn, executorSeq: number, seq: number): void {
  const { executors, leases } = t.state;
  const executor = executors.find(executorSeq);
  const isLive = executors.c.state[executor] === ExecutorState.live;
  const isLost = executors.c.state[executor] === ExecutorState.lost;
  const limit = t.events + MAX_CURSOR_EVENTS;
  for (const token of t.indexes.tokensOf(executorSeq)) {
    if (t.events >= limit) return advance(t, seq, 1, 1);
    const lease = leases.find(token);
    if (isLive && isOfSession(t.state, lease)) continue;
    if (leases.c.state[lease] === LeaseState.inForce) releaseLost(t, lease, !isLost);
    else if (!isLost && leases.c.state[lease] === LeaseState.reclaiming) releaseSlots(t, lease);
  }
  advance(t, seq, -1, 1);
}

/** Jobs that wait again in a new run. */
function reopenJobs(t: OpenTurn, dag: number, cursor: number, seq: number, from: number): void {
  const { cursors, dags, space } = t.state;
  const aux = cursors.c.aux[cursor]!;
  const index = cursors.c.job[cursor]!;
  if (aux === ReopenFrom.job) {
    reopenJob(t, dag, space.handle(dag, index), false);
    return advance(t, seq, -1, 0);
  }
  const job = space.handle(dag, index);
  const total = aux === ReopenFrom.all ? dags.c.jobsTotal[dag]! : space.degree(job);
  const limit = t.events + MAX_CURSOR_EVENTS;
  let to = from;
  while (to < total && t.events < limit && to - from < MAX_CURSOR_EVENTS * 4) {
    const target = space.handle(dag, aux === ReopenFrom.all ? to : space.target(job, to));
    if (target !== 0) reopenJob(t, dag, target, aux === ReopenFrom.all);
    to += 1;
  }
  advance(t, seq, to < total ? to : -1, to);
}

/** Reopens one job: under `all` only what did not succeed, and fan-outs keep their children. */
function reopenJob(t: OpenTurn, dag: number, job: number, isAll: boolean): void {
  const { jobs, dags, fans, space } = t.state;
  const run = dags.c.run[dag]!;
  if (jobs.c.run[job] === run || jobs.c.state[job]! < JobState.succeeded) return;
  if (isAll && jobs.c.state[job] === JobState.succeeded) return;
  const names = { dag: dags.keyA[dag]!, job: jobs.keyB[job]! };
  const parent = jobs.c.parent[job]!;
  if (parent !== 0) {
    const above = space.handle(dag, parent - 1);
    if (!isAll && jobs.c.run[above] !== run) t.emit(Code.JobReopened, { dag: names.dag, job: parent - 1, kept: true });
    if (jobs.c.state[above] !== JobState.fannedOut || jobs.c.run[above] !== run) return;
    return t.emit(Code.JobReopened, { ...names, kept: false });
  }
  const fan = fans.find(names.dag, names.job);
  const isWhole = fan !== 0 && fans.c.count[fan]! > 0 && fans.c.made[fan] === fans.c.count[fan];
  t.emit(Code.JobReopened, { ...names, kept: isAll && isWhole });
}

/** Jobs whose rows are removed at once. */
const FORGET_SPAN = MAX_CURSOR_EVENTS * 4;

function forget(t: OpenTurn, dag: number, seq: number, from: number): void {
  const total = t.state.dags.c.jobsTotal[dag]!;
  const to = Math.min(total, Math.max(from, FORGET_SPAN) + FORGET_SPAN);
  forgetRange(t, dag, Math.max(from, FORGET_SPAN), to);
  advance(t, seq, to < total ? to : -1, to);
}

/** Removes the rows of a range of a terminal DAG's jobs, and with the last range the DAG's own. */
export function forgetRange(t: OpenTurn, dag: number, from: number, to: number): void {
  const { dags } = t.state;
  const { tenant, dagId, idempotencyKey } = t.coldView.spec(dags.keyA[dag]!);
  digestString(`${IdKind.dag}\u0000${tenant}\u0000${dagId}`);
  const [idA, idB] = [digestKey(), digestCheck()];
  digestString(`${IdKind.idempotency}\u0000${tenant}\u0000${idempotencyKey}`);
  const [keyA, keyB] = [digestKey(), digestCheck()];
  t.emit(Code.DagForgotten, { dag: dags.keyA[dag]!, from, to, last: to >= dags.c.jobsTotal[dag]!, idA, idB, keyA, keyB });
}

/** First range of a DAG that is to be forgotten; more of it is a continuation. */
export function beginForgetting(t: OpenTurn, dag: number): void {
  forgetRange(t, dag, 0, Math.min(t.state.dags.c.jobsTotal[dag]!, FORGET_SPAN));
}

