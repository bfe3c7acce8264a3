/** Readying a job: its shape, and what its flow's deadline then looks like (policy.md: Deadlines). */

import { Code, DagState, JobState, Risk, Shape } from '../../catalogue/generated/codes.js';
import type { Deadline } from '../../catalogue/generated/types.js';
import { deadlineAhead, marginOf } from '../evolve/deadlines.js';
import { isPlain, Verdict, verdictOf } from '../evolve/settle.js';
import { INLINE_JOBS, MAX_PATH_MS } from '../limits.js';
import { log2Sixteenths } from '../log2.js';
import type { OpenTurn } from '../open-turn.js';
import { volumeWith } from '../planner/volume.js';
import { flowKey } from '../rows/keys.js';

/** Emits JobReadied for a job that an executor runs. */
export function readyJob(t: OpenTurn, dag: number, job: number): void {
  const { jobs, dags } = t.state;
  t.indexes.prefetch.ready(job);
  const shape = shapeFor(t, job);
  t.emit(Code.JobReadied, {
    dag: dags.keyA[dag]!,
    job: jobs.keyB[job]!,
    shape,
    deadline: deadlineWith(t, dag, job, shape),
  });
}

/** Samples below which a class knows too little to call a job long. */
const MIN_SAMPLES = 20;

/**
 * A job of one slot is long when its estimate is above twice the geometric mean of its class (policy.md: Short and
 * long).
 */
function shapeFor(t: OpenTurn, job: number): number {
  const { jobs, classes } = t.state;
  if (jobs.c.moreSlots[job]! > 0) return Shape.wide;
  const cls = classes.find(jobs.c.class[job]!);
  const count = classes.c.occupancyCount[cls]!;
  if (count < MIN_SAMPLES) return Shape.short;
  const mean = Math.floor(classes.c.logSum[cls]! / count);
  return log2Sixteenths(jobs.c.estimateMs[job]!) > mean + 16 ? Shape.long : Shape.short;
}

/** Readies the job if it waits, its upstreams have decided so, and nothing cold must be read for it. */
export function readyIfPlain(t: OpenTurn, dag: number, job: number): boolean {
  const { jobs, dags } = t.state;
  if (dags.c.reopening[dag] !== 0) return false;
  if (jobs.c.state[job] !== JobState.waiting || !isPlain(jobs.c.flags[job]!)) return false;
  if (verdictOf(t, job) !== Verdict.ready) return false;
  readyJob(t, dag, job);
  return true;
}

/** A released job goes back to the frontier, unless its DAG is ending: then the cursor that ends the DAG takes it. */
export function readyAgain(t: OpenTurn, dag: number, job: number): void {
  const { dags, jobs } = t.state;
  if (dags.c.state[dag] === DagState.open && jobs.c.state[job] === JobState.waiting) readyJob(t, dag, job);
}

/** Readies the plain jobs of a DAG that begins, if they are few; of many a cursor does. */
export function readyFirst(t: OpenTurn, dag: number): void {
  const { dags, space } = t.state;
  const count = dags.c.jobsTotal[dag]!;
  if (count > INLINE_JOBS) return;
  for (let i = 0; i < count; i++) {
    const job = space.handle(dag, i);
    if (job !== 0) readyIfPlain(t, dag, job);
  }
}

/** The flow's deadline once the job is in it; null when the DAG has none. */
function deadlineWith(t: OpenTurn, dag: number, job: number, shape: number): Deadline | null {
  const { dags, flows, jobs } = t.state;
  if (dags.c.deadlineAtMs[dag] === 0 && dags.c.hardDeadlineAtMs[dag] === 0) return null;
  const flow = flows.find(dags.keyA[dag]!, flowKey(jobs.c.class[job]!, shape));
  const known = flow === 0 ? 0 : t.indexes.heads.head(flow);
  const head = known === 0 || isBefore(t, job, known) ? job : known;
  return deadlineOf(t, dag, head, volumeWith(t, flow, job));
}

/** Whether a job that becomes ready comes before the head of its flow: by rank, then as one that was ready earlier. */
function isBefore({ state }: OpenTurn, job: number, head: number): boolean {
  const { rank, readySeq } = state.jobs.c;
  if (rank[job] !== rank[head]) return rank[job]! > rank[head]!;
  return readySeq[job] !== 0 && readySeq[job]! < readySeq[head]!;
}

/** A flow of which time alone may change the risk once more is looked at again after this at the least. */
const LOOK_AGAIN_MS = 1000;

/** When it is looked at again: after an eighth of the time that is left for a change. */
export function lookAgainAt(at: number, leftMs: number): number {
  return at + Math.max(LOOK_AGAIN_MS, Math.floor(leftMs / 8));
}

/** Need, risk and wake time of a flow with this head, whose ready work takes so long to pass through its class, in ms. */
export function deadlineOf(t: OpenTurn, dag: number, head: number, volumeMs: number): Deadline {
  const { jobs } = t.state;
  const deadline = deadlineAhead(t, dag);
  const estimate = jobs.c.estimateMs[head]!;
  const needMs = Math.min(MAX_PATH_MS, jobs.c.rank[head]! - estimate + Math.max(estimate, volumeMs));
  if (deadline === 0) return { needMs, risk: Risk.late, wakeAtMs: -1 };
  const slack = deadline - t.at - needMs;
  const margin = marginOf(needMs);
  if (slack > margin) return { needMs, risk: Risk.safe, wakeAtMs: deadline - needMs - margin };
  if (slack >= 0) return { needMs, risk: Risk.atRisk, wakeAtMs: deadline - needMs + 1 };
  const spare = deadline - t.at - jobs.c.rank[head]!;
  // Its path would still do: where the class can do more again, it is late no longer.
  if (spare > LOOK_AGAIN_MS) {
    return { needMs, risk: Risk.late, wakeAtMs: lookAgainAt(t.at, spare) };
  }
  const { deadlineAtMs, hardDeadlineAtMs } = t.state.dags.c;
  const later = Math.max(deadlineAtMs[dag]!, hardDeadlineAtMs[dag]!);
  return { needMs, risk: Risk.late, wakeAtMs: later > deadline ? deadline + 1 : -1 };
}
