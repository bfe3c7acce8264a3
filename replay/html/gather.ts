/** What a report shows, gathered in one fold: bars of the timeline, curves over time, waits, misses. */
import { Code } from '../../src/catalogue/generated/codes.js';
import type { TurnRecord } from '../../src/catalogue/generated/types.js';
import { Extraction } from '../export/extract.js';
import type { Row } from '../export/tables.js';
import type { Visitor } from '../fold.js';
import { Names } from '../names.js';
import type { ScratchFold } from '../scratch-fold.js';
import { Spread, type SpreadView } from '../spread.js';
import type { DagPath } from '../what-if/change.js';

/** An attempt on the timeline: which executor, in which of its lanes, from when to when. */
export interface Bar {
  readonly executor: string;
  readonly class: string;
  readonly lane: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly dag: string;
  readonly job: string;
  readonly outcome: string;
}

/** Values at moments; `at` in seconds, as charts take them. */
export interface Curve {
  readonly at: readonly number[];
  /** A line for each name. */
  readonly lines: Readonly<Record<string, readonly number[]>>;
}

export interface Gathered {
  readonly bars: readonly Bar[];
  /** Bars beyond the most that are drawn. */
  readonly barsLeftOut: number;
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

/** Parts of a wait in which its job was ready. */
const READY = ['no_executor_ms', 'full_ms', 'other_ms'] as const;

export class Gather implements Visitor {
  readonly #scope: Scope;
  readonly #bars: Bar[] = [];
  readonly #attempts = new Map<number, Row>();
  readonly #waits = new Spread();
  readonly #extraction: Extraction;
  readonly #ready = new Samples();
  readonly #inUse = new Samples();
  readonly #pressure = new Samples();
  readonly #atRisk = new Set<number>();
  readonly #late = new Set<number>();
  #leftOut = 0;

  constructor(scope: Scope) {
    this.#scope = scope;
    this.#extraction = new Extraction((table, row) => {
      if (table === 'leases') this.#attempts.set(row['token'] as number, row);
      else if (table === 'slots') this.#slots(row);
      else if (table === 'waits' && this.#isMeant(row, row['dispatched_at'] as number)) this.#wait(row);
    });
  }

  after(record: TurnRecord, fold: ScratchFold): void {
    this.#extraction.take(record);
    for (const { code, body } of record.entries) this.#deadlines(code, body as { readonly dag: number });
    if (record.at < this.#scope.fromMs || record.at > this.#scope.toMs) return;
    this.#sample(record.at, fold);
  }

  gathered(): Gathered {
    this.#extraction.finish();
    return {
      bars: withLanes(this.#bars),
      barsLeftOut: this.#leftOut,
      ready: this.#ready.curve(),
      inUse: this.#inUse.curve(),
      pressure: this.#pressure.curve(),
      waits: this.#waits.views(),
    };
  }

  #isMeant(row: Row, atMs: number): boolean {
    const { fromMs, toMs, dag } = this.#scope;
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
    const toMs = (row['freed_at'] as number | null) ?? this.#scope.toMs;
    if (attempt === undefined || toMs < this.#scope.fromMs || !this.#isMeant(row, Math.max(fromMs, this.#scope.fromMs)))
      return;
    if (this.#bars.length >= MOST_BARS) {
      this.#leftOut += 1;
      return;
    }
    const executor = row['executor'] as string;
    this.#bars.push({
      executor,
      class: row['class'] as string,
      lane: 0,
      fromMs,
      toMs,
      dag: (row['dag'] as string | null) ?? '',
      job: (attempt['job'] as string | null) ?? '',
      outcome: (attempt['outcome'] as string | null) ?? 'running',
    });
  }

  #deadlines(code: number, { dag }: { readonly dag: number }): void {
    switch (code) {
      case Code.DeadlineAtRisk:
        this.#atRisk.add(dag);
        break;
      case Code.DeadlineMissed:
      case Code.HardDeadlinePassed:
        this.#atRisk.delete(dag);
        this.#late.add(dag);
        break;
      case Code.DagSucceeded:
      case Code.DagFailed:
      case Code.DagCancelled:
        this.#atRisk.delete(dag);
        this.#late.delete(dag);
        break;
      default:
    }
  }

  #sample(at: number, fold: ScratchFold): void {
    const { classes, cell, cellRow } = fold.state;
    const names = new Names(fold);
    const ready: Record<string, number> = {};
    const inUse: Record<string, number> = {};
    for (let seq = 1; seq <= cell.c.nextClass[cellRow]!; seq++) {
      const row = classes.find(seq);
      const name = names.class(seq);
      ready[name] = classes.c.ready[row]!;
      inUse[name] = classes.c.reserved[row]! + classes.c.reclaiming[row]!;
      inUse[`${name}, offered`] = classes.c.slots[row]!;
    }
    this.#ready.add(at, ready);
    this.#inUse.add(at, inUse);
    this.#pressure.add(at, {
      'open DAGs': cell.c.openDags[cellRow]!,
      'at risk': this.#atRisk.size,
      'past their deadline': this.#late.size,
    });
  }
}

/** Each bar in the first lane of its executor that is free when it begins. */
function withLanes(bars: readonly Bar[]): readonly Bar[] {
  const lanes = new Map<string, number[]>();
  return bars
    .toSorted((a, b) => a.fromMs - b.fromMs)
    .map((bar) => {
      const own = lanes.get(bar.executor) ?? [];
      lanes.set(bar.executor, own);
      const free = own.findIndex((untilMs) => untilMs <= bar.fromMs);
      const lane = free < 0 ? own.length : free;
      own[lane] = bar.toMs;
      return { ...bar, lane };
    });
}

/** Samples over time; where there are too many, every second one goes and half as many are taken from then on. */
class Samples {
  #at: number[] = [];
  #values: Readonly<Record<string, number>>[] = [];
  #every = 1;
  #seen = 0;

  add(at: number, values: Readonly<Record<string, number>>): void {
    if (this.#seen++ % this.#every !== 0) return;
    this.#at.push(at / 1_000);
    this.#values.push(values);
    if (this.#at.length < MOST_POINTS) return;
    this.#at = this.#at.filter((_, i) => i % 2 === 0);
    this.#values = this.#values.filter((_, i) => i % 2 === 0);
    this.#every *= 2;
  }

  curve(): Curve {
    const names = [...new Set(this.#values.flatMap((values) => Object.keys(values)))];
    const lines = names.map((name) => [name, this.#values.map((values) => values[name] ?? 0)]);
    return { at: this.#at, lines: Object.fromEntries(lines) };
  }
}
