/** Signals as they are read; docs/signals.md lists them. */

/** Percentiles of a window, in ms. */
export interface Percentiles {
  readonly count: number;
  readonly meanMs: number | null;
  readonly minMs: number | null;
  readonly maxMs: number | null;
  readonly p50Ms: number | null;
  readonly p90Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly p999Ms: number | null;
}

/** One row of a signal: how long something took, over a window. */
export interface SignalSeries extends Percentiles {
  readonly labels: Readonly<Record<string, string>>;
}

/** A signal that is a time. */
export interface Signal {
  readonly signal: string;
  readonly title: string;
  readonly from: string;
  readonly to: string;
  readonly windowMs: number;
  readonly series: readonly SignalSeries[];
}

/** Open DAGs by where they stand with their deadlines. */
export interface PressureView {
  /** The class in which they have work that is ready or under way; null for all open DAGs. */
  readonly group: string | null;
  readonly executorClass: string | null;
  readonly priority: number;
  readonly open: number;
  readonly atRisk: number;
  /** Past a deadline. */
  readonly overdue: number;
}

/** The same with the share of those at risk or past a deadline. */
export interface PressureSeries extends PressureView {
  readonly share: number;
}
