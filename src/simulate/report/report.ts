/** What a run has shown, as numbers for people and programs: how long things waited, what was met, what was used. */

import { madeOnce } from '../../catalogue/made-once.js';
import { START_MS } from '../cell/virtual-cell.js';
import { offeredByClass, slotsByClass } from '../load/fleet.js';
import type { PlanRun } from '../run-plan.js';
import { type Bounds, boundsOf } from './bounds.js';
import { type DeadlineReport, deadlineReport } from './deadlines.js';
import { type HoldReport, heldMs as heldByLimitsMs, holdReports } from './holds.js';
import { notesOf } from './notes.js';
import type { AttemptRecord, CancelledRecord, DagRecord, WaitingRecord } from './records.js';
import { type Spread, spreadOf } from './spread.js';
import type { StuckReport } from './stuck.js';
import { type TooWide, tooWideJobs } from './too-wide.js';

/** DAGs of one name, or of one tenant. */
export interface GroupReport {
  readonly name: string;
  readonly dags: number;
  readonly succeeded: number;
  /** Failed or cancelled. */
  readonly failed: number;
  /** Not ended when the run did. */
  readonly open: number;
  /** How many of them limits of their tenants held. */
  readonly heldDags: number;
  /** How long limits of their tenants held each of them, of most 0; null: they held none. */
  readonly held: Spread | null;
  /**
   * From ready to dispatched, of their jobs, or until they are cancelled; of those that still wait, until the end, unless
   * they can never run.
   */
  readonly wait: Spread | null;
  /** From acceptance to the end, of those that have ended. */
  readonly latency: Spread | null;
  readonly deadlines: DeadlineReport;
  /**
   * 99th percentiles of these, as far as what is open at the end lets them be known; null: there is nothing of it. What a
   * hard deadline ended first has no end in them.
   */
  readonly p99: { readonly held: Bounds | null; readonly wait: Bounds | null; readonly latency: Bounds | null };
  /** Slot-ms that its attempts held, in vain or not; of those that still run, until the end. */
  readonly slotMs: number;
}

/** One executor class. */
export interface ClassReport {
  readonly name: string;
  /** When no change has been made. */
  readonly slots: number;
  readonly attempts: number;
  readonly failedAttempts: number;
  /** From ready to dispatched or cancelled; of jobs that still wait, until the end, unless they can never run. */
  readonly wait: Spread | null;
  /** Slot time in use as a share of what there was, 0 to 1. */
  readonly utilisation: number;
  /** Most slots that were in use at once. */
  readonly busiest: number;
}

/** All that a run has shown. */
export interface RunReport {
  /** drained: every DAG has ended; until: its time was up; stalled: what is open can never run. */
  readonly end: PlanRun['end'];
  /** How long it was by its own clock, in ms, until it ended or nothing happened any more. */
  readonly simulatedMs: number;
  readonly turns: number;
  readonly attempts: number;
  /** Jobs that still waited at the end, and how long the first of them had waited. */
  readonly waiting: { readonly jobs: number; readonly longestMs: number };
  readonly assumedAttempts: number;
  /** What can never go on, by reason: what was open when it was given up, or what nothing will let go on after its time. */
  readonly stuck: readonly StuckReport[];
  /** Jobs that can never run on so few slots. */
  readonly tooWide: readonly TooWide[];
  /** What else is worth knowing, as sentences. */
  readonly notes: readonly string[];
  /** DAGs that limits of their tenants held. */
  readonly held: readonly HoldReport[];
  readonly refusals: readonly { readonly code: string; readonly count: number; readonly detail: string }[];
  readonly all: GroupReport;
  readonly names: readonly GroupReport[];
  readonly tenants: readonly GroupReport[];
  readonly classes: readonly ClassReport[];
}

/** Makes the report of a run. Slots are in use, and were there, for as long as something was to do. */
export function reportOf(run: PlanRun): RunReport {
  const { recorder, end, endMs, assumed } = run;
  const endAt = START_MS + endMs;
  const waiting = recorder.waiting();
  const waited: readonly Waited[] = [...recorder.cancelled, ...waiting];
  const first = waiting.reduce((earliest, { readyAt }) => Math.min(earliest, readyAt), endAt);
  return {
    end,
    simulatedMs: endMs,
    turns: recorder.turns,
    attempts: recorder.attempts.length,
    waiting: { jobs: waiting.length, longestMs: endAt - first },
    assumedAttempts: assumed,
    stuck: run.stuck,
    tooWide: tooWideJobs(run),
    notes: notesOf(run),
    held: holdReports(recorder.dags, run.plan, endAt),
    refusals: refusalsOf(run),
    all: groupReport('all', recorder.dags, [...recorder.attempts, ...waited], run),
    names: groups(run, waited, ({ submission }) => submission.name),
    tenants: groups(run, waited, ({ submission }) => submission.tenant),
    classes: classReports(run, waited, endAt),
  };
}

/** `waited`: jobs without a slot. */
function groups(run: PlanRun, waited: readonly Waited[], nameOf: (dag: DagRecord) => string): GroupReport[] {
  const { recorder } = run;
  const jobs = grouped<Waited>([...recorder.attempts, ...waited], ({ dag }) => nameOf(dag));
  return [...grouped(recorder.dags, nameOf)].map(([name, dags]) => {
    return groupReport(name, dags, jobs.get(name) ?? [], run);
  });
}

/** By a name, in the order in which the names come up. */
function grouped<T>(values: readonly T[], nameOf: (value: T) => string): ReadonlyMap<string, T[]> {
  const found = new Map<string, T[]>();
  for (const value of values) madeOnce(found, nameOf(value), () => []).push(value);
  return found;
}

function groupReport(name: string, dags: readonly DagRecord[], jobs: readonly Waited[], run: PlanRun): GroupReport {
  const endAt = START_MS + run.endMs;
  const ended = dags.filter(({ endedAt }) => endedAt !== null);
  const succeeded = ended.filter(({ outcome }) => outcome === 'succeeded').length;
  const heldDags = dags.filter(({ hold }) => hold !== null).length;
  return {
    name,
    dags: dags.length,
    succeeded,
    failed: ended.length - succeeded,
    open: dags.length - ended.length,
    heldDags,
    held: heldDags === 0 ? null : spreadOf(dags.map((dag) => heldByLimitsMs(dag, endAt))),
    wait: waitOf(jobs, run),
    latency: spreadOf(ended.map(({ endedAt, acceptedAt }) => endedAt! - acceptedAt)),
    // What is open when a run was given up stays so, and its deadline will pass.
    deadlines: deadlineReport(dags, run.end === 'stalled' ? Number.POSITIVE_INFINITY : endAt),
    p99: percentiles(dags, jobs, run),
    slotMs: jobs.reduce((sum, one) => sum + heldMs(one, endAt), 0),
  };
}

/** What is timed: whether it is open at the end, whether a hard deadline ended it before it came to that, and how long. */
interface Timed<T> {
  isOpen(one: T): boolean;
  isNever(one: T): boolean;
  msOf(one: T): number;
}

function percentiles(dags: readonly DagRecord[], jobs: readonly Waited[], { end, endMs }: PlanRun): GroupReport['p99'] {
  const endAt = START_MS + endMs;
  const bounds = <T>(all: readonly T[], { isOpen, isNever, msOf }: Timed<T>) => {
    const soFar = all.filter(isOpen).map(msOf);
    const known = all.filter((one) => !isOpen(one) && !isNever(one)).map(msOf);
    const never = all.length - soFar.length - known.length;
    return boundsOf(known, { soFar, isForGood: end === 'stalled', never });
  };
  return {
    held: bounds(dags, {
      isOpen: ({ hold }) => hold !== null && hold.since !== null,
      isNever: ({ hold, hardEnded }) => hardEnded && hold?.toItsEnd === true,
      msOf: (dag) => heldByLimitsMs(dag, endAt),
    }),
    wait: bounds(jobs, {
      isOpen: ({ dispatchedAt, cancelledAt }) => dispatchedAt === undefined && cancelledAt === undefined,
      isNever: ({ byHardDeadline = false }) => byHardDeadline,
      msOf: (one) => waitMs(one, endAt),
    }),
    latency: bounds(dags, {
      isOpen: ({ endedAt }) => endedAt === null,
      isNever: ({ hardEnded }) => hardEnded,
      msOf: ({ acceptedAt, endedAt }) => (endedAt ?? endAt) - acceptedAt,
    }),
  };
}

function classReports(run: PlanRun, waited: readonly Waited[], endAt: number): ClassReport[] {
  const { plan, recorder, endMs } = run;
  const offered = offeredByClass(plan, endMs);
  const attempts = grouped(recorder.attempts, ({ executorClass }) => executorClass);
  const others = grouped(waited, ({ executorClass }) => executorClass);
  return [...slotsByClass(plan)].map(([name, slots]) => {
    const own = attempts.get(name) ?? [];
    const usedMs = own.reduce((sum, one) => sum + heldMs(one, endAt), 0);
    return {
      name,
      slots,
      attempts: own.length,
      failedAttempts: own.filter(({ succeeded, releasedAt }) => !succeeded && releasedAt !== null).length,
      wait: waitOf([...own, ...(others.get(name) ?? [])], run),
      utilisation: usedMs / Math.max(1, offered.get(name)!),
      busiest: busiest(own),
    };
  });
}

/** A job that waited, or still does. */
type Waited = WaitingRecord & Partial<Pick<AttemptRecord, 'dispatchedAt' | 'releasedAt' | 'slots'> & CancelledRecord>;

function waitMs({ readyAt, dispatchedAt, cancelledAt }: Waited, endAt: number): number {
  return (dispatchedAt ?? cancelledAt ?? endAt) - readyAt;
}

/**
 * What still waits has waited until the end: a run that ends under overload must not look like one that doesn't. What
 * can never run has no wait that could be told.
 */
function waitOf(jobs: readonly Waited[], { end, endMs }: PlanRun): Spread | null {
  const isKnown = ({ dispatchedAt, cancelledAt }: Waited) => (dispatchedAt ?? cancelledAt) !== undefined;
  const known = end === 'stalled' ? jobs.filter(isKnown) : jobs;
  return spreadOf(known.map((one) => waitMs(one, START_MS + endMs)));
}

/** Slot time of what was dispatched; what still runs has held its slots until the end. */
function heldMs({ dispatchedAt, releasedAt, slots = 0 }: Waited, endAt: number): number {
  return dispatchedAt === undefined ? 0 : ((releasedAt ?? endAt) - dispatchedAt) * slots;
}

/** Most slots that attempts held at once. */
function busiest(attempts: readonly AttemptRecord[]): number {
  const changes: [at: number, slots: number][] = [];
  for (const { dispatchedAt, releasedAt, slots } of attempts) {
    changes.push([dispatchedAt, slots]);
    if (releasedAt !== null) changes.push([releasedAt, -slots]);
  }
  changes.sort(([at, slots], [otherAt, otherSlots]) => at - otherAt || slots - otherSlots);
  let [held, most] = [0, 0];
  for (const [, slots] of changes) {
    held += slots;
    if (held > most) most = held;
  }
  return most;
}

function refusalsOf({ recorder }: PlanRun): RunReport['refusals'] {
  return [...grouped(recorder.refusals, ({ code }) => code)].map(([code, refusals]) => {
    return { code, count: refusals.length, detail: refusals[0]!.detail };
  });
}
