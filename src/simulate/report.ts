/** What a run has shown, as numbers for people and programs: how long things waited, what was met, what was used. */
import { decided, isMet } from './deadlines.js';
import { offeredByClass, slotsByClass } from './fleet.js';
import { type HoldReport, heldMs as heldByLimitsMs, holdReports } from './holds.js';
import type { AttemptRecord, DagRecord, WaitingRecord } from './records.js';
import type { PlanRun } from './run-plan.js';
import { type Spread, spreadOf } from './spread.js';
import { START_MS } from './virtual-cell.js';

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
  /** From ready to dispatched, of their jobs; of those that still wait, until the end. */
  readonly wait: Spread | null;
  /** From acceptance to the end, of those that have ended. */
  readonly latency: Spread | null;
  readonly deadlines: DeadlineReport;
  /** Slot-ms that its attempts held. */
  readonly slotMs: number;
}

/** Deadlines that were decided, and how many of them were met. */
export interface DeadlineReport {
  readonly decided: number;
  readonly met: number;
}

/** One executor class. */
export interface ClassReport {
  readonly name: string;
  /** When no change has been made. */
  readonly slots: number;
  readonly attempts: number;
  readonly failedAttempts: number;
  /** From ready to dispatched; of jobs that still wait, until the end. */
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
  /** How long it was by its own clock, in ms. */
  readonly simulatedMs: number;
  readonly turns: number;
  readonly attempts: number;
  /** Jobs that still waited at the end, and how long the first of them had waited. */
  readonly waiting: { readonly jobs: number; readonly longestMs: number };
  readonly assumedAttempts: number;
  /** DAGs that limits of their tenants held. */
  readonly held: readonly HoldReport[];
  readonly refusals: readonly { readonly code: string; readonly count: number; readonly detail: string }[];
  readonly all: GroupReport;
  readonly names: readonly GroupReport[];
  readonly tenants: readonly GroupReport[];
  readonly classes: readonly ClassReport[];
}

/** Makes the report of a run. */
export function reportOf(run: PlanRun): RunReport {
  const { recorder, end, endMs, assumed } = run;
  const endAt = START_MS + endMs;
  const waiting = recorder.waiting();
  const first = waiting.reduce((earliest, { readyAt }) => Math.min(earliest, readyAt), endAt);
  return {
    end,
    simulatedMs: endMs,
    turns: recorder.turns,
    attempts: recorder.attempts.length,
    waiting: { jobs: waiting.length, longestMs: endAt - first },
    assumedAttempts: assumed,
    held: holdReports(recorder.dags, run.plan, endAt),
    refusals: refusalsOf(run),
    all: groupReport('all', recorder.dags, [...recorder.attempts, ...waiting], endAt),
    names: groups(run, waiting, ({ submission }) => submission.name, endAt),
    tenants: groups(run, waiting, ({ submission }) => submission.tenant, endAt),
    classes: classReports(run, waiting, endAt),
  };
}

function groups(
  { recorder }: PlanRun,
  waiting: readonly WaitingRecord[],
  nameOf: (dag: DagRecord) => string,
  endAt: number,
): GroupReport[] {
  const jobs = grouped([...recorder.attempts, ...waiting], ({ dag }) => nameOf(dag));
  return [...grouped(recorder.dags, nameOf)].map(([name, dags]) => {
    return groupReport(name, dags, jobs.get(name) ?? [], endAt);
  });
}

/** By a name, in the order in which the names come up. */
function grouped<T>(values: readonly T[], nameOf: (value: T) => string): ReadonlyMap<string, T[]> {
  const found = new Map<string, T[]>();
  for (const value of values) {
    const members = found.get(nameOf(value));
    if (members === undefined) found.set(nameOf(value), [value]);
    else members.push(value);
  }
  return found;
}

function groupReport(name: string, dags: readonly DagRecord[], jobs: readonly Waited[], endAt: number): GroupReport {
  const ended = dags.filter(({ endedAt }) => endedAt !== null);
  const succeeded = ended.filter(({ outcome }) => outcome === 'succeeded').length;
  const due = decided(dags, endAt);
  const heldDags = dags.filter(({ hold }) => hold !== null).length;
  return {
    name,
    dags: dags.length,
    succeeded,
    failed: ended.length - succeeded,
    open: dags.length - ended.length,
    heldDags,
    held: heldDags === 0 ? null : spreadOf(dags.map((dag) => heldByLimitsMs(dag, endAt))),
    wait: waitOf(jobs, endAt),
    latency: spreadOf(ended.map(({ endedAt, acceptedAt }) => endedAt! - acceptedAt)),
    deadlines: { decided: due.length, met: due.filter(isMet).length },
    slotMs: dags.reduce((sum, { usedMs }) => sum + usedMs, 0),
  };
}

function classReports(
  { plan, recorder, endMs }: PlanRun,
  waiting: readonly WaitingRecord[],
  endAt: number,
): ClassReport[] {
  const offered = offeredByClass(plan, endMs);
  const attempts = grouped(recorder.attempts, ({ executorClass }) => executorClass);
  const open = grouped(waiting, ({ executorClass }) => executorClass);
  return [...slotsByClass(plan)].map(([name, slots]) => {
    const own = attempts.get(name) ?? [];
    const usedMs = own.reduce((sum, one) => sum + heldMs(one, endAt), 0);
    return {
      name,
      slots,
      attempts: own.length,
      failedAttempts: own.filter(({ succeeded, releasedAt }) => !succeeded && releasedAt !== null).length,
      wait: waitOf([...own, ...(open.get(name) ?? [])], endAt),
      utilisation: usedMs / Math.max(1, offered.get(name)!),
      busiest: busiest(own),
    };
  });
}

/** A job that waited, or still does. */
type Waited = WaitingRecord & Partial<Pick<AttemptRecord, 'dispatchedAt'>>;

/** What still waits has waited until the end: a run that ends under overload must not look like one that doesn't. */
function waitOf(jobs: readonly Waited[], endAt: number): Spread | null {
  return spreadOf(jobs.map(({ readyAt, dispatchedAt = endAt }) => dispatchedAt - readyAt));
}

function heldMs({ dispatchedAt, releasedAt, slots }: AttemptRecord, endAt: number): number {
  return ((releasedAt ?? endAt) - dispatchedAt) * slots;
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
