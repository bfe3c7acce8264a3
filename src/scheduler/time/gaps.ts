/** Time in which the fabric could not act counts as a gap from here on, in ms (architecture.md: Time). */
export const LEAP_MS = 1000;

/** So many gaps are remembered at most: what one has in common with a gap before these counts again. */
const REMEMBERED = 64;

/**
 * Adds up the time in which the fabric could not act: an append that took long, a stall of the whole process. What some of
 * them have in common counts once, whichever is told first. All times are of the monotonic clock, in ms.
 */
export class Gaps {
  #gapMs = 0;
  /** What has been counted, apart from each other. */
  #counted: readonly (readonly [from: number, to: number])[] = [];

  /** Nothing could be done from `from` to `to`. Short times are what they always are, and no gap. */
  note(from: number, to: number): void {
    if (to - from <= LEAP_MS) return;
    let whole = [from, to] as const;
    let beforeMs = 0;
    const apart = this.#counted.filter((one) => {
      if (one[1] < from || one[0] > to) return true;
      whole = [Math.min(whole[0], one[0]), Math.max(whole[1], one[1])];
      beforeMs += one[1] - one[0];
      return false;
    });
    this.#gapMs += whole[1] - whole[0] - beforeMs;
    this.#counted = [...apart, whole].slice(-REMEMBERED);
  }

  /** Whether there is a gap to be told. */
  isOpen(): boolean {
    return this.#gapMs > LEAP_MS;
  }

  /** The gap since the last call in ms, 0 when there is none. */
  take(): number {
    if (!this.isOpen()) return 0;
    const gap = this.#gapMs;
    this.#gapMs = 0;
    return gap;
  }
}
