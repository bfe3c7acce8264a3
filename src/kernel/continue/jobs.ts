/** Cursors over jobs: telling the many after one, looking at all of a DAG, making children, ending a DAG's jobs. */
import { Code, DagState, JobState } from '../../catalogue/generated/codes.js';
import { endByScheduler } from '../decide/ended.js';
import { readyIfPlain } from '../decide/ready.js';
import { OUTCOMES } from '../evolve/dags.js';
import { MAX_CURSOR_EVENTS } from '../limits.js';
import type { OpenTurn } from '../open-turn.js';
import { readyChildren } from './activate.js';
import { advance, advanceTo } from './advance.js';

/** Edges that a cursor covers at once: each costs at most one event here. */
const SPAN = MAX_CURSOR_EVENTS >>> 1;
/** Jobs that a cursor looks at in one step beyond those that cost events. */
const LOOKS = MAX_CURSOR_EVENTS * 8;

/** Tells the many jobs after an ended one. */
export function settle(t: OpenTurn, dag: number, cursor: number, seq: number): void {
  const { space, cursors, jobs, dags } = t.state;
  const job = space.handle(dag, cursors.c.job[cursor]!);
  const from = cursors.c.next[cursor]!;
  const degree = space.degree(job);
  if (dags.c.state[dag]! > DagState.open) return advance(t, seq, dag, -1, from);
  const to = Math.min(degree, from + SPAN);
  t.emit(Code.UpstreamSettled, {
    dag: jobs.keyA[job]!,
    job: jobs.keyB[job]!,
    from,
    to,
    ending: cursors.c.aux[cursor]!,
  });
  if (dags.c.state[dag] === DagState.open) {
    for (let n = from; n < to; n++) readyIfPlain(t, dag, space.handle(dag, space.target(job, n)));
  }
  advanceTo(t, seq, dag, to, degree);
}

/** Looks at all jobs of a DAG: plain ready ones enter the frontier, the rest get cursors (evolve). */
export function scan(t: OpenTurn, dag: number, cursor: number, seq: number): void {
  const { dags, space, cursors } = t.state;
  const from = cursors.c.next[cursor]!;
  const total = dags.c.jobsTotal[dag]!;
  if (dags.c.state[dag] !== DagState.open) return advance(t, seq, dag, -1, from);
  const limit = t.events + MAX_CURSOR_EVENTS;
  let to = from;
  while (to < total && t.events < limit && to - from < LOOKS) {
    const job = space.handle(dag, to);
    if (job !== 0) readyIfPlain(t, dag, job);
    to += 1;
  }
  advanceTo(t, seq, dag, to, total);
}

/** Makes the next children of a fan-out. */
export function makeChildren(t: OpenTurn, dag: number, cursor: number, seq: number): void {
  const { dags, fans, jobs, space, cursors } = t.state;
  const dagSeq = dags.keyA[dag]!;
  const index = cursors.c.job[cursor]!;
  const fan = fans.find(dagSeq, index);
  const job = space.handle(dag, index);
  if (dags.c.state[dag]! > DagState.open || jobs.c.state[job] !== JobState.fannedOut)
    return advance(t, seq, dag, -1, 0);
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
  advanceTo(t, seq, dag, to, end);
}

/** Ends the jobs of an ending DAG, one after the other; children that were never made end with their fan-out. */
export function cancelJobs(t: OpenTurn, dag: number, cursor: number, seq: number): void {
  const { dags, space, jobs, cursors } = t.state;
  const from = cursors.c.next[cursor]!;
  const total = dags.c.jobsTotal[dag]!;
  const reason = reasonOf(t, dag);
  const limit = t.events + MAX_CURSOR_EVENTS;
  let to = from;
  while (to < total && t.events < limit && to - from < LOOKS) {
    const job = space.handle(dag, to);
    if (job !== 0 && jobs.c.state[job]! < JobState.succeeded) endByScheduler(t, dag, job, reason);
    to += 1;
  }
  advanceTo(t, seq, dag, to, total);
}

/** Why the jobs of an ending DAG are cancelled. */
function reasonOf(t: OpenTurn, dag: number): string {
  const { outcome, code } = t.state.dags.c;
  if (OUTCOMES[outcome[dag]!] === 'cancelled') return 'dag-cancelled';
  return code[dag] === 'hard-deadline' ? 'hard-deadline' : 'dag-failed';
}
