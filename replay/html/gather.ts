/** What a report shows, gathered in one fold: bars of the timeline, curves over time, waits, misses. */

import { Code, DagState } from '../../src/catalogue/generated/codes.js';
import type { TurnRecord } from '../../src/catalogue/generated/types.js';
import { madeOnce } from '../../src/catalogue/made-once.js';
import { DeadlineFlag } from '../../src/kernel/rows/flags.js';
import { Extraction } from '../export/extract.js';
import type { Row } from '../export/tables.js';
import type { Visitor } from '../fold.js';
import { Names } from '../names.js';
import type { ScratchFold } from '../scratch-fold.js';
import { Spread, type SpreadView } from '../spread.js';
import type { DagPath } from '../what-if/change.js';
import { type Bar, FirstBars } from './first-bars.js';

/** Values at moments; `at` in seconds, as charts take them. */
export interface Curve {
  readonly at: readonly number[];
  /** A line for each name. */
  readonly lines: Readonly<Record<string, readonly number[]>>;
}

export interface Gathered {
  readonly bars: readonly Bar[];
  /** Bars beyond the most that are drawn: those that began last. */
  readonly barsLeftOut: number;
  /** Up to when the timeline has all bars: when the first of those that are left out began. */
  readonly drawnToMs: number;
  readonly ready: Curve;
  readonly inUse: Curve;
  readonly pressure: Curve;
  readonly waits: Readonly<Record<string, SpreadView>>;
}

/** What of a history is shown. */
export interface Scope {
  readonly fromMs: number;
  readonly toMs: number;
  /** Only attempts of this DAG on the timeline, and its waits. */
  readonly dag: DagPath | null;
}

/** Bars that a timeline has at most: more can't be told apart, and make the file large. */
const MOST_BARS = 20_000;
/** Points of a curve at most. */
const MOST_POINTS = 2_000;

/** Events that change what rows say of a DAG's deadline. */
const DEADLINES: ReadonlySet<number> = new Set([
  Code.DeadlineAtRisk,
  Code.DeadlineMissed,
  Code.HardDeadlinePassed,
  Code.DeadlineChanged,
  Code.DagReopened,
  Code.DagSucceeded,
  Code.DagFailed,
  Code.DagCancelled,
]);
/** Parts of a wait in which its job was ready. */
const READY = ['no_executor_ms', 'full_ms', 'other_ms'] as const;

export class Gather implements Visitor {
  readonly #bars: FirstBars;
  readonly #attempts = new Map<number, Row>();
  readonly #waits = new Spread();
  readonly #extraction: Extraction;
  readonly #ready = new Samples();
  readonly #inUse = new Samples();
  readonly #pressure = new Samples();
  readonly #atRisk = new Set<number>();
  readonly #late = new Set<number>();
  /** The moment of the last sample; -1: there is none. */
  #sampledMs = -1;

  constructor(private readonly scope: Scope) {
    this.#bars = new FirstBars(MOST_BARS, scope.toMs);
    this.#extraction = new Extraction((table, row) => {
      if (table === 'leases') this.#attempts.set(row['token'] as number, row);
      else if (table === 'slots') this.#slots(row);
      else if (table === 'waits' && this.#isMeant(row, row['dispatched_at'] as number)) this.#wait(row);
    });
  }

  /** A period that begins between two turns begins as the first of them has left it. */
  before(record: TurnRecord, fold: ScratchFold): void {
    if (record.at > this.scope.fromMs) this.#sampleUpTo(this.scope.fromMs, fold);
  }

  after(record: TurnRecord, fold: ScratchFold): void {
    this.#extraction.take(record);
    for (const { code, body } of record.entries) {
      if (DEADLINES.has(code)) this.#deadline((body as { readonly dag: number }).dag, fold);
    }
    if (record.at < this.scope.fromMs || record.at > this.scope.toMs) return;
    this.#sample(record.at, fold);
  }

  /** `fold` stands at the last turn of the period, or, where it has none, at the one before it. */
  gathered(fold: ScratchFold): Gathered {
    this.#extraction.finish();
    this.#sampleUpTo(this.scope.fromMs, fold);
    this.#sampleUpTo(this.scope.toMs, fold);
    const { bars, leftOut, drawnToMs } = this.#bars;
    return {
      bars: withLanes(bars),
      barsLeftOut: leftOut,
      // Of what was under way at its beginning.
      drawnToMs: Math.max(this.scope.fromMs, drawnToMs),
      ready: this.#ready.curve(),
      inUse: this.#inUse.curve(),
      pressure: this.#pressure.curve(),
      waits: this.#waits.views(),
    };
  }

  #isMeant(row: Row, atMs: number): boolean {
    const { fromMs, toMs, dag } = this.scope;
    if (atMs < fromMs || atMs > toMs) return false;
    return dag === null || (row['tenant'] === dag.tenant && row['dag'] === dag.dag);
  }

  /** What of a wait was for a slot: neither what came before it, nor its DAG's or its tenant's doing. */
  #wait(row: Row): void {
    const readyMs = READY.reduce((sum, column) => sum + (row[column] as number), 0);
    this.#waits.add(row['class'] as string, readyMs);
  }

  #slots(row: Row): void {
    const attempt = this.#attempts.get(row['token'] as number);
    this.#attempts.delete(row['token'] as number);
    const fromMs = row['reserved_at'] as number;
    const toMs = (row['freed_at'] as number | null) ?? this.scope.toMs;
    if (attempt === undefined || toMs < this.scope.fromMs || !this.#isMeant(row, Math.max(fromMs, this.scope.fromMs)))
      return;
    this.#bars.add({
      executor: row['executor'] as string,
      class: row['class'] as string,
      lanes: Array.from({ length: row['slots'] as number }, (_, lane) => lane),
      fromMs,
      toMs,
      dag: (row['dag'] as string | null) ?? '',
      job: (attempt['job'] as string | null) ?? '',
      outcome: (attempt['outcome'] as string | null) ?? 'running',
    });
  }

  /** What rows say of an open DAG, as `marie top` counts it. */
  #deadline(seq: number, { state: { dags } }: ScratchFold): void {
    this.#atRisk.delete(seq);
    this.#late.delete(seq);
    const dag = dags.find(seq);
    if (dag === 0 || dags.c.state[dag]! > DagState.ending) return;
    const flags = dags.c.deadlineFlags[dag]!;
    if ((flags & (DeadlineFlag.missed | DeadlineFlag.hardPassed)) !== 0) this.#late.add(seq);
    else if ((flags & DeadlineFlag.atRisk) !== 0) this.#atRisk.add(seq);
  }

  /** How it stood at a moment at which there may have been no turn. */
  #sampleUpTo(atMs: number, fold: ScratchFold): void {
    if (this.#sampledMs < atMs) this.#sample(atMs, fold);
  }

  #sample(at: number, fold: ScratchFold): void {
    this.#sampledMs = at;
    const { classes, cell, cellRow } = fold.state;
    const names = new Names(fold);
    const ready = new Map<string, number>();
    const inUse = new Map<string, number>();
    for (let seq = 1; seq <= cell.c.nextClass[cellRow]!; seq++) {
      const row = classes.find(seq);
      const name = names.class(seq);
      ready.set(name, classes.c.ready[row]!);
      inUse.set(name, classes.c.reserved[row]! + classes.c.reclaiming[row]!);
      inUse.set(`${name}, offered`, classes.c.slots[row]!);
    }
    this.#ready.add(at, ready);
    this.#inUse.add(at, inUse);
    const pressure = [
      ['open DAGs', cell.c.openDags[cellRow]!],
      ['at risk', this.#atRisk.size],
      ['past their deadline', this.#late.size],
    ] as const;
    this.#pressure.add(at, new Map(pressure));
  }
}

/**
 * Each bar in the first lanes of its executor that are free when it
 * begins. The bars come in the order of their beginnings.
 */
function withLanes(bars: readonly Bar[]): readonly Bar[] {
  const untilMs = new Map<string, number[]>();
  return bars.map((bar) => {
    const own = madeOnce(untilMs, bar.executor, () => []);
    const lanes: number[] = [];
    for (let lane = 0; lanes.length < bar.lanes.length; lane++) {
      if ((own[lane] ?? bar.fromMs) > bar.fromMs) continue;
      own[lane] = bar.toMs;
      lanes.push(lane);
    }
    return { ...bar, lanes };
  });
}

/** Samples over time; where there are too many, every second one goes and half as many are taken from then on. */
class Samples {
  #at: number[] = [];
  #values: ReadonlyMap<string, number>[] = [];
  #every = 1;
  #seen = 0;
  /** The last sample, where it was not taken: a curve goes up to the end. */
  #left: readonly [at: number, values: ReadonlyMap<string, number>] | null = null;

  add(at: number, values: ReadonlyMap<string, number>): void {
    if (this.#seen++ % this.#every !== 0) {
      this.#left = [at / 1_000, values];
      return;
    }
    this.#left = null;
    this.#at.push(at / 1_000);
    this.#values.push(values);
    if (this.#at.length < MOST_POINTS) return;
    this.#at = this.#at.filter((_, i) => i % 2 === 0);
    this.#values = this.#values.filter((_, i) => i % 2 === 0);
    this.#every *= 2;
    // Of an even number the last one is among those that went.
    this.#left = [at / 1_000, values];
  }

  curve(): Curve {
    if (this.#left !== null) {
      this.#at.push(this.#left[0]);
      this.#values.push(this.#left[1]);
      this.#left = null;
    }
    const names = [...new Set(this.#values.flatMap((values) => [...values.keys()]))];
    const lines = names.map((name) => [name, this.#values.map((values) => values.get(name) ?? 0)]);
    return { at: this.#at, lines: Object.fromEntries(lines) };
  }
}
