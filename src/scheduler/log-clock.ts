import type { Followed } from '../journal/port.js';

/**
 * What the clock of a log's brokers shows at most, by when they took the turns that a standby hears of. A turn that was
 * not there yet when the log was read to its end was taken after that look began: so much is sure, however late it is read.
 * Of two turns the one that allows more counts, as replicas that are slow may have held back the other.
 */
export class LogClock {
  /** When the look began that came to the end, by the monotonic clock; null if the last one didn't. */
  #lookedMs: number | null = null;
  /** By how much it is ahead of the monotonic clock at most, by the last turn that says so and by the one before. */
  #last = Number.POSITIVE_INFINITY;
  #before = Number.POSITIVE_INFINITY;

  /** Hears what a look has given that began at a moment of the monotonic clock. */
  hear({ isAtEnd, appendedAtMs }: Omit<Followed, 'records'>, beganMs: number): void {
    if (appendedAtMs !== undefined && this.#lookedMs !== null) {
      this.#before = this.#last;
      this.#last = appendedAtMs - this.#lookedMs;
    }
    this.#lookedMs = isAtEnd ? beganMs : null;
  }

  /** By how much a wall clock is ahead of it, at least, in ms; nothing is known by fewer than two turns. */
  leadOf(wallMs: number, monotonicMs: number): number {
    return wallMs - monotonicMs - Math.max(this.#last, this.#before);
  }
}
