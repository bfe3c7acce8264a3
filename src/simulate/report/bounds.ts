/** What is known of a 99th percentile when a part of it is still open. */
import { percentile } from './spread.js';

/** Between which it lies; null: it is endless. */
export interface Bounds {
  /** If everything that is open ended now; where it never will, as `mostMs`. */
  readonly leastMs: number | null;
  /** If nothing that is open ever ended. */
  readonly mostMs: number | null;
}

/** What is open at the end of a run, and whether that is its end for good. */
export interface Open {
  /** How long it has been so far, in ms. */
  readonly soFar: readonly number[];
  readonly isForGood: boolean;
  /** How much has ended without ever coming to what the times are of; endless too. */
  readonly never?: number;
}

const SHARE = 0.99;

/** Bounds of the 99th percentile of times that are known and of such that are open; null: there is neither. */
export function boundsOf(known: readonly number[], { soFar, isForGood, never = 0 }: Open): Bounds | null {
  const count = known.length + soFar.length + never;
  if (count === 0) return null;
  const mostMs = percentileAmong(known, count);
  if (soFar.length === 0 || isForGood) return { leastMs: mostMs, mostMs };
  return { leastMs: percentileAmong([...known, ...soFar], count), mostMs };
}

/** Of so many times, those that are not known are endless. */
function percentileAmong(known: readonly number[], count: number): number | null {
  const sorted = Float64Array.from(known).sort();
  const all = Float64Array.from({ length: count }, (_, index) => sorted[index] ?? Number.POSITIVE_INFINITY);
  const value = percentile(all, SHARE);
  return value === Number.POSITIVE_INFINITY ? null : value;
}
