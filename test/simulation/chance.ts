import { seededRandom } from '../support/fabric/random.js';

/** Numbers of one seed. Parts that are independent of each other draw from forks, so that one doesn't shift another. */
export class Chance {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = seededRandom(seed);
  }

  /** A whole number from 0 to below `n`. */
  below(n: number): number {
    return Math.floor(this.#next() * n);
  }

  /** A number from `low` to below `high`. */
  between(low: number, high: number): number {
    return low + this.#next() * (high - low);
  }

  /** True in `share` of all cases. */
  hits(share: number): boolean {
    return this.#next() < share;
  }

  /** One of a list. */
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  /** One of pairs of a weight and a value. */
  weighed<T>(list: readonly (readonly [number, T])[]): T {
    let left = this.#next() * list.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, value] of list) {
      left -= weight;
      if (left < 0) return value;
    }
    return list[list.length - 1]![1];
  }

  /** A time until something that comes every `meanMs` on average. */
  wait(meanMs: number): number {
    return -Math.log(1 - this.#next()) * meanMs;
  }

  /** `n` random bytes. */
  bytes(n: number): Uint8Array {
    return Uint8Array.from({ length: n }, () => this.below(256));
  }

  /** Numbers of their own. */
  fork(): Chance {
    return new Chance(this.below(2 ** 32));
  }
}
