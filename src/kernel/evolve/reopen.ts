/**
 * A new run of a DAG that had ended: which jobs wait again, and the counts that they wait with. First cursors reopen
 * jobs, then one counts for each job that waits again what those before it say; only then does a scan ready anything.
 */
import { CursorKind, DagState, JobState } from '../../catalogue/generated/codes.js';
import type * as E from '../../catalogue/generated/types.js';
import { type Fold, slotsOf } from '../fold.js';
import { CONDITION_FALSE } from '../reasons.js';
import { DeadlineFlag, JobFlag } from '../rows/flags.js';
import { dagRow, openFair } from './dags.js';
import { costOf } from './flows.js';
import { countsAgainst, jobRow } from './jobs.js';
import { makeCursor, makeScan } from './make-cursor.js';
import { costOfJob, unmade } from './settle.js';

export function dagReopened(fold: Fold, body: E.DagReopened): void {
  const { state } = fold;
  const { dags } = state;
  const { c } = dags;
  const dag = dagRow(fold, body.dag);
  dags.set.state(dag, body.held ? DagState.held : DagState.open);
  dags.set.paused(dag, 0);
  dags.set.run(dag, body.run);
  dags.set.work(dag, body.work);
  dags.set.workDone(dag, 0);
  dags.set.dagFinish(dag, body.dagFinish);
  dags.set.dueAtMs(dag, body.dueAtMs);
  dags.set.reopenedAtMs(dag, fold.at);
  dags.set.endedAtMs(dag, 0);
  dags.set.outcome(dag, 0);
  dags.set.code(dag, '');
  dags.set.deadlineFlags(dag, c.deadlineFlags[dag]! & ~DeadlineFlag.atRisk);
  countReopened(fold, dag, body.held);
  startReopening(fold, dag, Math.max(0, body.job), body.job < 0 ? ReopenFrom.all : ReopenFrom.job);
}

/** The DAG is back among what is open, and no longer waits to be forgotten. */
function countReopened(fold: Fold, dag: number, held: boolean): void {
  const { state } = fold;
  const { dags, tenants, cell, cellRow, retired } = state;
  const { c } = dags;
  const tenant = tenants.find(c.tenant[dag]!);
  cell.add.openDags(cellRow, 1);
  cell.add.knownJobs(cellRow, c.jobsTotal[dag]!);
  cell.add.retiredJobs(cellRow, -c.jobsTotal[dag]!);
  tenants.add.openDags(tenant, 1);
  if (!held) tenants.add.activeDags(tenant, 1);
  openFair(fold, c.priority[dag]!, c.tenant[dag]!, 1);
  retired.clear(retired.find(c.retiredSeq[dag]!));
  dags.set.retiredSeq(dag, 0);
}

function startReopening(fold: Fold, dag: number, job: number, from: number): void {
  const { dags } = fold.state;
  dags.add.reopening(dag, 1);
  makeCursor(fold, CursorKind.reopen, dags.keyA[dag]!, job, from);
}

/** What a reopening cursor goes over: all jobs, one named job, or the jobs right after one. */
export const ReopenFrom = { all: 1, job: 2, after: 3 } as const;

/**
 * A job waits again; a fan-out whose children are kept goes on with them. Where that was said of it in this run, and now
 * is not, it makes them anew: it comes after a job that runs again.
 */
export function jobReopened(fold: Fold, body: E.JobReopened): void {
  const { state } = fold;
  const { jobs, dags, space } = state;
  const { c } = jobs;
  const dag = dagRow(fold, body.dag);
  const job = jobRow(fold, body.dag, body.job);
  if (c.run[job] === dags.c.run[dag] && c.state[job] === JobState.fannedOut) return keepNot(fold, dag, job);
  if (countsAgainst(state, job)) dags.add.jobsFailed(dag, -1);
  if (c.state[job] === JobState.succeeded) dags.add.work(dag, costOfJob(fold, job));
  jobs.set.run(job, dags.c.run[dag]!);
  jobs.set.state(job, body.kept ? JobState.fannedOut : JobState.waiting);
  jobs.set.reason(job, 0);
  jobs.set.readySeq(job, 0);
  jobs.set.lost(job, 0);
  jobs.set.failures(job, 0);
  jobs.set.permille(job, 0);
  jobs.set.flags(job, c.flags[job]! & ~JobFlag.resolved);
  if ((c.flags[job]! & JobFlag.signal) !== 0) jobs.add.attempt(job, 1);
  dags.add.jobsLeft(dag, 1);
  if (body.kept) goOn(fold, dag, job);
  else waitAnew(fold, dag, job);
  if (space.degree(job) !== 0) startReopening(fold, dag, body.job, ReopenFrom.after);
}

/** A fan-out goes on with the children that it has; those that were never made are made once the counts are. */
function goOn(fold: Fold, dag: number, job: number): void {
  fold.state.dags.add.jobsLeft(dag, unmade(fold, job));
}

/** A fan-out that was to go on waits instead. */
function keepNot(fold: Fold, dag: number, job: number): void {
  const { dags, jobs } = fold.state;
  dags.add.jobsLeft(dag, -unmade(fold, job));
  jobs.set.state(job, JobState.waiting);
  waitAnew(fold, dag, job);
}

/** The counts of a job that waits again are made anew; a child's fan-out counts it as not ended. */
function waitAnew(fold: Fold, dag: number, job: number): void {
  const { state } = fold;
  const { dags, fans, jobs, space } = state;
  const { c } = jobs;
  const fan = fans.find(dags.keyA[dag]!, jobs.keyB[job]!);
  if (fan !== 0) {
    // It will fan out again, and then all its children count: those that are left of the last run no longer do.
    const undone = fans.c.count[fan]! - c.good[job]!;
    const work = undone * costOf(fans.c.estimateMs[fan]!, slotsOf(state, job));
    dags.add.work(dag, -work);
    dags.set.dagFinish(dag, Math.max(0, dags.c.dagFinish[dag]! - work));
    fans.set.count(fan, 0);
    fans.set.made(fan, 0);
  }
  jobs.set.left(job, 0);
  jobs.set.good(job, 0);
  jobs.set.bad(job, 0);
  const parent = c.parent[job]!;
  if (parent === 0) return;
  const above = space.handle(dag, parent - 1);
  jobs.add.left(above, 1);
  jobs.add.bad(above, -1);
}

/** A reopening cursor is done; after the last of them the counts are made. */
export function reopeningDone(fold: Fold, dag: number): void {
  const { state } = fold;
  const { dags } = state;
  if (dags.c.reopening[dag] === 1 && dags.c.state[dag] !== DagState.ending) {
    makeCursor(fold, CursorKind.recount, dags.keyA[dag]!, 0);
    return;
  }
  dags.add.reopening(dag, -1);
}

/** The counts are made: from now on jobs become ready. */
export function recountDone(fold: Fold, dag: number): void {
  const { state } = fold;
  const { dags } = state;
  dags.set.recounted(dag, 0);
  dags.add.reopening(dag, -1);
  makeScan(fold, dag);
}

/**
 * For jobs `from` to `to`: the jobs after them that wait again count how these stand or have ended, and those that are
 * fan-outs and go on make what is missing of their children.
 */
export function recount(fold: Fold, dagSeq: number, from: number, to: number): void {
  const { state } = fold;
  const { jobs, dags, space } = state;
  const { c } = jobs;
  const dag = dagRow(fold, dagSeq);
  dags.set.recounted(dag, to);
  const run = dags.c.run[dag]!;
  for (let index = from; index < to; index++) {
    const job = space.handle(dag, index);
    if (c.run[job] === run && c.state[job] === JobState.fannedOut && unmade(fold, job) > 0) {
      makeCursor(fold, CursorKind.fanOut, dagSeq, index);
    }
    const degree = space.degree(job);
    for (let n = 0; n < degree; n++) {
      const target = space.handle(dag, space.target(job, n));
      if (c.run[target] !== run || c.state[target] !== JobState.waiting) continue;
      const jobState = c.state[job]!;
      const isNeutral = jobState === JobState.skipped && c.reason[job] === CONDITION_FALSE;
      if (jobState < JobState.succeeded) jobs.add.left(target, 1);
      else if (jobState > JobState.succeeded && !isNeutral) jobs.add.bad(target, 1);
      else if (jobState === JobState.succeeded && c.join[target] !== 0) jobs.add.good(target, 1);
    }
  }
}
