/** Cursors of a new run: which jobs wait again, and what those before them say. */
import { Code, DagState, JobState } from '../../catalogue/generated/codes.js';
import { ReopenFrom } from '../evolve/reopen.js';
import { isChildOf } from '../evolve/settle.js';
import { MAX_CURSOR_EVENTS } from '../limits.js';
import type { OpenTurn } from '../open-turn.js';
import { advance, advanceTo } from './advance.js';

/** Jobs, and edges of them, that one step covers. */
const SPAN = MAX_CURSOR_EVENTS * 8;

/** Jobs that wait again in a new run. */
export function reopenJobs(t: OpenTurn, dag: number, cursor: number, seq: number): void {
  const { cursors, dags, space } = t.state;
  const aux = cursors.c.aux[cursor]!;
  const index = cursors.c.job[cursor]!;
  const from = cursors.c.next[cursor]!;
  if (dags.c.state[dag] === DagState.ending) return advance(t, seq, dag, -1, from);
  const job = space.handle(dag, index);
  if (aux === ReopenFrom.job) {
    reopenJob(t, dag, job, false);
    return advance(t, seq, dag, -1, 0);
  }
  if (aux === ReopenFrom.all) return reopenAll(t, dag, seq, from);
  const total = space.degree(job);
  const limit = t.events + MAX_CURSOR_EVENTS;
  let to = from;
  while (to < total && t.events < limit && to - from < SPAN) {
    const target = space.handle(dag, space.target(job, to));
    if (target !== 0) reopenJob(t, dag, target, false);
    to += 1;
  }
  advanceTo(t, seq, dag, to, total);
}

/**
 * Reopens what failed or was cancelled. Children come last, once all that comes after a reopened job waits again: by then
 * it is known which fan-outs keep theirs.
 */
function reopenAll(t: OpenTurn, dag: number, seq: number, from: number): void {
  const { dags, space } = t.state;
  const specJobs = dags.c.specJobs[dag]!;
  const total = dags.c.jobsTotal[dag]!;
  const limit = t.events + MAX_CURSOR_EVENTS;
  let to = from;
  while (to < total && t.events < limit && to - from < SPAN) {
    if (to >= specJobs && dags.c.reopening[dag] !== 1) break;
    const job = space.handle(dag, to);
    if (job !== 0 && isUndone(t, job)) reopenJob(t, dag, job, true);
    to += 1;
  }
  advanceTo(t, seq, dag, to, total);
}

/** What succeeded stays as it is, and so does what was skipped unless a job before it runs again. */
function isUndone(t: OpenTurn, job: number): boolean {
  const state = t.state.jobs.c.state[job]!;
  return state === JobState.failed || state === JobState.cancelled;
}

function hasChildren(t: OpenTurn, dag: number, job: number): boolean {
  const { dags, fans, jobs } = t.state;
  const fan = fans.find(dags.keyA[dag]!, jobs.keyB[job]!);
  return fan !== 0 && fans.c.count[fan]! > 0;
}

/**
 * Reopens one job: under `all` a fan-out keeps its children, until it turns out to come after a job that runs again, as the
 * list that it goes over may be another one then.
 */
function reopenJob(t: OpenTurn, dag: number, job: number, isAll: boolean): void {
  const { jobs, dags, space } = t.state;
  const run = dags.c.run[dag]!;
  const names = { dag: dags.keyA[dag]!, job: jobs.keyB[job]! };
  if (jobs.c.run[job] === run) {
    if (!isAll && jobs.c.state[job] === JobState.fannedOut) t.emit(Code.JobReopened, { ...names, kept: false });
    return;
  }
  if (jobs.c.state[job]! < JobState.succeeded) return;
  const parent = jobs.c.parent[job]!;
  if (parent === 0) return t.emit(Code.JobReopened, { ...names, kept: isAll && hasChildren(t, dag, job) });
  const above = space.handle(dag, parent - 1);
  if (!isChildOf(t.state, dag, above, job)) return;
  if (!isAll && jobs.c.run[above] !== run) t.emit(Code.JobReopened, { dag: names.dag, job: parent - 1, kept: true });
  if (jobs.c.state[above] === JobState.fannedOut) t.emit(Code.JobReopened, { ...names, kept: false });
}

/** Counts the next jobs for those after them. */
export function recountJobs(t: OpenTurn, dag: number, cursor: number, seq: number): void {
  const { cursors, dags, space } = t.state;
  const total = dags.c.specJobs[dag]!;
  let to = cursors.c.next[cursor]!;
  let work = 0;
  while (to < total && work < SPAN) {
    work += 1 + space.degree(space.handle(dag, to));
    to += 1;
  }
  advanceTo(t, seq, dag, to, total);
}
