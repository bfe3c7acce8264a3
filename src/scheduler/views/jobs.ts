/** Reads of jobs of a DAG that is in memory; `dag` is its handle. */
import type { JobView } from '../../answers/types.js';
import { childName, childNamed } from '../../catalogue/child-name.js';
import { JOB_STATE_NAMES, JobState } from '../../catalogue/generated/codes.js';
import type { SubmitDag } from '../../catalogue/generated/types.js';
import { kebab } from '../../catalogue/kebab.js';
import { isChildOf } from '../../kernel/evolve/settle.js';
import { indexOfJob } from '../../kernel/job-names.js';
import { REASONS } from '../../kernel/reasons.js';
import { JobFlag } from '../../kernel/rows/flags.js';
import type { State } from '../../kernel/rows/state.js';
import type { AttemptRef } from '../rows/cold.js';

/** A child of a fan-out: its newest attempt, its place in the fan-out, its state. */
export interface Child extends AttemptRef {
  readonly index: number;
  readonly state: number;
  readonly hasOutput: boolean;
}

/** A job as readers see it; null where there is none at this index, or a child that its fan-out has made anew since. */
export function jobView(state: State, dag: number, index: number, spec: SubmitDag): JobView | null {
  const { jobs, space, fans, dags } = state;
  const { c } = jobs;
  const job = space.handle(dag, index);
  if (job === 0) return null;
  const parent = c.parent[job]! - 1;
  if (parent >= 0 && !isChildOf(state, dag, space.handle(dag, parent), job)) return null;
  const jobSpec = spec.jobs[parent < 0 ? index : parent]!;
  const child = parent < 0 ? null : index - fans.c.base[fans.find(dags.keyA[dag]!, parent)]!;
  const jobState = c.state[job]!;
  const wasDispatched = c.attempt[job]! > 0 && jobState >= JobState.dispatched;
  const hasEnded = jobState >= JobState.succeeded;
  const readyAtMs = c.readyAtMs[job] === 0 || isBetweenAttempts(state, job) ? null : c.readyAtMs[job]!;
  const dispatchedAtMs = wasDispatched && readyAtMs !== null ? readyAtMs + c.waitMs[job]! : null;
  const isFan = (c.flags[job]! & JobFlag.fanOut) !== 0;
  return {
    job: child === null ? jobSpec.id : childName(jobSpec.id, child),
    index,
    parent: parent < 0 ? null : jobSpec.id,
    child,
    kind: jobSpec.kind,
    executorClass: jobSpec.executorClass,
    state: jobStateName(jobState),
    attempt: c.attempt[job]!,
    reason: REASONS[c.reason[job]!] || null,
    permille: jobState === JobState.running ? c.permille[job]! : 0,
    readyAtMs,
    dispatchedAtMs,
    endedAtMs: hasEnded && dispatchedAtMs !== null ? dispatchedAtMs + c.runMs[job]! : null,
    children: isFan ? childrenOf(state, dag, index) : null,
  };
}

/**
 * Whether a job waits for its next attempt, or was cancelled after one had failed or was lost and before the next had
 * begun: its row says when it may be ready again, and beside that how long the attempt before had waited and run.
 */
function isBetweenAttempts({ jobs: { c } }: State, job: number): boolean {
  if (c.state[job] === JobState.backoff) return true;
  const ended = c.failures[job]! + c.lost[job]!;
  return c.state[job] === JobState.cancelled && ended > 0 && ended >= c.attempt[job]!;
}

function childrenOf(state: State, dag: number, index: number): Record<string, number> {
  const { jobs, space, fans, dags } = state;
  const fan = fans.find(dags.keyA[dag]!, index);
  const counts: Record<string, number> = {};
  if (fan === 0) return counts;
  const base = fans.c.base[fan]!;
  for (let i = 0; i < fans.c.made[fan]!; i++) {
    const name = jobStateName(jobs.c.state[space.handle(dag, base + i)]!);
    counts[name] = (counts[name] ?? 0) + 1;
  }
  const unmade = fans.c.count[fan]! - fans.c.made[fan]!;
  if (unmade > 0) counts['waiting'] = (counts['waiting'] ?? 0) + unmade;
  return counts;
}

/** Children of a fan-out from a place on, with the attempt whose output counts. */
export function childrenFrom(
  state: State,
  dag: number,
  spec: SubmitDag,
  name: string,
  from: number,
  limit: number,
): readonly Child[] {
  const { dags, fans, jobs, space } = state;
  const seq = dags.keyA[dag]!;
  const parent = indexOfJob(spec.jobs, name);
  const fan = parent < 0 ? 0 : fans.find(seq, parent);
  if (fan === 0) return [];
  const base = fans.c.base[fan]!;
  const to = Math.min(fans.c.made[fan]!, from + limit);
  const found: Child[] = [];
  for (let index = from; index < to; index++) {
    const job = space.handle(dag, base + index);
    const jobState = jobs.c.state[job]!;
    const hasOutput = jobState === JobState.succeeded && mayHaveOutput(state, job);
    found.push({ dag: seq, job: base + index, attempt: jobs.c.attempt[job]!, index, state: jobState, hasOutput });
  }
  return found;
}

/** The newest attempt of a job, by the job's id, with [n] for a child; null when there is none. */
export function newestAttempt(state: State, dag: number, spec: SubmitDag, name: string) {
  const { dags, jobs, space } = state;
  const index = indexOfName(state, dag, spec, name);
  const job = index < 0 ? 0 : space.handle(dag, index);
  if (job === 0) return null;
  return {
    dag: dags.keyA[dag]!,
    job: index,
    attempt: jobs.c.attempt[job]!,
    hasSucceeded: jobs.c.state[job] === JobState.succeeded,
    hasOutput: mayHaveOutput(state, job),
    hasFailure: (jobs.c.flags[job]! & JobFlag.hasFailure) !== 0,
  };
}

/** Index of a job by its id, with [n] for a child; -1 when there is none. */
export function indexOfName({ dags, fans }: State, dag: number, spec: SubmitDag, name: string): number {
  const own = indexOfJob(spec.jobs, name);
  if (own >= 0) return own;
  const child = childNamed(name);
  const parent = child === null ? -1 : indexOfJob(spec.jobs, child.fanOut);
  const fan = parent < 0 ? 0 : fans.find(dags.keyA[dag]!, parent);
  return fan === 0 || child === null || child.place >= fans.c.made[fan]! ? -1 : fans.c.base[fan]! + child.place;
}

/** Whether some attempt of a job left an output row; without one the output of a job that succeeded is null. */
export function mayHaveOutput({ jobs }: State, job: number): boolean {
  return (jobs.c.flags[job]! & JobFlag.hasOutput) !== 0;
}

/** Name of a job's state. */
export function jobStateName(state: number): string {
  return kebab(JOB_STATE_NAMES.get(state)!);
}
