/**
 * What an input, a timer or a continuation may read cold: a closed list by kind. The loop fetches it before the turn,
 * so the kernel never awaits; whether a row was in memory by chance never changes a decision.
 */
import { Code, CursorKind, LeaseState } from '../catalogue/generated/codes.js';
import type { InputEntry, JobSpec, LeaseRef, SubmitDag } from '../catalogue/generated/types.js';
import { readsCold, shareOfContinuations } from './continue/index.js';
import type { Indexes } from './indexes/indexes.js';
import { indexOfJob } from './job-names.js';
import { jobsOf, parseWhen } from './json/index.js';
import { JobFlag } from './rows/flags.js';
import { IdKind, seqOf } from './rows/ids.js';
import type { State } from './rows/state.js';

/** Cold rows of one DAG. */
export interface Needs {
  /** DAGs whose rows must be in memory. */
  readonly dags: Set<number>;
  /** DAGs whose submission is read. */
  readonly specs: Set<number>;
}

/** What one input needs; adds to `needs`. */
export function needsOfInput(state: State, input: InputEntry, needs: Needs): void {
  switch (input.code) {
    case Code.SubmitDag:
      return needsOfSubmission(state, input.body, needs);
    case Code.CompleteJob:
    case Code.ReturnJob:
      return needsOfCallback(state, input.body.lease, needs);
    case Code.FailJob:
      needsOfCallback(state, input.body.lease, needs);
      if (isInForce(state, input.body.lease.token)) needs.specs.add(input.body.lease.dag);
      return;
    case Code.CancelDag:
    case Code.PauseDag:
    case Code.ResumeDag:
    case Code.ReprioritizeDag:
    case Code.SetDeadline:
    case Code.RetryDag:
      return needsOfControl(state, input.body, false, needs);
    case Code.CancelJob:
    case Code.RetryJob:
    case Code.ResolveSignal:
      return needsOfControl(state, input.body, true, needs);
    default:
  }
}

/** A repeat is answered from the row of the DAG. */
function needsOfSubmission(state: State, body: SubmitDag, needs: Needs): void {
  const dag = seqOf(state, IdKind.idempotency, body.tenant, body.idempotencyKey);
  if (dag !== 0) needs.dags.add(dag);
}

function isInForce(state: State, token: number): boolean {
  const { leases } = state;
  const lease = leases.find(token);
  return lease !== 0 && leases.c.state[lease] === LeaseState.inForce;
}

/**
 * A terminal callback whose lease is gone, or that only a registration
 * reported, may repeat the accepted one: its job's row tells.
 */
function needsOfCallback(state: State, ref: LeaseRef, needs: Needs): void {
  const { leases } = state;
  const lease = leases.find(ref.token);
  if ((lease === 0 || leases.c.tenant[lease] === 0) && ref.dag > 0) needs.dags.add(ref.dag);
}

function needsOfControl(
  state: State,
  body: { readonly tenant: string; readonly dagId: string },
  readsSpec: boolean,
  needs: Needs,
): void {
  const dag = seqOf(state, IdKind.dag, body.tenant, body.dagId);
  if (dag === 0) return;
  needs.dags.add(dag);
  if (readsSpec) needs.specs.add(dag);
}

/** What timers that are due at these times need. */
export function needsOfTimers(state: State, indexes: Indexes, at: number, running: number, needs: Needs): void {
  const { retired, leases } = state;
  for (const seq of indexes.retired.due(at)) needs.dags.add(retired.c.dag[retired.find(seq)]!);
  for (const token of indexes.timers.timeOuts(running)) needs.specs.add(leases.c.dag[leases.find(token)]!);
}

/** The cursors that a turn with so many inputs can come to: each that it runs costs at least one of its events. */
export function cursorsInReach(indexes: Indexes, inputs: number): readonly number[] {
  const waiting = indexes.cursors.length;
  const count = Math.min(waiting, shareOfContinuations(inputs, waiting));
  return Array.from({ length: count }, (_, i) => indexes.cursors.at(i));
}

/** What these cursors need; those of this turn's making come with the next. */
export function needsOfCursors(state: State, inReach: readonly number[], needs: Needs): void {
  const { cursors } = state;
  for (const seq of inReach) {
    const cursor = cursors.find(seq);
    if (!readsCold(state, cursor)) continue;
    if (cursors.c.kind[cursor] === CursorKind.forget) needs.dags.add(cursors.c.dag[cursor]!);
    else needs.specs.add(cursors.c.dag[cursor]!);
  }
}

/** An output that a condition or a fan-out reads: a job's index and attempt. */
export interface NeededOutput {
  readonly dag: number;
  readonly job: number;
  readonly attempt: number;
}

/** The outputs that those of them which activate read, now that their DAGs' submissions are there. */
export function outputsOfCursors(
  state: State,
  inReach: readonly number[],
  specOf: (dag: number) => SubmitDag,
): NeededOutput[] {
  const { cursors, dags, jobs, space } = state;
  const found: NeededOutput[] = [];
  for (const seq of inReach) {
    const cursor = cursors.find(seq);
    if (cursors.c.kind[cursor] !== CursorKind.activate || !readsCold(state, cursor)) continue;
    const dagSeq = cursors.c.dag[cursor]!;
    const dag = dags.find(dagSeq);
    const index = cursors.c.job[cursor]!;
    if ((jobs.c.flags[space.handle(dag, index)]! & JobFlag.child) !== 0) continue;
    const specs = specOf(dagSeq).jobs;
    for (const id of readBy(specs[index]!)) {
      const job = indexOfJob(specs, id);
      found.push({ dag: dagSeq, job, attempt: jobs.c.attempt[space.handle(dag, job)]! });
    }
  }
  return found;
}

/** What jobs read, as long as their submission is in memory: one may be in reach of many turns before it has its own. */
const reads = new WeakMap<JobSpec, readonly string[]>();

/** Ids of the jobs whose outputs a job's condition and fan-out read. */
function readBy(spec: JobSpec): readonly string[] {
  let ids = reads.get(spec);
  if (ids === undefined) {
    const condition = spec.when === null ? null : parseWhen(spec.when).condition;
    ids = [...(spec.fanOut?.from ? [spec.fanOut.from] : []), ...(condition === null ? [] : jobsOf(condition))];
    reads.set(spec, ids);
  }
  return ids;
}
