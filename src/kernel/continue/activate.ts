/**
 * Activates a job whose upstreams have decided and that is no plain ready job: skipped, noop, signal, or one whose
 * condition or fan-out must be read first. Cold rows are there from the turn after the cursor was made.
 */
import { Code, DagState, JobState } from '../../catalogue/generated/codes.js';
import type { FanOut } from '../../catalogue/generated/types.js';
import { fairTime, finishAfter } from '../dag-finish.js';
import { afterJobEnded } from '../decide/ended.js';
import { readyJob } from '../decide/ready.js';
import { specOf } from '../decide/spec.js';
import { openedAt } from '../evolve/dags.js';
import { costOf } from '../evolve/flows.js';
import { Verdict, verdictOf } from '../evolve/settle.js';
import { slotsOf } from '../fold.js';
import { indexOfJob } from '../job-names.js';
import { evaluate, parsePointer, parseWhen, type ReadOutput } from '../json/index.js';
import { MAX_CHILDREN, MAX_CURSOR_EVENTS, MAX_JOBS_PER_DAG, MAX_PATH_MS, PATIENCE_MS } from '../limits.js';
import type { OpenTurn } from '../open-turn.js';
import { volumeAlone } from '../planner/volume.js';
import { JobFlag } from '../rows/flags.js';

/** Does what the cursor is for; the job may have ended meanwhile, then nothing happens. */
export function activate(t: OpenTurn, dag: number, job: number): void {
  const { jobs, dags } = t.state;
  if (dags.c.state[dag] !== DagState.open) return;
  const verdict = dags.c.reopening[dag] === 0 ? verdictOf(t, job) : Verdict.undecided;
  if (verdict === Verdict.undecided) return;
  if (verdict === Verdict.skip) return skip(t, dag, job, 'upstream-failed');
  const flags = jobs.c.flags[job]!;
  const holds = (flags & JobFlag.hasWhen) === 0 || conditionHolds(t, dag, job);
  if (holds === null) return fail(t, dag, job, 'output-not-inline');
  if (!holds) return skip(t, dag, job, 'condition-false');
  if ((flags & JobFlag.fanOut) !== 0) return fanOut(t, dag, job);
  run(t, dag, job, flags);
}

function skip(t: OpenTurn, dag: number, job: number, reason: string): void {
  const { jobs, dags } = t.state;
  t.emit(Code.JobSkipped, { dag: dags.keyA[dag]!, job: jobs.keyB[job]!, reason });
  afterJobEnded(t, dag, job);
}

function run(t: OpenTurn, dag: number, job: number, flags: number): void {
  const { jobs, dags } = t.state;
  const names = { dag: dags.keyA[dag]!, job: jobs.keyB[job]! };
  if ((flags & JobFlag.signal) !== 0 && (flags & JobFlag.resolved) === 0) return t.emit(Code.SignalAwaited, names);
  if ((flags & (JobFlag.signal | JobFlag.noop)) === 0) return readyJob(t, dag, job);
  t.emit(Code.JobSucceeded, { ...names, attempt: jobs.c.attempt[job]! });
  afterJobEnded(t, dag, job);
}

/** The output of a job that succeeded without one: JSON null. */
const NULL = Uint8Array.of(0x6e, 0x75, 0x6c, 0x6c);

/** Output of a job of the DAG; null (missing) when it did not succeed. */
function outputOf(t: OpenTurn, dag: number, id: string): ReadOutput {
  const { dags, jobs, space } = t.state;
  const seq = dags.keyA[dag]!;
  const index = indexOfJob(t.coldView.spec(seq).jobs, id);
  const job = space.handle(dag, index);
  if (jobs.c.state[job] !== JobState.succeeded) return null;
  if ((jobs.c.flags[job]! & JobFlag.hasOutput) === 0) return NULL;
  const output = t.coldView.output(seq, index, jobs.c.attempt[job]!);
  if (output === null) return NULL;
  return output.isBlob ? 'blob' : output.json;
}

/** Whether the job's condition holds; null when that can't be told without reading a blob. */
function conditionHolds(t: OpenTurn, dag: number, job: number): boolean | null {
  const spec = specOf(t, t.state.dags.keyA[dag]!, job);
  const parsed = parseWhen(spec.when!);
  if (parsed.condition === null) throw new Error('assertion failed: an accepted condition does not parse');
  return evaluate(parsed.condition, (id) => outputOf(t, dag, id), t.lookup);
}

/** The first event of a fan-out carries the count and the whole work, so that what depends on it changes once. */
function fanOut(t: OpenTurn, dag: number, job: number): void {
  const { state } = t;
  const { dags, jobs } = state;
  const fan = specOf(t, dags.keyA[dag]!, job).fanOut!;
  const count = fan.count ?? readCount(t, dag, fan);
  if (count === 'blob') return fail(t, dag, job, 'output-not-inline');
  if (count === null || count < 0 || count > MAX_CHILDREN) return fail(t, dag, job, 'invalid-fan-out');
  const base = placeOf(t, dag, job, count);
  if (base + count > MAX_JOBS_PER_DAG) return fail(t, dag, job, 'dag-too-large');
  const estimateMs = jobs.c.estimateMs[job]!;
  const work = count * costOf(estimateMs, slotsOf(state, job));
  const now = fairTime(state, dags.c.priority[dag]!, dags.c.tenant[dag]!);
  const children = { slotMs: work, starts: count, units: count * jobs.c.units[job]! };
  const ideal = Math.max(jobs.c.rank[job]!, volumeAlone(state, jobs.c.class[job]!, children));
  const seq = dags.keyA[dag]!;
  const index = jobs.keyB[job]!;
  t.emit(Code.JobsFannedOut, {
    dag: seq,
    job: index,
    base,
    count,
    from: base,
    to: base + Math.min(count, MAX_CURSOR_EVENTS),
    work,
    dagFinish: finishAfter(Math.max(now, dags.c.dagFinish[dag]!), work),
    dueAtMs: Math.max(dags.c.dueAtMs[dag]!, openedAt(state, dag) + PATIENCE_MS + 2 * Math.min(MAX_PATH_MS, ideal)),
    estimateMs,
    tolerate: fan.tolerate,
  });
  readyChildren(t, dag, base, base + Math.min(count, MAX_CURSOR_EVENTS));
  if (count > 0) return;
  t.emit(Code.JobSucceeded, { dag: seq, job: index, attempt: 0 });
  afterJobEnded(t, dag, job);
}

/** First index of the children: where an earlier run had at least as many, else behind all jobs of the DAG. */
function placeOf(t: OpenTurn, dag: number, job: number, count: number): number {
  const { dags, fans, jobs } = t.state;
  const fan = fans.find(dags.keyA[dag]!, jobs.keyB[job]!);
  return fan !== 0 && count <= fans.c.room[fan]! ? fans.c.base[fan]! : dags.c.jobsTotal[dag]!;
}

/** Children that an executor runs enter the frontier; while their DAG is held or reopened a scan does that later. */
export function readyChildren(t: OpenTurn, dag: number, from: number, to: number): void {
  const { dags, jobs, space } = t.state;
  if (dags.c.state[dag] !== DagState.open || dags.c.reopening[dag] !== 0) return;
  for (let index = from; index < to; index++) {
    const child = space.handle(dag, index);
    if ((jobs.c.flags[child]! & (JobFlag.noop | JobFlag.signal)) === 0) readyJob(t, dag, child);
  }
}

/** How many children the upstream's output asks for; null when it does not say so, or that it is in a blob. */
function readCount(t: OpenTurn, dag: number, fan: FanOut): number | 'blob' | null {
  const json = outputOf(t, dag, fan.from!);
  if (json === 'blob') return json;
  const span = json === null ? null : t.lookup.find(json, fan.at === null ? [] : parsePointer(fan.at)!);
  if (json === null || span === null) return null;
  return fan.over ? t.lookup.length(json, span) : t.lookup.comparison(json, span).integer();
}

/** It fails before it has begun: no attempt of an executor is spent. */
function fail(t: OpenTurn, dag: number, job: number, code: string): void {
  const { dags, jobs } = t.state;
  t.emit(Code.JobFailed, { dag: dags.keyA[dag]!, job: jobs.keyB[job]!, attempt: 0, code, final: true });
  afterJobEnded(t, dag, job);
}
