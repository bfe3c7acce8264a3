/** What the end of a job means for the jobs after it, for its fan-out, and for its DAG: counts, and cursors. */
import { CursorKind, DagState, JobState } from '../../catalogue/generated/codes.js';
import { type Fold, slotsOf } from '../fold.js';
import { INLINE_EDGES } from '../limits.js';
import { JobFlag } from '../rows/flags.js';
import type { State } from '../rows/state.js';
import { costOf, leaveFlow } from './flows.js';
import { makeCursor } from './make-cursor.js';

/** What a job's upstreams say of it. */
export const Verdict = { undecided: 0, ready: 1, skip: 2 } as const;

/** Whether a waiting job is ready or will be skipped, by its join and the counts of its upstreams. */
export function verdictOf({ state }: Pick<Fold, 'state'>, job: number): number {
  const { c } = state.jobs;
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

/** How a job ended, for those that wait for it: a job skipped by its own condition counts neither way under any / n. */
export type Ending = 'good' | 'bad' | 'neutral';

/** Ends a job: its state, its DAG's counts, and what it means for others, at once or as a continuation. */
export function endJob(fold: Fold, dag: number, job: number, jobState: number, ending: Ending): void {
  const { state } = fold;
  const { jobs, dags, space } = state;
  const before = jobs.c.state[job]!;
  if (before === JobState.ready) unready(fold, dag, job);
  jobs.set.state(job, jobState);
  dags.add.jobsLeft(dag, -1);
  if (before === JobState.fannedOut) dags.add.jobsLeft(dag, -unmade(fold, job));
  else if (jobState === JobState.succeeded) dags.add.workDone(dag, costOfJob(fold, job));
  const parent = jobs.c.parent[job]!;
  if (parent !== 0) settleParent(fold, dag, space.handle(dag, parent - 1), job, ending);
  const degree = space.degree(job);
  if (degree === 0 || !tellsOthers(fold, dag, job)) return;
  if (degree <= INLINE_EDGES) settleEdges(fold, dag, job, 0, degree, ending);
  else makeCursor(fold, CursorKind.settle, dags.keyA[dag]!, jobs.keyB[job]!, ENDINGS.indexOf(ending));
}

/** Children of a fan-out that were never made. */
export function unmade(fold: Fold, parent: number): number {
  const { fans, jobs } = fold.state;
  const fan = fans.find(jobs.keyA[parent]!, jobs.keyB[parent]!);
  return fans.c.count[fan]! - fans.c.made[fan]!;
}

/** Slot-ms that a job stands for in its DAG's work; a fan-out stands for none, its children do. */
export function costOfJob(fold: Fold, job: number): number {
  const { flags, estimateMs } = fold.state.jobs.c;
  return (flags[job]! & JobFlag.fanOut) !== 0 ? 0 : costOf(estimateMs[job]!, slotsOf(fold.state, job));
}

/**
 * Whether the jobs after one count its end. Nothing of an ending DAG becomes ready any more; and while a DAG is
 * reopened, those that were not counted yet will be, as they stand then.
 */
function tellsOthers(fold: Fold, dag: number, job: number): boolean {
  const { dags, jobs } = fold.state;
  if (dags.c.state[dag] === DagState.ending) return false;
  return dags.c.reopening[dag] === 0 || jobs.keyB[job]! < dags.c.recounted[dag]!;
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
  classes.add.ready(classes.find(jobs.c.class[job]!), -1);
  tenants.add.runnableJobs(tenants.find(dags.c.tenant[dag]!), -1);
}

/** Tells a range of a job's edges how it ended. */
export function settleEdges(fold: Fold, dag: number, job: number, from: number, to: number, ending: Ending): void {
  const { space } = fold.state;
  for (let n = from; n < to; n++) settleOne(fold, dag, space.handle(dag, space.target(job, n)), ending);
}

function settleOne(fold: Fold, dag: number, target: number, ending: Ending): void {
  const { state } = fold;
  const { jobs } = state;
  // A job that has begun no longer counts: under a join of n others may run on, and a fan-out counts its children.
  if (jobs.c.state[target] !== JobState.waiting) return;
  const before = verdictOf(fold, target);
  jobs.add.left(target, -1);
  if (ending === 'bad') jobs.add.bad(target, 1);
  else if (ending === 'good' && jobs.c.join[target] !== 0) jobs.add.good(target, 1);
  if (before === Verdict.undecided) activateIfNotPlain(fold, dag, target);
}

/** A job whose upstreams have decided and that is no plain ready job gets a cursor that does the rest. */
export function activateIfNotPlain(fold: Fold, dag: number, job: number): void {
  const { dags, jobs } = fold.state;
  if (dags.c.state[dag] !== DagState.open || dags.c.reopening[dag] !== 0) return;
  const verdict = verdictOf(fold, job);
  if (verdict === Verdict.undecided) return;
  if (verdict === Verdict.ready && isPlain(jobs.c.flags[job]!)) return;
  makeCursor(fold, CursorKind.activate, dags.keyA[dag]!, jobs.keyB[job]!);
}

/** A fan-out counts all of its children, whatever became of it meanwhile: a later run may go on with them. */
function settleParent(fold: Fold, dag: number, parent: number, child: number, ending: Ending): void {
  const { state } = fold;
  const { jobs } = state;
  if (!isChildOf(state, dag, parent, child)) return;
  jobs.add.left(parent, -1);
  if (ending === 'bad') jobs.add.bad(parent, 1);
  else jobs.add.good(parent, 1);
}

/** Whether the job is among the children that the fan-out has now, not those of an earlier run. */
export function isChildOf(state: State, dag: number, parent: number, child: number): boolean {
  const { fans, jobs, dags } = state;
  const fan = fans.find(dags.keyA[dag]!, jobs.keyB[parent]!);
  const place = jobs.keyB[child]! - fans.c.base[fan]!;
  return fan !== 0 && place >= 0 && place < fans.c.made[fan]!;
}
