/** When the fabric stood still, as the entries of turns tell of it: it was stopped, or stalled. */
import { Code } from '../../catalogue/generated/codes.js';
import type { AnyEntry } from '../../catalogue/generated/types.js';
import { lowerBound } from '../../catalogue/lower-bound.js';

export class StoodStill {
  /** When it went on, each time. */
  readonly #ends: number[] = [];
  /** For how long it had stood still by then, before the first time and after each. */
  readonly #sums: number[] = [0];
  /** So much later every executor has been heard, or is lost: the longest session by then. */
  readonly #heardMs: number[] = [];
  #longestSessionMs = 0;

  /** Takes an entry of a turn at a moment. */
  take(at: number, entry: AnyEntry): void {
    if (entry.code === Code.RegisterExecutor) {
      this.#longestSessionMs = Math.max(this.#longestSessionMs, entry.body.sessionMs);
    }
    if (entry.code !== Code.TimeLeapt) return;
    this.#ends.push(at);
    this.#sums.push(this.#sums.at(-1)! + entry.body.gapMs);
    this.#heardMs.push(this.#longestSessionMs);
  }

  /** For how long of the ms after a moment it stood still. What happens in the turn with which it goes on comes after. */
  within(from: number, ms: number): number {
    return this.#sums[this.#count(from + ms)]! - this.#sums[this.#count(from)]!;
  }

  /**
   * For how long of the ms after a moment it had stood still since when not every executor had been heard: what had ended
   * meanwhile was not known then. An executor that has been heard since would have told of it.
   */
  unheardWithin(from: number, ms: number): number {
    const count = this.#count(from + ms);
    let first = count;
    while (first > 0 && this.#ends[first - 1]! > from) {
      const runningMs = from + ms - this.#ends[first - 1]! - (this.#sums[count]! - this.#sums[first]!);
      if (runningMs >= this.#heardMs[first - 1]!) break;
      first--;
    }
    return this.#sums[count]! - this.#sums[first]!;
  }

  /** How often it had gone on by a moment. */
  #count(at: number): number {
    return lowerBound(0, this.#ends.length, (i) => this.#ends[i]! <= at);
  }
}
