import { Code, CursorKind, JobState } from '../../catalogue/generated/codes.js';
import type * as E from '../../catalogue/generated/types.js';
import { finishAfter } from '../dag-finish.js';
import type { Fold } from '../fold.js';
import { MAX_COST } from '../limits.js';
import { REASONS } from '../reasons.js';
import { JobFlag } from '../rows/flags.js';
import { flowKey } from '../rows/keys.js';
import type { State } from '../rows/state.js';
import { dagRow, wordAt } from './dags.js';
import { setFlowDeadline } from './deadlines.js';
import { enterFlow } from './flows.js';
import { layOutChildren, shapeFlag } from './layout.js';
import { makeCursor } from './make-cursor.js';
import { type Ending, endingOf, endJob, settleEdges } from './settle.js';

/** Row of a job by its DAG's sequence number and its index. */
export function jobRow(fold: Fold, dagSeq: number, index: number): number {
  return jobOf(fold, dagRow(fold, dagSeq), index);
}

/** Row of a job by its DAG's row and its index. */
export function jobOf({ state }: Fold, dag: number, index: number): number {
  const job = state.space.handle(dag, index);
  if (job === 0) throw new Error(`assertion failed: DAG ${state.dags.keyA[dag]} has no job ${index}`);
  return job;
}

export function jobReadied(fold: Fold, body: E.JobReadied): void {
  const { state } = fold;
  const { jobs, dags, classes, tenants } = state;
  const { c } = jobs;
  const dag = dagRow(fold, body.dag);
  const job = jobOf(fold, dag, body.job);
  const flags = (c.flags[job]! & ~(JobFlag.long | JobFlag.wide)) | shapeFlag(body.shape);
  jobs.set.flags(job, flags);
  jobs.set.state(job, JobState.ready);
  if (c.readySeq[job] === 0) jobs.set.readySeq(job, state.cell.add.nextReady(state.cellRow, 1));
  jobs.set.readyAtMs(job, fold.at);
  classes.add.ready(classes.find(c.class[job]!), 1);
  tenants.add.runnableJobs(tenants.find(dags.c.tenant[dag]!), 1);
  enterFlow(fold, dag, job, body.shape);
  setFlowDeadline(fold, body.dag, flowKey(c.class[job]!, body.shape), body.deadline);
}

export function jobsFannedOut(fold: Fold, body: E.JobsFannedOut): void {
  const { state } = fold;
  const { jobs, dags, fans } = state;
  const dag = dagRow(fold, body.dag);
  const job = jobOf(fold, dag, body.job);
  const fan = fans.row(body.dag, body.job);
  if (body.from === body.base) {
    if (body.base === dags.c.jobsTotal[dag]) takeRoom(fold, dag, fan, body);
    jobs.set.state(job, JobState.fannedOut);
    jobs.set.left(job, body.count);
    jobs.set.good(job, 0);
    jobs.set.bad(job, 0);
    jobs.set.readyAtMs(job, fold.at);
    fans.set.base(fan, body.base);
    fans.set.count(fan, body.count);
    fans.set.tolerate(fan, body.tolerate);
    fans.set.estimateMs(fan, body.estimateMs);
    fans.set.run(fan, dags.c.run[dag]!);
    dags.add.jobsLeft(dag, body.count);
    dags.add.work(dag, body.work);
    dags.set.dagFinish(dag, body.dagFinish);
    dags.set.dueAtMs(dag, body.dueAtMs);
    if (body.to < body.base + body.count) makeCursor(fold, CursorKind.fanOut, body.dag, body.job);
  }
  if (body.to > body.from) layOutChildren(fold, dag, job, body.from, body.to, body.estimateMs);
  fans.set.made(fan, body.to - body.base);
  const isNoop = (jobs.c.flags[job]! & (JobFlag.noop | JobFlag.signal)) !== 0;
  if (isNoop) for (let i = body.from; i < body.to; i++) makeCursor(fold, CursorKind.activate, body.dag, i);
}

/** New indexes at the DAG's end for the children. */
function takeRoom(fold: Fold, dag: number, fan: number, body: E.JobsFannedOut): void {
  const { state } = fold;
  const { dags, fans, cell, cellRow } = state;
  fans.set.room(fan, body.count);
  dags.add.jobsTotal(dag, body.count);
  cell.add.knownJobs(cellRow, body.count);
}

export function upstreamSettled(fold: Fold, body: E.UpstreamSettled): void {
  const { state } = fold;
  const job = jobRow(fold, body.dag, body.job);
  settleEdges(fold, state.space.dagOf[job]!, job, body.from, body.to, endingOf(body.ending));
}

export function jobSkipped(fold: Fold, body: E.JobSkipped): void {
  end(fold, body.dag, body.job, JobState.skipped, body.reason, body.reason === 'condition-false' ? 'neutral' : 'bad');
}

export function jobCancelled(fold: Fold, body: E.JobCancelled): void {
  end(fold, body.dag, body.job, JobState.cancelled, body.reason, 'bad');
  countFailure(fold, dagRow(fold, body.dag), jobRow(fold, body.dag, body.job));
}

function end(fold: Fold, dagSeq: number, index: number, jobState: number, reason: string, ending: Ending): void {
  const { state } = fold;
  const { jobs } = state;
  const { c } = jobs;
  const dag = dagRow(fold, dagSeq);
  const job = jobOf(fold, dag, index);
  if (c.state[job] === JobState.dispatched || c.state[job] === JobState.running) setRunTime(fold, job);
  endJob(fold, dag, job, jobState, ending);
  const number = Math.max(0, REASONS.indexOf(reason as (typeof REASONS)[number]));
  jobs.set.reason(job, number);
}

function setRunTime(fold: Fold, job: number): void {
  const { jobs } = fold.state;
  const dispatchedAt = jobs.c.readyAtMs[job]! + jobs.c.waitMs[job]!;
  jobs.set.runMs(job, Math.min(0xffff_ffff, Math.max(0, fold.at - dispatchedAt)));
}

export function jobProgressed(fold: Fold, body: E.JobProgressed): void {
  const { jobs } = fold.state;
  jobs.set.permille(jobRow(fold, body.dag, body.job), body.permille);
}

/** Keeps what a repeat of the accepted terminal callback is known by. */
function keepTerminal(fold: Fold, job: number): void {
  const { state, input } = fold;
  if (input === null) return;
  const { jobs } = state;
  jobs.set.digest(job, terminalDigest(input));
}

/** What a terminal callback is known by when it is repeated: its kind and its bytes, in 53 bits. */
export function terminalDigest(input: E.InputEntry): number {
  const { digest } = input.envelope;
  return wordAt(digest, 0) * 2 ** 16 + (wordAt(digest, 4) >>> 16) + input.code * 2 ** 48;
}

export function jobSucceeded(fold: Fold, body: E.JobSucceeded): void {
  const { input } = fold;
  const job = jobRow(fold, body.dag, body.job);
  const wasAwaited = fold.state.jobs.c.state[job] === JobState.awaitingSignal;
  end(fold, body.dag, body.job, JobState.succeeded, '', 'good');
  if (input?.code === Code.CompleteJob && isAbout(input.body.lease, body)) {
    keepTerminal(fold, job);
    putOutput(fold, job, body, input.body.output, input.body.blob);
  } else if (input?.code === Code.ResolveSignal && wasAwaited) putOutput(fold, job, body, input.body.output, null);
}

/** Whether a callback is about this job: the end of a child may end its fan-out too. */
function isAbout(lease: E.LeaseRef, body: { readonly dag: number; readonly job: number }): boolean {
  return lease.dag === body.dag && lease.job === body.job;
}

function putOutput(
  fold: Fold,
  job: number,
  body: E.JobSucceeded,
  json: Uint8Array | null,
  blob: E.BlobRef | null,
): void {
  if (blob === null && (json === null || isNull(json))) return;
  addFlag(fold, job, JobFlag.hasOutput);
  fold.cold({ kind: 'output', dag: body.dag, job: body.job, attempt: body.attempt, json, blob });
}

/** Whether the JSON is null, as most executors write it: such an output needs no row. */
function isNull(json: Uint8Array): boolean {
  return json.length === 4 && json[0] === 0x6e && json[1] === 0x75 && json[2] === 0x6c && json[3] === 0x6c;
}

function addFlag(fold: Fold, job: number, flag: number): void {
  const { jobs } = fold.state;
  const flags = jobs.c.flags[job]!;
  jobs.set.flags(job, flags | flag);
}

export function jobFailed(fold: Fold, body: E.JobFailed): void {
  const { input } = fold;
  const job = jobRow(fold, body.dag, body.job);
  if (input?.code === Code.FailJob && isAbout(input.body.lease, body)) {
    keepTerminal(fold, job);
    const { code, message } = input.body;
    addFlag(fold, job, JobFlag.hasFailure);
    fold.cold({ kind: 'failure', dag: body.dag, job: body.job, attempt: body.attempt, code, message });
  }
  attemptFailed(
    fold,
    body.dag,
    body.job,
    job,
    body.final,
    FAILURE_REASONS.has(body.code) ? body.code : 'executor-failed',
  );
}

const FAILURE_REASONS: ReadonlySet<string> = new Set(REASONS);

export function jobTimedOut(fold: Fold, body: E.JobTimedOut): void {
  attemptFailed(fold, body.dag, body.job, jobRow(fold, body.dag, body.job), body.final, 'timed-out');
}

function attemptFailed(fold: Fold, dagSeq: number, index: number, job: number, isFinal: boolean, reason: string): void {
  putOff(fold, dagSeq, job);
  if (isFinal) {
    end(fold, dagSeq, index, JobState.failed, reason, 'bad');
    countFailure(fold, dagRow(fold, dagSeq), job);
    return;
  }
  const { jobs } = fold.state;
  setRunTime(fold, job);
  jobs.set.state(job, JobState.backoff);
  jobs.add.failures(job, 1);
}

/**
 * A failed attempt's occupancy is added to dagFinish: a DAG that burns slots falls behind (policy.md: DAGs of one
 * tenant).
 */
function putOff(fold: Fold, dagSeq: number, job: number): void {
  const { state } = fold;
  const { dags, jobs, leases } = state;
  const { state: jobState, token } = jobs.c;
  if (jobState[job] !== JobState.dispatched && jobState[job] !== JobState.running) return;
  const lease = leases.find(token[job]!);
  const slots = leases.c.moreSlots[lease]! + 1;
  const burnt = Math.min(MAX_COST, (fold.at - leases.c.reservedAtMs[lease]!) * slots);
  const dag = dagRow(fold, dagSeq);
  if (burnt > 0) dags.set.dagFinish(dag, finishAfter(dags.c.dagFinish[dag]!, burnt));
}

/** A job that failed or never ran counts against the DAG unless it is optional, or a child: its fan-out decides. */
function countFailure(fold: Fold, dag: number, job: number): void {
  const { state } = fold;
  if (countsAgainst(state, job)) state.dags.add.jobsFailed(dag, 1);
}

/** Whether a job is among those that count against its DAG. */
export function countsAgainst(state: State, job: number): boolean {
  const { c } = state.jobs;
  if (c.state[job] !== JobState.failed && c.state[job] !== JobState.cancelled) return false;
  return (c.flags[job]! & (JobFlag.optional | JobFlag.child)) === 0;
}

export function retryScheduled(fold: Fold, body: E.RetryScheduled): void {
  const { jobs } = fold.state;
  const job = jobRow(fold, body.dag, body.job);
  jobs.set.readyAtMs(job, body.retryAtMs);
}

/** A job whose lease ended without its fault: it waits to be readied again, with its old place. */
export function jobReleased(fold: Fold, body: E.JobReleased): void {
  const { state } = fold;
  const { jobs } = state;
  const job = jobRow(fold, body.dag, body.job);
  setRunTime(fold, job);
  jobs.set.state(job, JobState.waiting);
  jobs.set.permille(job, 0);
  if (body.reason === 'returned') {
    keepTerminal(fold, job);
    jobs.add.attempt(job, -1);
  } else jobs.set.lost(job, Math.min(255, jobs.c.lost[job]! + 1));
}

export function signalAwaited(fold: Fold, body: E.SignalAwaited): void {
  const { jobs } = fold.state;
  const job = jobRow(fold, body.dag, body.job);
  jobs.set.state(job, JobState.awaitingSignal);
  jobs.set.readyAtMs(job, fold.at);
}

/** Keeps an answer; JobSucceeded follows at once when the job has been reached, otherwise when it is. */
export function signalResolved(fold: Fold, body: E.SignalResolved): void {
  const { state, input } = fold;
  const { jobs } = state;
  const job = jobRow(fold, body.dag, body.job);
  jobs.set.flags(job, jobs.c.flags[job]! | JobFlag.resolved);
  if (jobs.c.state[job] === JobState.awaitingSignal || input?.code !== Code.ResolveSignal || input.body.output === null)
    return;
  const attempt = jobs.c.attempt[job]!;
  putOutput(fold, job, { dag: body.dag, job: body.job, attempt }, input.body.output, null);
}
