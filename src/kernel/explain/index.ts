/**
 * Why a job is not running now: the first reason of the closed list that applies (policy.md: Why is it not running?),
 * from rows and the policy's heads. Its work is bounded by the jobs before the job, or the executors of its class.
 */
import { DagState, JobState } from '../../catalogue/generated/codes.js';
import { holdReason } from '../decide/admission.js';
import { Verdict, verdictOf } from '../evolve/settle.js';
import type { State } from '../rows/state.js';
import type { Blocked } from './blocked.js';
import { whyReady } from './ready.js';
import type { Scene } from './scene.js';

export type { Ahead, Blocked, JobRef } from './blocked.js';
export type { Scene } from './scene.js';

/** Jobs that are named at most among those that a job waits for. */
const MAX_NAMED = 5;

/**
 * Why the job at this handle of a DAG is not running; null once it has ended. `after` lists the jobs before it. A DAG's
 * place among those that are held is 0 where nobody asks: all of them are looked at for it.
 */
export function explain(
  scene: Scene,
  dag: number,
  job: number,
  after: readonly number[],
  asksPosition = true,
): Blocked | null {
  const { state } = scene;
  const { dags, jobs } = state;
  const jobState = jobs.c.state[job]!;
  if (jobState >= JobState.succeeded) return null;
  if (jobState === JobState.dispatched || jobState === JobState.running) return whyRunning(state, job);
  if (dags.c.paused[dag] !== 0) return { reason: 'paused-dag' };
  if (dags.c.state[dag] === DagState.held) return whyHeld(scene, dag, asksPosition);
  switch (jobState) {
    case JobState.waiting:
      return whyWaiting(scene, dag, job, after);
    case JobState.fannedOut: {
      const fan = state.fans.find(dags.keyA[dag]!, jobs.keyB[job]!);
      return { reason: 'waiting-for-fan-out', made: state.fans.c.made[fan]!, left: jobs.c.left[job]! };
    }
    case JobState.awaitingSignal:
      return { reason: 'waiting-for-signal' };
    case JobState.backoff:
      return { reason: 'backoff-until', untilMs: jobs.c.readyAtMs[job]!, attempt: jobs.c.attempt[job]! + 1 };
    default:
      return whyReady(scene, dag, job);
  }
}

/** Whether nothing of the DAG itself holds up its jobs that are ready. */
export function isOpen({ dags }: State, dag: number): boolean {
  return dags.c.paused[dag] === 0 && dags.c.state[dag] !== DagState.held;
}

function whyRunning(state: State, job: number): Blocked {
  const { leases, jobs } = state;
  const lease = leases.find(jobs.c.token[job]!);
  return { reason: 'lease-in-force', executor: leases.c.executor[lease]!, sinceMs: leases.c.reservedAtMs[lease]! };
}

function whyHeld(scene: Scene, dag: number, asksPosition: boolean): Blocked {
  const { state, indexes } = scene;
  const tenant = state.dags.c.tenant[dag]!;
  const limit = holdReason(state, tenant);
  if (limit === '' && indexes.held.first(tenant) === dag) return { reason: 'turn-full' };
  const position = asksPosition ? indexes.held.position(dag) : 0;
  return { reason: 'held-tenant-limit', limit: limit || 'held-before', position };
}

/** Upstreams that have not ended; when all have decided, a cursor or the next turn goes on with it. */
function whyWaiting({ state }: Scene, dag: number, job: number, after: readonly number[]): Blocked {
  const { jobs, space } = state;
  if (verdictOf({ state }, job) !== Verdict.undecided) return { reason: 'turn-full' };
  const open = after.filter((index) => jobs.c.state[space.handle(dag, index)]! < JobState.succeeded);
  if (open.length === 0) return { reason: 'turn-full' };
  return { reason: 'waiting-for', jobs: open.slice(0, MAX_NAMED), more: Math.max(0, open.length - MAX_NAMED) };
}
