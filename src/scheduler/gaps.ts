/** Time in which the fabric could not act counts as a gap from here on, in ms (architecture.md: Time). */
export const LEAP_MS = 1000;

/**
 * Adds up the time in which the fabric could not act: an append that took long, a stall of the whole process. What two
 * of them have in common counts once. All times are of the monotonic clock, in ms.
 */
export class Gaps {
  #gapMs = 0;
  #until = Number.NEGATIVE_INFINITY;

  /** Nothing could be done from `from` to `to`. Short times are what they always are, and no gap. */
  note(from: number, to: number): void {
    if (to - from <= LEAP_MS) return;
    this.#gapMs += Math.max(0, to - Math.max(from, this.#until));
    this.#until = Math.max(this.#until, to);
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
