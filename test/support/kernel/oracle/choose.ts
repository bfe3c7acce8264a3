/** What comes next in a class, by the words of policy.md: everything is compared with everything, each time anew. */
import { Lane, Shape } from '../../../../src/catalogue/generated/codes.js';
import type { Cell, Executor, Flow, Job } from './cell.js';

export interface Start {
  readonly does: 'start';
  readonly job: Job;
  readonly executor: number;
  readonly lane: number;
  readonly isBackfill: boolean;
}

export interface Reserve {
  readonly does: 'reserve';
  readonly job: Job;
  readonly executor: number;
  readonly atMs: number;
  readonly lane: number;
}

/** `next`: what another executor is kept for at once. */
interface End {
  readonly does: 'end';
  readonly reason: string;
  readonly next?: Reserve;
}

export type Choice = Start | Reserve | End | null;

/** A flow by its first job. */
interface Head {
  readonly flow: Flow;
  readonly job: Job;
}

interface Candidate extends Head {
  readonly lane: number;
}

type Key = (head: Head, at: number) => readonly number[];

const inFlow = ({ job }: Head): readonly number[] => [-job.rank, job.readySeq];

/** How late it is in quarters of an hour, the latest first. */
function lateness({ flow }: Head, at: number): number {
  return flow.deadlineAtMs === Number.POSITIVE_INFINITY
    ? flow.deadlineAtMs
    : -Math.floor((at - flow.deadlineAtMs) / 900_000);
}

const GUARD: Key = (head) => [head.flow.dueAtMs, head.flow.seq, ...inFlow(head)];
const URGENT: Key = (head) => [-head.flow.priority, head.flow.needMs, head.job.dag, head.flow.seq, ...inFlow(head)];

/** Smaller first, field by field. */
const KEYS: Readonly<Record<string, Key>> = {
  'default@1': (head) => {
    const { priority, tag, tenant, dagFinish } = head.flow;
    return [-priority, tag, tenant, dagFinish, head.job.dag, ...inFlow(head)];
  },
  'fifo@1': ({ job }) => [job.readySeq],
  'edf@1': ({ flow, job }) => [flow.deadlineAtMs, job.readySeq],
  'strict-priority@1': (head, at) => {
    const { flow, job } = head;
    const { priority, isStarted, jobsLeft } = flow;
    return [-priority, lateness(head, at), isStarted ? 0 : 1, jobsLeft, -job.level, job.estimateMs, job.readySeq];
  },
  'level-first@1': ({ flow, job }) => [
    flow.isStarted ? 0 : 1,
    -job.level,
    -flow.priority,
    job.estimateMs,
    job.readySeq,
  ],
  'fair@1': (head) => {
    const { priority, tag, tenant, dagTag } = head.flow;
    return [-priority, tag, tenant, dagTag, head.job.dag, ...inFlow(head)];
  },
};

const hasLanes = (cell: Cell): boolean => cell.policy === 'default@1';

function sorted<T extends Head>(cell: Cell, heads: readonly T[], key: Key): T[] {
  return [...heads].sort((a, b) => {
    const [own, other] = [key(a, cell.at), key(b, cell.at)];
    const field = own.findIndex((value, i) => value !== other[i]);
    return field < 0 ? 0 : own[field]! < other[field]! ? -1 : 1;
  });
}

/** Of each flow only the first job competes; one that is too large for all that are there is in nobody's way. */
function headsOf(cell: Cell): Head[] {
  const key: Key = hasLanes(cell) ? inFlow : KEYS[cell.policy]!;
  const heads = cell.flows.map(
    (flow) =>
      sorted(
        cell,
        flow.jobs.map((job) => ({ flow, job })),
        key,
      )[0]!,
  );
  return heads.filter(({ job }) => isPossible(cell, job));
}

function isPossible({ executors, maxSlots }: Cell, { slots }: Job): boolean {
  return slots <= maxSlots && executors.some((executor) => executor.isOpen && executor.slots >= slots);
}

function isKept({ reservation }: Cell, { dag, index }: Job): boolean {
  return reservation?.dag === dag && reservation.job === index;
}

/** The lanes one after the other, and where urgent and regular work meet, whose turn it is. */
function inOrder(cell: Cell, heads: readonly Head[]): Candidate[] {
  const inLane = (lane: number) => (head: Head) => ({ ...head, lane });
  if (!hasLanes(cell)) return sorted(cell, heads, KEYS[cell.policy]!).map(inLane(Lane.regular));
  const overdue = heads.filter(({ flow, job }) => cell.at >= flow.dueAtMs && !isKept(cell, job));
  const found = (cell.guardCredit < 0 ? [] : sorted(cell, overdue, GUARD).slice(0, 1)).map(inLane(Lane.guard));
  const isFull = cell.longRunning >= cell.longAllowed;
  const others = heads.filter(({ flow }) => flow.shape !== Shape.long || !isFull);
  const urgent = sorted(
    cell,
    others.filter(({ flow }) => flow.isUrgent),
    URGENT,
  ).map(inLane(Lane.urgent));
  const regular = sorted(
    cell,
    others.filter(({ flow }) => !flow.isUrgent),
    KEYS[cell.policy]!,
  ).map(inLane(Lane.regular));
  while (urgent.length > 0 && regular.length > 0) {
    const [one, other] = [urgent[0]!.flow, regular[0]!.flow];
    const isContested = other.priority > one.priority || other.tenant !== one.tenant;
    found.push(isContested && cell.regularCredit >= 0 ? regular.shift()! : urgent.shift()!);
  }
  return [...found, ...urgent, ...regular];
}

/** The fewest free slots, the last to have released one, the first to have registered. */
function placed(executors: readonly Executor[], { slots }: Job): Executor | undefined {
  const fit = executors.filter((executor) => executor.isOpen && executor.free >= slots);
  return fit.sort((a, b) => a.free - b.free || b.lastRelease - a.lastRelease || a.seq - b.seq)[0];
}

function hasTokens({ buckets }: Cell, { units }: Job): boolean {
  return buckets.every(
    ({ isUnits, burst, perMs, level }) => level >= BigInt(Math.min(burst, isUnits ? units : 1)) * BigInt(perMs),
  );
}

/** When so many slots of an executor should be free. */
function freeAt({ at }: Cell, { slots, held }: Executor, wanted: number): number {
  let free = slots - held.reduce((sum, lease) => sum + lease.slots, 0);
  let freeAtMs = at;
  for (const lease of [...held].sort((a, b) => a.untilMs - b.untilMs)) {
    if (free >= wanted) break;
    free += lease.slots;
    freeAtMs = lease.untilMs;
  }
  return freeAtMs;
}

/** The first one, unless it lacks tokens: then the class waits for it. */
function started(cell: Cell, first: Candidate | undefined, executor: Executor | undefined): Start | null {
  if (first === undefined || executor === undefined || !hasTokens(cell, first.job)) return null;
  const isBackfill = executor.seq === cell.reservation?.executor;
  return { does: 'start', job: first.job, executor: executor.seq, lane: first.lane, isBackfill };
}

/** What the class does next; null: nothing. */
export function choose(cell: Cell): Choice {
  const heads = headsOf(cell);
  if (cell.reservation !== null) return besideReservation(cell, cell.reservation, heads);
  const fits = ({ job }: Head): boolean => cell.allowed >= job.slots && placed(cell.executors, job) !== undefined;
  const [first] = inOrder(cell, heads);
  const isAnyFree = cell.allowed > 0 && cell.executors.some(({ isOpen, free }) => isOpen && free > 0);
  if (first !== undefined && first.job.slots > 1 && isAnyFree && !fits(first)) {
    const { job, lane } = first;
    if (lane === Lane.guard || cell.at - job.readyAtMs >= 10_000) return reserved(cell, job, lane);
  }
  const [next] = inOrder(cell, heads.filter(fits));
  return started(cell, next, next && placed(cell.executors, next.job));
}

function reserved(cell: Cell, job: Job, lane: number): Choice {
  const [best] = cell.executors
    .filter(({ isOpen, slots }) => isOpen && slots >= job.slots)
    .map((executor) => ({ executor: executor.seq, atMs: freeAt(cell, executor, job.slots) }))
    .sort((a, b) => a.atMs - b.atMs || a.executor - b.executor);
  return { does: 'reserve', job, lane, ...best! };
}

function besideReservation(cell: Cell, { executor, lane }: NonNullable<Cell['reservation']>, heads: Head[]): Choice {
  const job = cell.flows.flatMap(({ jobs }) => jobs).find((one) => isKept(cell, one));
  if (job === undefined || !isPossible(cell, job)) return { does: 'end', reason: 'gone' };
  const kept = cell.executors.find(({ seq }) => seq === executor)!;
  if (!kept.isOpen || kept.slots < job.slots) return { does: 'end', reason: 'executor-gone' };
  if (cell.allowed < job.slots) return null;
  const elsewhere = placed(
    cell.executors.filter((one) => one !== kept),
    job,
  );
  const own = elsewhere ?? placed([kept], job);
  if (own === undefined) return backfilled(cell, kept, heads);
  if (hasTokens(cell, job))
    return { does: 'start', job, executor: own.seq, lane: hasLanes(cell) ? lane : Lane.regular, isBackfill: false };
  if (kept.free >= job.slots) return null;
  return { does: 'end', reason: 'moved', next: { does: 'reserve', job, executor: own.seq, atMs: cell.at, lane } };
}

/**
 * Others: where another executor has room; and only where none has, on the one that is kept, if they end in time. Of each
 * size and lane only the flow that comes first is looked at.
 */
function backfilled(cell: Cell, kept: Executor, heads: readonly Head[]): Choice {
  const others = cell.executors.filter((one) => one !== kept);
  const free = heads.filter(({ job }) => !isKept(cell, job));
  const leftMs = cell.reservation!.atMs - cell.at;
  const inTime = ({ estimateMs }: Job): boolean => estimateMs * 5 <= leftMs * 4;
  const able = firstOfEach(cell, free).filter(({ job }) => job.slots <= cell.allowed);
  const elsewhere = able.filter(({ job }) => placed(others, job) !== undefined);
  const there = able.filter(({ job }) => inTime(job) && placed([kept], job) !== undefined);
  const [next] = inOrder(cell, elsewhere.length > 0 ? elsewhere : there);
  return started(cell, next, next && placed(elsewhere.length > 0 ? others : [kept], next.job));
}

function firstOfEach(cell: Cell, heads: readonly Head[]): Head[] {
  const sizeOf = ({ flow, job }: Head): string => `${flow.shape} ${job.slots}`;
  return [...new Set(heads.map(sizeOf))].flatMap((size) => {
    const ordered = inOrder(
      cell,
      heads.filter((head) => sizeOf(head) === size),
    );
    const first = [Lane.guard, Lane.urgent, Lane.regular].map((lane) => ordered.find((one) => one.lane === lane));
    return [...new Set(first.filter((one) => one !== undefined).map(({ flow }) => flow))].map(
      (flow) => heads.find((head) => head.flow === flow)!,
    );
  });
}
