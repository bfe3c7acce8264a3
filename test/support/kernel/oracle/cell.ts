/** What a class looks like from its rows alone: plain lists that are made anew for each decision. No index is asked. */
import { DagState, JobState, LeaseState, Risk, Shape } from '../../../../src/catalogue/generated/codes.js';
import type { SubmitDag } from '../../../../src/catalogue/generated/types.js';
import { dagTagOf } from '../../../../src/kernel/evolve/fair-dags.js';
import { ExecutorState, JobFlag } from '../../../../src/kernel/rows/flags.js';
import { flowKey, tagKey } from '../../../../src/kernel/rows/keys.js';
import { limitOf } from '../../../../src/kernel/rows/limit-field.js';
import type { State } from '../../../../src/kernel/rows/state.js';
import { rowsOf } from '../invariants.js';

export interface Executor {
  readonly seq: number;
  readonly slots: number;
  readonly free: number;
  /** It is live, and neither cordoned nor draining. */
  readonly isOpen: boolean;
  readonly lastRelease: number;
  /** What holds its slots, and when that should have ended. */
  readonly held: readonly { readonly slots: number; readonly untilMs: number }[];
}

export interface Job {
  readonly dag: number;
  readonly index: number;
  readonly slots: number;
  readonly rank: number;
  readonly level: number;
  readonly readySeq: number;
  readonly readyAtMs: number;
  readonly estimateMs: number;
  readonly units: number;
}

/** The ready jobs of a DAG in the class and of one shape. */
export interface Flow {
  readonly seq: number;
  readonly shape: number;
  readonly priority: number;
  readonly tenant: number;
  readonly tag: number;
  readonly dagFinish: number;
  readonly dagTag: number;
  readonly dueAtMs: number;
  readonly deadlineAtMs: number;
  readonly isStarted: boolean;
  readonly jobsLeft: number;
  readonly needMs: number;
  readonly isUrgent: boolean;
  readonly jobs: readonly Job[];
}

export interface Cell {
  readonly at: number;
  readonly policy: string;
  /** Slots that it works with, those in use, and those that its limit still allows. */
  readonly slots: number;
  readonly allowed: number;
  readonly maxSlots: number;
  readonly guardCredit: number;
  readonly regularCredit: number;
  /** How many slots long jobs may have. */
  readonly longAllowed: number;
  readonly longRunning: number;
  readonly reservation: {
    readonly dag: number;
    readonly job: number;
    readonly executor: number;
    readonly atMs: number;
    readonly lane: number;
  } | null;
  readonly executors: readonly Executor[];
  readonly flows: readonly Flow[];
  readonly buckets: readonly {
    readonly isUnits: boolean;
    readonly perMs: number;
    readonly burst: number;
    readonly level: bigint;
  }[];
}

type Specs = ReadonlyMap<number, SubmitDag>;

/** A class as it is now. */
export function cellOf(state: State, specs: Specs, classSeq: number, at: number, stoppedMs: number): Cell {
  const { classes, cell, cellRow } = state;
  const { c } = classes;
  const row = classes.find(classSeq);
  const executors = executorsOf(state, classSeq, at, stoppedMs);
  const used = executors.reduce((sum, { held }) => sum + held.reduce((slots, lease) => slots + lease.slots, 0), 0);
  const maxSlots = limitOf(c.maxSlots[row]!, Number.POSITIVE_INFINITY);
  const slots = Math.min(workingSlots(state, classSeq), maxSlots);
  const share = limitOf(c.shortReserve[row]!, 8);
  const isShortWork = c.lastShortAtMs[row] !== 0 && at - c.lastShortAtMs[row]! < 60_000;
  return {
    at,
    policy: cell.c.policy[cellRow] || 'default@1',
    slots,
    allowed: maxSlots - used,
    maxSlots,
    guardCredit: c.guardCredit[row]!,
    regularCredit: c.regularCredit[row]!,
    longAllowed: share === 0 || !isShortWork ? Number.POSITIVE_INFINITY : slots - Math.floor(slots / share),
    longRunning: c.longRunning[row]!,
    reservation:
      c.reservedExecutor[row] === 0
        ? null
        : {
            dag: c.reservedDag[row]!,
            job: c.reservedJob[row]!,
            executor: c.reservedExecutor[row]!,
            atMs: c.reservedAtMs[row]!,
            lane: c.reservedLane[row]!,
          },
    executors,
    flows: flowsOf(state, specs, classSeq),
    buckets: bucketsOf(state, classSeq, at),
  };
}

/** Slots that live executors offer; of cordoned and draining ones those in which something runs. */
function workingSlots(state: State, classSeq: number): number {
  const { executors } = state;
  const { c } = executors;
  let sum = 0;
  for (const row of rowsOf(executors)) {
    if (c.class[row] !== classSeq || c.state[row] !== ExecutorState.live) continue;
    const offered = offeredBy(state, row);
    const isOpen = c.cordoned[row] === 0 && c.draining[row] === 0;
    sum += isOpen ? offered : Math.min(offered, c.reserved[row]! + c.reclaiming[row]!);
  }
  return sum;
}

/** Slots of an executor, but for those whose work never stopped: it may have registered with fewer since. */
function offeredBy({ executors: { c } }: State, row: number): number {
  return Math.max(0, c.slots[row]! - c.withdrawn[row]!);
}

function executorsOf(state: State, classSeq: number, at: number, stoppedMs: number): Executor[] {
  const { executors, leases, dags, jobs, space } = state;
  const { c } = executors;
  return rowsOf(executors)
    .filter((row) => c.class[row] === classSeq)
    .map((row) => {
      const seq = executors.keyA[row]!;
      const held = rowsOf(leases)
        .filter((lease) => leases.c.executor[lease] === seq && leases.c.state[lease] !== LeaseState.released)
        .map((lease) => {
          const dag = dags.find(leases.c.dag[lease]!);
          const job = dag === 0 ? -1 : space.handle(dag, leases.c.job[lease]!);
          const isOver = leases.c.state[lease] === LeaseState.reclaiming;
          const endMs = isOver
            ? leases.c.reclaimAtMs[lease]! + stoppedMs
            : leases.c.reservedAtMs[lease]! + (jobs.c.estimateMs[job] ?? 1000);
          return { slots: leases.c.moreSlots[lease]! + 1, untilMs: Math.max(at, endMs) };
        });
      const slots = offeredBy(state, row);
      return {
        seq,
        slots,
        free: Math.max(0, slots - c.reserved[row]! - c.reclaiming[row]!),
        isOpen: c.state[row] === ExecutorState.live && c.cordoned[row] === 0 && c.draining[row] === 0,
        lastRelease: c.lastRelease[row]!,
        held,
      };
    });
}

function flowsOf(state: State, specs: Specs, classSeq: number): Flow[] {
  const { dags, jobs, space } = state;
  const found = new Map<string, Flow & { jobs: Job[] }>();
  for (const row of rowsOf(jobs)) {
    const dag = space.dagOf[row]!;
    if (jobs.c.state[row] !== JobState.ready || jobs.c.class[row] !== classSeq) continue;
    if (dags.c.state[dag] !== DagState.open || dags.c.paused[dag] !== 0) continue;
    const slots = jobs.c.moreSlots[row]! + 1;
    const isLong = (jobs.c.flags[row]! & JobFlag.long) !== 0;
    const shape = slots > 1 ? Shape.wide : isLong ? Shape.long : Shape.short;
    const key = `${dag} ${shape}`;
    const flow = found.get(key) ?? { ...flowOf(state, dag, classSeq, shape), jobs: [] };
    found.set(key, flow);
    flow.jobs.push({
      dag: dags.keyA[dag]!,
      index: jobs.keyB[row]!,
      slots,
      rank: jobs.c.rank[row]!,
      level: levelOf(specs.get(dags.keyA[dag]!)!, jobs.c.parent[row]! > 0 ? jobs.c.parent[row]! - 1 : jobs.keyB[row]!),
      readySeq: jobs.c.readySeq[row]!,
      readyAtMs: jobs.c.readyAtMs[row]!,
      estimateMs: jobs.c.estimateMs[row]!,
      units: jobs.c.units[row]!,
    });
  }
  return [...found.values()];
}

function flowOf(state: State, dag: number, classSeq: number, shape: number): Omit<Flow, 'jobs'> {
  const { dags, flows, tags } = state;
  const { c } = dags;
  const seq = dags.keyA[dag]!;
  const row = flows.find(seq, flowKey(classSeq, shape));
  const deadlines = [c.deadlineAtMs[dag]!, c.hardDeadlineAtMs[dag]!].filter((atMs) => atMs !== 0);
  return {
    seq: flows.c.flowSeq[row]!,
    shape,
    priority: c.priority[dag]!,
    tenant: c.tenant[dag]!,
    tag: tags.c.tag[tags.find(tagKey(classSeq, c.priority[dag]!), c.tenant[dag]!)]!,
    dagFinish: c.dagFinish[dag]!,
    dagTag: dagTagOf(state, dag, classSeq),
    dueAtMs: c.dueAtMs[dag]!,
    deadlineAtMs: Math.min(Number.POSITIVE_INFINITY, ...deadlines),
    isStarted: c.startedAtMs[dag] !== 0,
    jobsLeft: c.jobsLeft[dag]!,
    needMs: flows.c.needMs[row]!,
    isUrgent: flows.c.risk[row] === Risk.atRisk,
  };
}

/** The longest chain of jobs before a job. */
function levelOf(spec: SubmitDag, index: number): number {
  const before = spec.jobs[index]!.after.map((id) => spec.jobs.findIndex((job) => job.id === id));
  return before.reduce((most, up) => Math.max(most, 1 + levelOf(spec, up)), 0);
}

function bucketsOf({ buckets }: State, classSeq: number, at: number): Cell['buckets'] {
  const { c } = buckets;
  return rowsOf(buckets)
    .filter((row) => buckets.keyA[row] === classSeq)
    .map((row) => {
      const full = BigInt(c.burst[row]!) * BigInt(c.perMs[row]!);
      const level = BigInt(c.level[row]!) + BigInt(at - c.filledAtMs[row]!) * BigInt(c.add[row]!);
      const perMs = c.perMs[row]!;
      return { isUnits: c.isUnits[row] !== 0, perMs, burst: c.burst[row]!, level: level < full ? level : full };
    });
}
