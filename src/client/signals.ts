/** One row of a signal: how long something took, over a window. */
export interface SignalSeries {
  readonly labels: Readonly<Record<string, string>>;
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

/** A signal that is a time; docs/signals.md lists them. */
export interface Signal {
  readonly signal: string;
  readonly title: string;
  readonly from: string;
  readonly to: string;
  readonly windowMs: number;
  readonly series: readonly SignalSeries[];
}

/** How many of the open DAGs are at risk or past a deadline: of all, or with jobs of a class. */
export interface PressureSeries {
  readonly group: string | null;
  /** Null for all open DAGs of the cell. */
  readonly executorClass: string | null;
  readonly priority: number;
  readonly open: number;
  readonly atRisk: number;
  readonly overdue: number;
  readonly share: number;
}
