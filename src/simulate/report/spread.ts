/** How values are spread, in ms, rounded. */
export interface Spread {
  readonly count: number;
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
  readonly longestMs: number;
}

/**
 * The spread of values in ms; null of none. A percentile is the
 * smallest value that so large a share of them does not exceed.
 */
export function spreadOf(values: readonly number[]): Spread | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) => percentile(sorted, share);
  const sum = sorted.reduce((total, value) => total + value, 0);
  return {
    count: sorted.length,
    meanMs: Math.round(sum / sorted.length),
    p50Ms: at(0.5),
    p90Ms: at(0.9),
    p99Ms: at(0.99),
    longestMs: Math.round(sorted.at(-1)!),
  };
}

/** The smallest value that so large a share of sorted values, 0 excluded, does not exceed, rounded. There has to be one. */
export function percentile(sorted: Float64Array, share: number): number {
  return Math.round(sorted[Math.ceil(sorted.length * share) - 1]!);
}
