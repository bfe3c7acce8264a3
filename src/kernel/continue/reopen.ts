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
  const isAll = aux === ReopenFrom.all;
  const total = isAll ? dags.c.jobsTotal[dag]! : space.degree(job);
  const limit = t.events + MAX_CURSOR_EVENTS;
  let to = from;
  while (to < total && t.events < limit && to - from < SPAN) {
    const target = space.handle(dag, isAll ? to : space.target(job, to));
    if (target !== 0) reopenJob(t, dag, target, isAll);
    to += 1;
  }
  advanceTo(t, seq, dag, to, total);
}

/** Reopens one job: under `all` only what did not succeed, and fan-outs keep their children. */
function reopenJob(t: OpenTurn, dag: number, job: number, isAll: boolean): void {
  const { jobs, dags, fans, space } = t.state;
  const run = dags.c.run[dag]!;
  if (jobs.c.run[job] === run || jobs.c.state[job]! < JobState.succeeded) return;
  if (isAll && jobs.c.state[job] === JobState.succeeded) return;
  const names = { dag: dags.keyA[dag]!, job: jobs.keyB[job]! };
  const parent = jobs.c.parent[job]!;
  if (parent === 0) {
    const fan = fans.find(names.dag, names.job);
    return t.emit(Code.JobReopened, { ...names, kept: isAll && fan !== 0 && fans.c.count[fan]! > 0 });
  }
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
