/** The value at a share of sorted numbers; 0 when there are none. */
export function percentile(sorted: readonly number[], share: number): number {
  if (sorted.length === 0) return 0;
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}

export interface Spread {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** Median, 99th percentile and maximum, to three decimal places. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) => Math.round(percentile(sorted as unknown as readonly number[], share) * 1_000) / 1_000;
  return { count: values.length, p50: at(0.5), p99: at(0.99), max: at(1) };
}

/** To two decimal places. */
export function round(value: number): number {
  return Math.round(value * 100) / 100;
}
