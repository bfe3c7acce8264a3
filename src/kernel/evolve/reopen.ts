/**
 * A new run of a DAG that had ended: which jobs wait again, and the counts that they wait with. First cursors reopen
 * jobs, then one counts for each job that waits again what those before it say; only then does a scan ready anything.
 */
import { CursorKind, DagState, JobState } from '../../catalogue/generated/codes.js';
import type * as E from '../../catalogue/generated/types.js';
import { type Fold, slotsOf } from '../fold.js';
import { JobFlag } from '../tables.js';
import { dagRow, openFair } from './dags.js';
import { costOf } from './flows.js';
import { countsAgainst, jobRow } from './jobs.js';
import { makeCursor } from './make-cursor.js';
import { costOfJob, unmade } from './settle.js';

export function dagReopened(fold: Fold, body: E.DagReopened): void {
  const { state } = fold;
  const { dags } = state;
  const { f, c } = dags;
  const dag = dagRow(fold, body.dag);
  state.set(dags, dag, f.state, body.held ? DagState.held : DagState.open);
  state.set(dags, dag, f.paused, 0);
  state.set(dags, dag, f.run, body.run);
  state.set(dags, dag, f.work, body.work);
  state.set(dags, dag, f.workDone, 0);
  state.set(dags, dag, f.dagFinish, body.dagFinish);
  state.set(dags, dag, f.dueAtMs, body.dueAtMs);
  state.set(dags, dag, f.reopenedAtMs, fold.at);
  state.set(dags, dag, f.endedAtMs, 0);
  state.set(dags, dag, f.outcome, 0);
  state.set(dags, dag, f.code, '');
  state.set(dags, dag, f.deadlineFlags, c.deadlineFlags[dag]! & ~2);
  countReopened(fold, dag, body.held);
  startReopening(fold, dag, Math.max(0, body.job), body.job < 0 ? ReopenFrom.all : ReopenFrom.job);
}

/** The DAG is back among what is open, and no longer waits to be forgotten. */
function countReopened(fold: Fold, dag: number, held: boolean): void {
  const { state } = fold;
  const { dags, tenants, cell, cellRow, retired } = state;
  const { c } = dags;
  const tenant = tenants.find(c.tenant[dag]!);
  state.add(cell, cellRow, cell.f.openDags, 1);
  state.add(cell, cellRow, cell.f.knownJobs, c.jobsTotal[dag]!);
  state.add(cell, cellRow, cell.f.retiredJobs, -c.jobsTotal[dag]!);
  state.add(tenants, tenant, tenants.f.openDags, 1);
  if (!held) state.add(tenants, tenant, tenants.f.activeDags, 1);
  openFair(fold, c.priority[dag]!, c.tenant[dag]!, 1);
  state.clear(retired, retired.find(c.retiredSeq[dag]!));
  state.set(dags, dag, dags.f.retiredSeq, 0);
}

function startReopening(fold: Fold, dag: number, job: number, from: number): void {
  const { dags } = fold.state;
  fold.state.add(dags, dag, dags.f.reopening, 1);
  makeCursor(fold, CursorKind.reopen, dags.keyA[dag]!, job, from);
}

/** What a reopening cursor goes over: all jobs, one named job, or the jobs right after one. */
export const ReopenFrom = { all: 1, job: 2, after: 3 } as const;

/** A job waits again; a fan-out whose children are kept goes on with them. */
export function jobReopened(fold: Fold, body: E.JobReopened): void {
  const { state } = fold;
  const { jobs, dags, space } = state;
  const { f, c } = jobs;
  const dag = dagRow(fold, body.dag);
  const job = jobRow(fold, body.dag, body.job);
  if (countsAgainst(state, job)) state.add(dags, dag, dags.f.jobsFailed, -1);
  if (c.state[job] === JobState.succeeded) state.add(dags, dag, dags.f.work, costOfJob(fold, job));
  state.set(jobs, job, f.run, dags.c.run[dag]!);
  state.set(jobs, job, f.state, body.kept ? JobState.fannedOut : JobState.waiting);
  state.set(jobs, job, f.reason, 0);
  state.set(jobs, job, f.readySeq, 0);
  state.set(jobs, job, f.lost, 0);
  state.set(jobs, job, f.failures, 0);
  state.set(jobs, job, f.permille, 0);
  state.set(jobs, job, f.flags, c.flags[job]! & ~JobFlag.resolved);
  if ((c.flags[job]! & JobFlag.signal) !== 0) state.add(jobs, job, f.attempt, 1);
  state.add(dags, dag, dags.f.jobsLeft, 1);
  if (body.kept) goOn(fold, dag, job);
  else waitAnew(fold, dag, job);
  if (space.degree(job) !== 0) startReopening(fold, dag, body.job, ReopenFrom.after);
}

/** A fan-out goes on with the children that it has; those that were never made are made now. */
function goOn(fold: Fold, dag: number, job: number): void {
  const { state } = fold;
  const { dags, jobs } = state;
  const missing = unmade(fold, job);
  if (missing === 0) return;
  state.add(dags, dag, dags.f.jobsLeft, missing);
  makeCursor(fold, CursorKind.fanOut, dags.keyA[dag]!, jobs.keyB[job]!);
}

/** The counts of a job that waits again are made anew; a child's fan-out counts it as not ended. */
function waitAnew(fold: Fold, dag: number, job: number): void {
  const { state } = fold;
  const { dags, fans, jobs, space } = state;
  const { f, c } = jobs;
  const fan = fans.find(dags.keyA[dag]!, jobs.keyB[job]!);
  if (fan !== 0) {
    const undone = fans.c.count[fan]! - c.good[job]!;
    state.add(dags, dag, dags.f.work, -undone * costOf(fans.c.estimateMs[fan]!, slotsOf(state, job)));
    state.set(fans, fan, fans.f.count, 0);
    state.set(fans, fan, fans.f.made, 0);
  }
  state.set(jobs, job, f.left, 0);
  state.set(jobs, job, f.good, 0);
  state.set(jobs, job, f.bad, 0);
  const parent = c.parent[job]!;
  if (parent === 0) return;
  const above = space.handle(dag, parent - 1);
  state.add(jobs, above, f.left, 1);
  state.add(jobs, above, f.bad, -1);
}

/** A reopening cursor is done; after the last of them the counts are made. */
export function reopeningDone(fold: Fold, dag: number): void {
  const { state } = fold;
  const { dags } = state;
  if (dags.c.reopening[dag] === 1 && dags.c.state[dag] !== DagState.ending) {
    makeCursor(fold, CursorKind.recount, dags.keyA[dag]!, 0);
    return;
  }
  state.add(dags, dag, dags.f.reopening, -1);
}

/** The counts are made: from now on jobs become ready. */
export function recountDone(fold: Fold, dag: number): void {
  const { state } = fold;
  const { dags } = state;
  state.set(dags, dag, dags.f.recounted, 0);
  state.add(dags, dag, dags.f.reopening, -1);
  makeCursor(fold, CursorKind.scan, dags.keyA[dag]!, 0);
}

/** Counts, for the jobs that wait again, what those before them say: for jobs `from` to `to` as upstreams. */
export function recount(fold: Fold, dagSeq: number, from: number, to: number): void {
  const { state } = fold;
  const { jobs, dags, space } = state;
  const { f, c } = jobs;
  const dag = dagRow(fold, dagSeq);
  state.set(dags, dag, dags.f.recounted, to);
  const run = dags.c.run[dag]!;
  for (let index = from; index < to; index++) {
    const job = space.handle(dag, index);
    const degree = space.degree(job);
    for (let n = 0; n < degree; n++) {
      const target = space.handle(dag, space.target(job, n));
      if (c.run[target] !== run || c.state[target] !== JobState.waiting) continue;
      const jobState = c.state[job]!;
      const isNeutral = jobState === JobState.skipped && c.reason[job] === 1;
      if (jobState < JobState.succeeded) state.add(jobs, target, f.left, 1);
      else if (jobState > JobState.succeeded && !isNeutral) state.add(jobs, target, f.bad, 1);
      else if (jobState === JobState.succeeded && c.join[target] !== 0) state.add(jobs, target, f.good, 1);
    }
  }
}
