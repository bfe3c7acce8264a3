/** Chance from a seed: every draw is named by numbers and comes out the same whatever was drawn before it. */
import { scramble } from '../../catalogue/murmur.js';

/** What a draw is for; the first of its names, so that no two purposes share one. */
export const Draw = { gap: 1, place: 2, count: 3, deadline: 4, share: 5, tenant: 6, run: 7, failure: 8 } as const;

/** Draws of one run. A policy changes when a job runs, never what was drawn for it. */
export class Chance {
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = scramble(seed | 0);
  }

  /** A number above 0 and below 1. */
  uniform(purpose: number, a: number, b = 0, c = 0, d = 0): number {
    let h = scramble(this.#seed ^ purpose);
    h = scramble(h ^ (a | 0));
    // The number of a DAG may have more than 32 bits.
    if (a >= 2 ** 32) h = scramble(h ^ Math.floor(a / 2 ** 32));
    h = scramble(h ^ (b | 0));
    h = scramble(h ^ (c | 0));
    h = scramble(h ^ (d | 0));
    return ((h >>> 0) + 0.5) / 2 ** 32;
  }

  /** A number from `low` to below `high`. */
  between(low: number, high: number, purpose: number, a: number, b = 0, c = 0): number {
    return low + (high - low) * this.uniform(purpose, a, b, c);
  }

  /** Exponentially distributed with this mean. */
  exponential(mean: number, purpose: number, a: number, b = 0): number {
    return -mean * Math.log(this.uniform(purpose, a, b));
  }

  /** Lognormal with this mean; `sigma` is the deviation of its logarithm (Box and Muller 1958). */
  lognormal(mean: number, sigma: number, purpose: number, a: number, b: number, c: number): number {
    if (sigma === 0) return mean;
    const radius = Math.sqrt(-2 * Math.log(this.uniform(purpose, a, b, c, 1)));
    const normal = radius * Math.cos(2 * Math.PI * this.uniform(purpose, a, b, c, 2));
    return mean * Math.exp(sigma * normal - (sigma * sigma) / 2);
  }
}
