import type { Followed } from '../../journal/port.js';

/**
 * What the clock of a log's brokers shows, between two bounds that hold however late a turn is read. A turn was stamped
 * before the look that found it ended. If the look before had come to the end of the log, it was stamped after that one
 * began; for this second bound the later of two turns' counts, as slow replicas may have held one back.
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
   * By how much a wall clock is off, at least, in ms: ahead of it above zero, behind it below, 0 where it may be right. Of a
   * clock that is ahead nothing is known before two turns were heard.
   */
  offOf(wallMs: number, monotonicMs: number): number {
    const offset = wallMs - monotonicMs;
    return Math.max(0, offset - Math.max(this.#last, this.#before)) + Math.min(0, offset - this.#least);
  }
}
