/** What the end of a job means for the jobs after it, for its fan-out, and for its DAG: counts, and cursors. */
import { CursorKind, DagState, JobState } from '../../catalogue/generated/codes.js';
import type { Fold } from '../fold.js';
import { INLINE_EDGES } from '../limits.js';
import { JobFlag } from '../tables.js';
import { leaveFlow } from './flows.js';

/** What a job's upstreams say of it. */
export const Verdict = { undecided: 0, ready: 1, skip: 2 } as const;

/** Whether a waiting job is ready or will be skipped, by its join and the counts of its upstreams. */
export function verdictOf(fold: Fold, job: number): number {
  const { c } = fold.state.jobs;
  if (c.state[job] !== JobState.waiting) return Verdict.undecided;
  const join = c.join[job]!;
  if (join === 0) {
    if (c.bad[job]! > 0) return Verdict.skip;
    return c.left[job] === 0 ? Verdict.ready : Verdict.undecided;
  }
  if (c.good[job]! >= join) return Verdict.ready;
  return c.good[job]! + c.left[job]! < join ? Verdict.skip : Verdict.undecided;
}

/** Whether a ready job goes straight to the frontier: an executor runs it, and nothing cold must be read first. */
export function isPlain(flags: number): boolean {
  return (flags & (JobFlag.noop | JobFlag.signal | JobFlag.cold)) === 0;
}

/** Makes a cursor: a continuation that works on the DAG, or on one job of it. */
export function makeCursor(fold: Fold, kind: number, dagSeq: number, job: number, aux = 0): void {
  const { state } = fold;
  const { cursors, dags } = state;
  const cursor = state.row(cursors, state.next('nextCursor'), 0);
  state.set(cursors, cursor, cursors.f.kind, kind);
  state.set(cursors, cursor, cursors.f.dag, dagSeq);
  state.set(cursors, cursor, cursors.f.job, job);
  state.set(cursors, cursor, cursors.f.bornTurn, fold.turn);
  if (aux !== 0) state.set(cursors, cursor, cursors.f.aux, aux);
  const dag = kind === CursorKind.dropLeases ? 0 : dags.find(dagSeq, 0);
  if (dag !== 0) state.add(dags, dag, dags.f.cursors, 1);
}

/** How a job ended, for those that wait for it: a job skipped by its own condition counts neither way under any / n. */
export type Ending = 'good' | 'bad' | 'neutral';

/** Ends a job: its state, its DAG's counts, and what it means for others, at once or as a continuation. */
export function endJob(fold: Fold, dag: number, job: number, jobState: number, ending: Ending): void {
  const { state } = fold;
  const { jobs, dags, space } = state;
  if (jobs.c.state[job] === JobState.ready) unready(fold, dag, job);
  state.set(jobs, job, jobs.f.state, jobState);
  state.add(dags, dag, dags.f.jobsLeft, -1);
  const parent = jobs.c.parent[job]!;
  if (parent !== 0) settleParent(fold, space.handle(dag, parent - 1), ending);
  const degree = space.degree(job);
  if (degree === 0) return;
  if (degree <= INLINE_EDGES) settleEdges(fold, dag, job, 0, degree, ending);
  else makeCursor(fold, CursorKind.settle, dags.keyA[dag]!, jobs.keyB[job]!, ENDINGS.indexOf(ending));
}

const ENDINGS: readonly Ending[] = ['good', 'bad', 'neutral'];

/** The ending that a settling cursor keeps as a number. */
export function endingOf(aux: number): Ending {
  return ENDINGS[aux]!;
}

/** A ready job leaves the frontier without being dispatched. */
export function unready(fold: Fold, dag: number, job: number): void {
  const { state } = fold;
  const { jobs, classes, tenants, dags } = state;
  leaveFlow(fold, dag, job);
  state.add(classes, classes.find(jobs.c.class[job]!), classes.f.ready, -1);
  state.add(tenants, tenants.find(dags.c.tenant[dag]!), tenants.f.runnableJobs, -1);
}

/** Tells a range of a job's edges how it ended. */
export function settleEdges(fold: Fold, dag: number, job: number, from: number, to: number, ending: Ending): void {
  const { space } = fold.state;
  for (let n = from; n < to; n++) settleOne(fold, dag, space.handle(dag, space.target(job, n)), ending);
}

function settleOne(fold: Fold, dag: number, target: number, ending: Ending): void {
  const { state } = fold;
  const { jobs } = state;
  const before = verdictOf(fold, target);
  state.add(jobs, target, jobs.f.left, -1);
  if (ending === 'bad') state.add(jobs, target, jobs.f.bad, 1);
  else if (ending === 'good' && jobs.c.join[target] !== 0) state.add(jobs, target, jobs.f.good, 1);
  if (before === Verdict.undecided) activateIfNotPlain(fold, dag, target);
}

/** A job whose upstreams have decided and that is no plain ready job gets a cursor that does the rest. */
export function activateIfNotPlain(fold: Fold, dag: number, job: number): void {
  const { dags, jobs } = fold.state;
  if (dags.c.state[dag] !== DagState.open) return;
  const verdict = verdictOf(fold, job);
  if (verdict === Verdict.undecided) return;
  if (verdict === Verdict.ready && isPlain(jobs.c.flags[job]!)) return;
  makeCursor(fold, CursorKind.activate, dags.keyA[dag]!, jobs.keyB[job]!);
}

function settleParent(fold: Fold, parent: number, ending: Ending): void {
  const { state } = fold;
  const { jobs } = state;
  if (jobs.c.state[parent] !== JobState.fannedOut) return;
  state.add(jobs, parent, jobs.f.left, -1);
  state.add(jobs, parent, ending === 'bad' ? jobs.f.bad : jobs.f.good, 1);
}
