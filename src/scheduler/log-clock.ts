import type { Followed } from '../journal/port.js';

/**
 * What the clock of a log's brokers shows, by when they took the turns that a standby hears of, between two bounds that are
 * sure however late a turn is read. It was taken before the look that found it ended; and, where it was not there yet when
 * the log was read to its end, after that look began. Of two turns the one that allows more counts for the second, as
 * replicas that are slow may have held back the other.
 */
export class LogClock {
  /** When the look began that came to the end, by the monotonic clock; null if the last one didn't. */
  #lookedMs: number | null = null;
  /** By how much it is ahead of the monotonic clock at most, by the last turn that says so and by the one before. */
  #last = Number.POSITIVE_INFINITY;
  #before = Number.POSITIVE_INFINITY;
  /** By how much it is ahead of the monotonic clock at least. */
  #least = Number.NEGATIVE_INFINITY;

  /** Hears what a look has given that took from one moment of the monotonic clock to another. */
  hear({ isAtEnd, appendedAtMs }: Omit<Followed, 'records'>, beganMs: number, endedMs: number): void {
    if (appendedAtMs !== undefined) this.#least = appendedAtMs - endedMs;
    if (appendedAtMs !== undefined && this.#lookedMs !== null) {
      this.#before = this.#last;
      this.#last = appendedAtMs - this.#lookedMs;
    }
    this.#lookedMs = isAtEnd ? beganMs : null;
  }

  /**
   * By how much a wall clock is off, at least, in ms: ahead of it above zero, behind it below. 0 where it may be right, as
   * long as fewer than two turns were heard of, too, for one that is ahead.
   */
  offOf(wallMs: number, monotonicMs: number): number {
    const offset = wallMs - monotonicMs;
    return Math.max(0, offset - Math.max(this.#last, this.#before)) + Math.min(0, offset - this.#least);
  }
}
