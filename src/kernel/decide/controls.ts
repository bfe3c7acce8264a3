import { childNamed } from '../../catalogue/child-name.js';
import { Code, DagState, JobState } from '../../catalogue/generated/codes.js';
import type * as I from '../../catalogue/generated/types.js';
import { fairTime, finishAfter } from '../dag-finish.js';
import { openedAt } from '../evolve/dags.js';
import { indexOfJob, jobsOfSignal } from '../job-names.js';
import { MAX_INLINE_OUTPUT_BYTES, MAX_PRIORITY, MAX_RUNS, PATIENCE_MS } from '../limits.js';
import type { OpenTurn } from '../open-turn.js';
import { JobFlag } from '../rows/flags.js';
import { IdKind, seqOf } from '../rows/ids.js';
import { heldFor, refuseIfFull } from './admission.js';
import { checkDeadline } from './check-submission.js';
import { afterJobEnded, beginEnding, endByScheduler, endDagIfDone } from './ended.js';
import { refuse } from './refuse.js';
import { recomputeDag } from './risk.js';

interface DagName {
  readonly tenant: string;
  readonly dagId: string;
}

/** The row of the DAG that a control names, or 0 after a refusal. */
function namedDag(t: OpenTurn, name: DagName): number {
  const { dags } = t.state;
  const seq = seqOf(t.state, IdKind.dag, name.tenant, name.dagId);
  const found = seq === 0 ? 0 : dags.find(seq);
  // Names are kept as digests: a control never reaches another tenant's DAG, even where two digests are the same.
  const dag = found !== 0 && dags.c.tenant[found] === seqOf(t.state, IdKind.tenant, '', name.tenant) ? found : 0;
  if (dag === 0)
    refuse(
      t,
      'unknown-dag',
      '/dagId',
      `the tenant ${JSON.stringify(name.tenant)} has no DAG ${JSON.stringify(name.dagId)}`,
    );
  return dag;
}

/** The same, refused too when the DAG has ended or is ending. */
function openDag(t: OpenTurn, name: DagName): number {
  const dag = namedDag(t, name);
  const { dags } = t.state;
  if (dag === 0 || dags.c.state[dag]! <= DagState.open) return dag;
  refuse(t, 'dag-terminal', '/dagId', 'the DAG has ended or is ending', dags.keyA[dag]!);
  return 0;
}

export function cancelDag(t: OpenTurn, body: I.CancelDag): void {
  const dag = openDag(t, body);
  if (dag === 0) return;
  beginEnding(t, dag, 'cancelled', body.reason || 'cancelled', -1);
  endDagIfDone(t, dag);
}

export function pauseDag(t: OpenTurn, body: I.PauseDag): void {
  const dag = openDag(t, body);
  if (dag === 0) return;
  const seq = t.state.dags.keyA[dag]!;
  if (t.state.dags.c.paused[dag] !== 0) return refuse(t, 'already-paused', '/dagId', 'the DAG is paused', seq);
  t.emit(Code.DagPaused, { dag: seq });
}

export function resumeDag(t: OpenTurn, body: I.ResumeDag): void {
  const dag = openDag(t, body);
  if (dag === 0) return;
  const seq = t.state.dags.keyA[dag]!;
  if (t.state.dags.c.paused[dag] === 0) return refuse(t, 'dag-not-paused', '/dagId', 'the DAG is not paused', seq);
  t.emit(Code.DagResumed, { dag: seq });
}

export function reprioritizeDag(t: OpenTurn, body: I.ReprioritizeDag): void {
  if (Math.abs(body.priority) > MAX_PRIORITY) {
    return refuse(
      t,
      'invalid-priority',
      '/priority',
      `${body.priority} is outside -${MAX_PRIORITY} to ${MAX_PRIORITY}`,
    );
  }
  const dag = openDag(t, body);
  if (dag !== 0) t.emit(Code.DagReprioritized, { dag: t.state.dags.keyA[dag]!, priority: body.priority });
}

export function setDeadline(t: OpenTurn, body: I.SetDeadline): void {
  let isRefused = false;
  const say = (code: Parameters<typeof refuse>[1], path: string, detail: string) => {
    if (!isRefused) refuse(t, code, path, detail);
    isRefused = true;
  };
  checkDeadline(body.deadlineAtMs, '/deadlineAtMs', say);
  checkDeadline(body.hardDeadlineAtMs, '/hardDeadlineAtMs', say);
  const dag = isRefused ? 0 : openDag(t, body);
  if (dag === 0) return;
  t.emit(Code.DeadlineChanged, {
    dag: t.state.dags.keyA[dag]!,
    deadlineAtMs: body.deadlineAtMs ?? -1,
    hardDeadlineAtMs: body.hardDeadlineAtMs ?? -1,
    riskAtMs: -1,
  });
  recomputeDag(t, dag);
}

/** Index of the job that a control names: its id, or `id[n]` for a child of a fan-out; -1 after a refusal. */
function namedJob(t: OpenTurn, dag: number, name: string): number {
  const { dags, fans } = t.state;
  const seq = dags.keyA[dag]!;
  const child = childNamed(name);
  const index = indexOfJob(t.coldView.spec(seq).jobs, child === null ? name : child.fanOut);
  if (index >= 0 && child === null) return index;
  const fan = index < 0 ? 0 : fans.find(seq, index);
  if (fan !== 0 && child !== null && child.place < fans.c.made[fan]!) return fans.c.base[fan]! + child.place;
  refuse(t, 'unknown-job', '/job', `the DAG has no job ${JSON.stringify(name)}`, seq);
  return -1;
}

export function cancelJob(t: OpenTurn, body: I.CancelJob): void {
  const dag = openDag(t, body);
  const index = dag === 0 ? -1 : namedJob(t, dag, body.job);
  if (index < 0) return;
  const { jobs, space, dags } = t.state;
  const job = space.handle(dag, index);
  if (jobs.c.state[job]! >= JobState.succeeded) {
    return refuse(t, 'job-terminal', '/job', 'the job has ended', dags.keyA[dag]!);
  }
  if (jobs.c.state[job] === JobState.fannedOut) {
    return refuse(
      t,
      'invalid-value',
      '/job',
      'a fan-out is cancelled by its children, or with its DAG',
      dags.keyA[dag]!,
    );
  }
  endByScheduler(t, dag, job, 'cancelled');
  afterJobEnded(t, dag, job);
}

/** The row of the DAG that a retry names, or 0 after a refusal: it must have ended, and not well. */
function retriedDag(t: OpenTurn, name: DagName, detail: string): number {
  const dag = namedDag(t, name);
  if (dag === 0) return 0;
  const { dags } = t.state;
  if (dags.c.state[dag] === DagState.failed || dags.c.state[dag] === DagState.cancelled) return dag;
  const code = dags.c.state[dag] === DagState.succeeded ? 'job-not-failed' : 'dag-not-terminal';
  refuse(t, code, '/dagId', detail, dags.keyA[dag]!);
  return 0;
}

export function retryDag(t: OpenTurn, body: I.RetryDag): void {
  const dag = retriedDag(t, body, 'only a DAG that has failed or was cancelled is retried');
  if (dag !== 0) reopen(t, dag, -1);
}

export function retryJob(t: OpenTurn, body: I.RetryJob): void {
  const dag = retriedDag(t, body, 'only a job of a DAG that has failed or was cancelled is retried');
  const index = dag === 0 ? -1 : namedJob(t, dag, body.job);
  if (index < 0) return;
  const { dags, jobs, space } = t.state;
  const seq = dags.keyA[dag]!;
  const job = space.handle(dag, index);
  if ((jobs.c.flags[job]! & JobFlag.child) !== 0 && jobs.c.state[job] === JobState.succeeded) {
    return refuse(t, 'job-not-failed', '/job', 'a child that succeeded is not run again alone', seq);
  }
  reopen(t, dag, index);
}

/** A new run: for W, dueAt and admission it counts as newly accepted, with its unfinished work. */
function reopen(t: OpenTurn, dag: number, job: number): void {
  const { dags } = t.state;
  const { c } = dags;
  const tenant = c.tenant[dag]!;
  if (c.run[dag] === MAX_RUNS)
    return refuse(t, 'invalid-limit', '/dagId', `it has run ${MAX_RUNS} times`, dags.keyA[dag]!);
  if (refuseIfFull(t, tenant, c.jobsTotal[dag]!)) return;
  const reason = heldFor(t, tenant);
  const work = Math.max(0, c.work[dag]! - c.workDone[dag]!);
  const patienceMs = c.dueAtMs[dag]! - openedAt(t.state, dag);
  // No path through what is left is longer than all of it one after the other. What succeeded and runs again all the
  // same, behind a job that does, counts in neither this nor dagFinish: that is known only job by job.
  const againMs = Math.min(patienceMs, PATIENCE_MS + 2 * work);
  t.emit(Code.DagReopened, {
    dag: dags.keyA[dag]!,
    run: c.run[dag]! + 1,
    job,
    work,
    dagFinish: finishAfter(fairTime(t.state, c.priority[dag]!, tenant), work),
    dueAtMs: t.at + againMs,
    held: reason !== '',
  });
  if (reason !== '') t.emit(Code.DagHeld, { dag: dags.keyA[dag]!, reason });
}

export function resolveSignal(t: OpenTurn, body: I.ResolveSignal): void {
  const dag = openDag(t, body);
  if (dag === 0) return;
  const { dags, jobs, space } = t.state;
  const seq = dags.keyA[dag]!;
  if (body.output !== null && body.output.length > MAX_INLINE_OUTPUT_BYTES) {
    return refuse(t, 'payload-too-large', '/output', `more than ${MAX_INLINE_OUTPUT_BYTES} bytes`, seq);
  }
  const waiting = jobsOfSignal(t.coldView.spec(seq).jobs, body.signal);
  if (waiting.length === 0) {
    return refuse(t, 'no-such-signal', '/signal', `no job of the DAG waits for ${JSON.stringify(body.signal)}`, seq);
  }
  const index = waiting.find((i) => isUnanswered(t, space.handle(dag, i)));
  if (index === undefined) {
    const isAnswered = waiting.some((i) => hasAnswer(t, space.handle(dag, i)));
    if (isAnswered) return refuse(t, 'signal-already-resolved', '/signal', 'the signal has its answer', seq);
    return refuse(t, 'job-terminal', '/signal', 'its job has ended without an answer', seq);
  }
  const job = space.handle(dag, index);
  const isAwaited = jobs.c.state[job] === JobState.awaitingSignal;
  t.emit(Code.SignalResolved, { dag: seq, job: index });
  if (!isAwaited) return;
  t.emit(Code.JobSucceeded, { dag: seq, job: index, attempt: jobs.c.attempt[job]! });
  afterJobEnded(t, dag, job);
}

/** A job that was answered early may be skipped or cancelled all the same. */
function hasAnswer(t: OpenTurn, job: number): boolean {
  const { flags, state } = t.state.jobs.c;
  return (flags[job]! & JobFlag.resolved) !== 0 || state[job] === JobState.succeeded;
}

/** Whether a signal may still be answered; of several jobs that wait for the same one, each takes one answer. */
function isUnanswered(t: OpenTurn, job: number): boolean {
  const { jobs } = t.state;
  return (jobs.c.flags[job]! & JobFlag.resolved) === 0 && jobs.c.state[job]! < JobState.succeeded;
}
