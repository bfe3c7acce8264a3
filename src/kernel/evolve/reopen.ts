/** A new run of a DAG that had ended: which jobs wait again, and the counts that they wait with. */
import { CursorKind, DagState, JobState } from '../../catalogue/generated/codes.js';
import type * as E from '../../catalogue/generated/types.js';
import type { Fold } from '../fold.js';
import { JobFlag } from '../tables.js';
import { dagRow, openFair } from './dags.js';
import { jobRow } from './jobs.js';
import { makeCursor } from './settle.js';

export function dagReopened(fold: Fold, body: E.DagReopened): void {
  const { state } = fold;
  const { dags, tenants, cell, cellRow, retired } = state;
  const { f, c } = dags;
  const dag = dagRow(fold, body.dag);
  const tenant = tenants.find(c.tenant[dag]!);
  state.set(dags, dag, f.state, DagState.open);
  state.set(dags, dag, f.paused, 0);
  state.set(dags, dag, f.run, body.run);
  state.set(dags, dag, f.work, body.work);
  state.set(dags, dag, f.dagFinish, body.dagFinish);
  state.set(dags, dag, f.dueAtMs, body.dueAtMs);
  state.set(dags, dag, f.endedAtMs, 0);
  state.set(dags, dag, f.jobsFailed, 0);
  state.set(dags, dag, f.outcome, 0);
  state.set(dags, dag, f.code, '');
  state.set(dags, dag, f.deadlineFlags, c.deadlineFlags[dag]! & ~2);
  state.add(cell, cellRow, cell.f.openDags, 1);
  state.add(cell, cellRow, cell.f.knownJobs, c.jobsTotal[dag]!);
  state.add(cell, cellRow, cell.f.retiredJobs, -c.jobsTotal[dag]!);
  state.add(tenants, tenant, tenants.f.openDags, 1);
  state.add(tenants, tenant, tenants.f.activeDags, 1);
  openFair(fold, c.priority[dag]!, c.tenant[dag]!, 1);
  const row = retired.find(c.retiredSeq[dag]!);
  if (row !== 0) state.clear(retired, row);
  state.set(dags, dag, f.retiredSeq, 0);
  state.add(dags, dag, f.reopening, 1);
  makeCursor(fold, CursorKind.reopen, body.dag, Math.max(0, body.job), body.job < 0 ? ReopenFrom.all : ReopenFrom.job);
}

/** What a reopening cursor goes over: all jobs, one named job, or the jobs right after one. */
export const ReopenFrom = { all: 1, job: 2, after: 3 } as const;

export function jobReopened(fold: Fold, body: E.JobReopened): void {
  const { state } = fold;
  const { jobs, dags, fans, space } = state;
  const { f, c } = jobs;
  const dag = dagRow(fold, body.dag);
  const job = jobRow(fold, body.dag, body.job);
  state.set(jobs, job, f.run, dags.c.run[dag]!);
  state.set(jobs, job, f.state, body.kept ? JobState.fannedOut : JobState.waiting);
  state.set(jobs, job, f.reason, 0);
  state.set(jobs, job, f.readySeq, 0);
  state.set(jobs, job, f.lost, 0);
  state.set(jobs, job, f.permille, 0);
  state.set(jobs, job, f.flags, c.flags[job]! & ~JobFlag.resolved);
  state.add(dags, dag, dags.f.jobsLeft, 1);
  if (body.kept) return;
  state.set(jobs, job, f.left, 0);
  state.set(jobs, job, f.good, 0);
  state.set(jobs, job, f.bad, 0);
  const fan = fans.find(body.dag, body.job);
  if (fan !== 0) state.clear(fans, fan);
  const parent = c.parent[job]!;
  if (parent !== 0) {
    const above = space.handle(dag, parent - 1);
    state.add(jobs, above, f.left, 1);
    state.add(jobs, above, f.bad, -1);
    return;
  }
  if (space.degree(job) === 0) return;
  state.add(dags, dag, dags.f.reopening, 1);
  makeCursor(fold, CursorKind.reopen, body.dag, body.job, ReopenFrom.after);
}

/** Counts, for the jobs that wait again, what those before them say: for jobs `from` to `to` as upstreams. */
export function recount(fold: Fold, dagSeq: number, from: number, to: number): void {
  const { state } = fold;
  const { jobs, dags, space } = state;
  const { f, c } = jobs;
  const dag = dagRow(fold, dagSeq);
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
