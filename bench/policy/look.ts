/** Numbers read off a run, in the units of the table: seconds and per cent. */
import type { SubmitDag } from '../../src/catalogue/generated/types.js';
import { START_MS } from '../../src/simulate/cell/virtual-cell.js';
import type { AttemptRecord, DagRecord } from '../../src/simulate/report/records.js';
import type { PlanRun } from '../../src/simulate/run-plan.js';

type Of<T> = (one: T) => boolean;

/** DAGs of a stream. */
export const stream =
  (name: string): Of<DagRecord> =>
  ({ submission }) =>
    submission.name === name;

/** Attempts of DAGs for which something holds. */
export const ofDags =
  (holds: Of<DagRecord>): Of<AttemptRecord> =>
  ({ dag }) =>
    holds(dag);

/** The middle, the tail and the sum of a run. */
export class Look {
  constructor(readonly run: PlanRun) {}

  dags(holds: Of<DagRecord>): DagRecord[] {
    return this.run.recorder.dags.filter(holds);
  }

  attempts(holds: Of<AttemptRecord>): AttemptRecord[] {
    return this.run.recorder.attempts.filter(holds);
  }

  /** From acceptance to the end, in seconds; a DAG that never ended has taken until the run's end. */
  latencies(holds: Of<DagRecord>): number[] {
    const end = START_MS + this.run.endMs;
    return this.dags(holds).map((dag) => ((dag.endedAt ?? end) - dag.acceptedAt) / 1_000);
  }

  /** From ready to dispatched, in seconds, over the jobs of each DAG that has ended. */
  waits(holds: Of<DagRecord>): number[] {
    const waits = new Map<DagRecord, number>();
    for (const { dag, readyAt, dispatchedAt } of this.run.recorder.attempts) {
      if (dag.endedAt === null || !holds(dag)) continue;
      waits.set(dag, (waits.get(dag) ?? 0) + (dispatchedAt - readyAt) / 1_000);
    }
    return [...waits.values()];
  }

  /** Attempts that had succeeded so many seconds after the beginning. */
  doneBy(holds: Of<AttemptRecord>, seconds: number): AttemptRecord[] {
    const at = START_MS + seconds * 1_000;
    return this.attempts((attempt) => attempt.succeeded && attempt.releasedAt! <= at && holds(attempt));
  }

  /** Per cent of the deadlines that were met, of those that the run has decided. */
  met(holds: Of<DagRecord> = () => true): number {
    const due = this.#decided(holds);
    return (100 * due.filter(isMet).length) / due.length;
  }

  /** The same by work: a giant counts for all its pages. */
  metByWork(): number {
    const due = this.#decided(() => true);
    const work = (dags: readonly DagRecord[]) => dags.reduce((sum, { submission }) => sum + workOf(submission), 0);
    return (100 * work(due.filter(isMet))) / work(due);
  }

  #decided(holds: Of<DagRecord>): DagRecord[] {
    const end = START_MS + this.run.endMs;
    return this.dags(holds).filter(({ submission: { deadlineAtMs }, endedAt }) => {
      return deadlineAtMs !== null && (endedAt !== null || deadlineAtMs < end);
    });
  }

  /** Slot-seconds of a class that were held until a moment of the run. */
  held(executorClass: string, holds: Of<AttemptRecord>, untilMs = this.run.endMs): number {
    const end = START_MS + untilMs;
    let ms = 0;
    for (const attempt of this.run.recorder.attempts) {
      if (attempt.executorClass !== executorClass || !holds(attempt)) continue;
      ms += Math.max(0, Math.min(end, attempt.releasedAt ?? end) - attempt.dispatchedAt) * attempt.slots;
    }
    return ms / 1_000;
  }

  /** Slot-seconds that failed attempts held. */
  lost(): number {
    const lost = this.attempts(({ succeeded, releasedAt }) => !succeeded && releasedAt !== null);
    return (
      lost.reduce((sum, { releasedAt, dispatchedAt, slots }) => sum + (releasedAt! - dispatchedAt) * slots, 0) / 1_000
    );
  }

  /** Latency over the longest path of estimates. */
  slowdowns(): number[] {
    return this.dags(({ endedAt }) => endedAt !== null).map(
      (dag) => (dag.endedAt! - dag.acceptedAt) / pathOf(dag.submission),
    );
  }
}

function isMet({ submission, endedAt, outcome }: DagRecord): boolean {
  return outcome === 'succeeded' && endedAt! <= submission.deadlineAtMs!;
}

/** Slot-ms of a DAG by its estimates. */
export function workOf({ jobs }: SubmitDag): number {
  return jobs.reduce((sum, { estimateMs, slots, fanOut }) => sum + (estimateMs ?? 0) * slots * (fanOut?.count ?? 1), 0);
}

const paths = new WeakMap<SubmitDag['jobs'], number>();

function pathOf({ jobs }: SubmitDag): number {
  const known = paths.get(jobs);
  if (known !== undefined) return known;
  const byId = new Map(jobs.map((job) => [job.id, job]));
  const done = new Map<string, number>();
  const lengthOf = (id: string): number => {
    const before = done.get(id);
    if (before !== undefined) return before;
    const job = byId.get(id)!;
    const length = (job.estimateMs ?? 0) + job.after.reduce((longest, up) => Math.max(longest, lengthOf(up)), 0);
    done.set(id, length);
    return length;
  };
  const path = jobs.reduce((longest, { id }) => Math.max(longest, lengthOf(id)), 0);
  paths.set(jobs, path);
  return path;
}

/** The mean; NaN of nothing. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The 99th percentile; NaN of nothing. */
export function p99(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.99))] ?? Number.NaN;
}

/** The largest; 0 of nothing. */
export function longest(values: readonly number[]): number {
  return values.reduce((most, value) => (value > most ? value : most), 0);
}

/** Jain's index of fairness: 1 when all are equal. */
export function jain(values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0);
  return (sum * sum) / (values.length * values.reduce((total, value) => total + value * value, 0));
}

/** 99th percentile of the latencies of small DAGs. */
export const smallP99 = (run: Look): number => p99(run.latencies(stream('small')));

/** Mean latency of giants. */
export const giantsMean = (run: Look): number => mean(run.latencies(stream('giant')));

/** 99th percentile of the waits of a stream's DAGs. */
export const waitP99 =
  (name: string) =>
  (run: Look): number =>
    p99(run.waits(stream(name)));
