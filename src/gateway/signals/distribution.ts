import { build, type Histogram } from 'hdr-histogram-js';
import type { Percentiles } from '../../answers/types.js';
import { BUCKETS_MS } from './signals.js';

/** Values below this are counted in an array, and put into the histogram when somebody asks: most are. */
const DENSE = 1_024;

/** Length of a slice, and how many are kept: those of the longest window, five minutes, and the one that has begun. */
export const SLICE_MS = 30_000;
const SLICES = 11;

/** About 39 years in ms, or two weeks in microseconds; what is larger counts as that. */
const HIGHEST = 2 ** 40;

interface Slice {
  /** Number of the slice since the beginning of time. */
  readonly at: number;
  readonly histogram: Histogram;
}

/**
 * Values of one series of a signal: since the start in the buckets of Prometheus, and lately in HDR histograms of half a
 * minute each, exact to one percent. Recording a usual value is one addition.
 */
export class Distribution {
  readonly #dense = new Uint32Array(DENSE);
  #isDense = false;
  #slices: Slice[] = [];
  readonly bucketCounts = new Float64Array(BUCKETS_MS.length + 1);
  count = 0;
  sumMs = 0;

  /** `at` is the slice of now; values are whole numbers of `perMs` a ms. */
  constructor(
    private readonly perMs: number,
    private at: number,
  ) {}

  /** Counts a value, which belongs to the current slice. */
  record(value: number): void {
    if (value < DENSE) {
      this.#dense[value > 0 ? value : 0]! += 1;
      this.#isDense = true;
    } else this.#put(Math.min(value, HIGHEST), 1);
  }

  /** Counts a value so many times. */
  recordMany(value: number, count: number): void {
    this.#put(Math.min(Math.max(0, Math.round(value)), HIGHEST), count);
  }

  /** The current slice is this one. */
  turnTo(at: number): void {
    if (at <= this.at) return;
    this.flush();
    this.at = at;
    this.#slices = this.#slices.filter((slice) => slice.at > at - SLICES);
  }

  /** Puts what was counted into the histograms. */
  flush(): void {
    if (!this.#isDense) return;
    this.#isDense = false;
    for (let value = 0; value < DENSE; value++) {
      const count = this.#dense[value]!;
      if (count > 0) this.#put(value, count);
    }
    this.#dense.fill(0);
  }

  /** The percentiles of the newest `slices` slices. */
  window(slices: number): Percentiles {
    this.flush();
    const recent = this.#slices.filter(({ at }) => at > this.at - slices);
    const merged = makeHistogram();
    for (const { histogram } of recent) merged.add(histogram);
    if (merged.totalCount === 0) return NOTHING;
    const ms = (value: number): number => value / this.perMs;
    // A percentile is the upper end of its bucket, which can lie above all that was recorded.
    const percentile = (p: number): number => ms(Math.min(merged.getValueAtPercentile(p), merged.maxValue));
    return {
      count: merged.totalCount,
      meanMs: Math.round(ms(merged.mean) * 1_000) / 1_000,
      minMs: percentile(0),
      maxMs: ms(merged.maxValue),
      p50Ms: percentile(50),
      p90Ms: percentile(90),
      p95Ms: percentile(95),
      p99Ms: percentile(99),
      p999Ms: percentile(99.9),
    };
  }

  #put(value: number, count: number): void {
    const ms = value / this.perMs;
    let bucket = 0;
    while (bucket < BUCKETS_MS.length && ms > BUCKETS_MS[bucket]!) bucket += 1;
    this.bucketCounts[bucket]! += count;
    this.count += count;
    this.sumMs += ms * count;
    this.#slice().recordValueWithCount(value, count);
  }

  #slice(): Histogram {
    const last = this.#slices.at(-1);
    if (last !== undefined && last.at === this.at) return last.histogram;
    const histogram = makeHistogram();
    this.#slices.push({ at: this.at, histogram });
    return histogram;
  }
}

const NOTHING: Percentiles = {
  count: 0,
  meanMs: null,
  minMs: null,
  maxMs: null,
  p50Ms: null,
  p90Ms: null,
  p95Ms: null,
  p99Ms: null,
  p999Ms: null,
};

function makeHistogram(): Histogram {
  return build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: HIGHEST,
    numberOfSignificantValueDigits: 2,
    useWebAssembly: false,
    autoResize: false,
  });
}
