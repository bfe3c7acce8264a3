/** When the fabric stood still, as the events of turns tell of it: it was stopped, or stalled. */
import { Code } from '../catalogue/generated/codes.js';
import type { AnyEntry } from '../catalogue/generated/types.js';
import { lowerBound } from '../catalogue/lower-bound.js';

export class StoodStill {
  /** When it went on, each time. */
  readonly #ends: number[] = [];
  /** For how long it had stood still by then, before the first time and after each. */
  readonly #sums: number[] = [0];

  /** Takes an entry of a turn at a moment. */
  take(at: number, entry: AnyEntry): void {
    if (entry.code !== Code.TimeLeapt) return;
    this.#ends.push(at);
    this.#sums.push(this.#sums.at(-1)! + entry.body.gapMs);
  }

  /** For how long of the ms after a moment it stood still. What happens in the turn with which it goes on comes after. */
  within(from: number, ms: number): number {
    return this.#until(from + ms) - this.#until(from);
  }

  #until(at: number): number {
    return this.#sums[lowerBound(0, this.#ends.length, (i) => this.#ends[i]! <= at)]!;
  }
}
