import type { Clocks } from './ports.js';

/** How far ahead a wall clock may be before it is followed only on an operator's word, in ms. */
export const MAX_LEAD_MS = 5000;
/** A gap in which the fabric could not act counts from here on, in ms. */
export const LEAP_MS = 1000;
/** Journal time is slewed towards the wall clock by at most this share of the time that passes. */
const SLEW_DIVISOR = 8;

/**
 * Journal time (design: Time). It never falls; within a reign it advances by the monotonic clock, slewed towards the
 * wall clock by at most 1/8. A wall clock that is more than 5 s ahead is not followed until an operator says so.
 */
export class JournalTime {
  #at: number;
  #monotonic: number;
  /** What an accepted clock adds to the next reading. */
  #leap = 0;

  /** Begins at `startMs`, which is at least the head's time. */
  constructor(
    private readonly clocks: Clocks,
    startMs: number,
  ) {
    this.#at = startMs;
    this.#monotonic = clocks.monotonicMs();
  }

  /** Whether the wall clock is too far ahead to be followed. */
  isAhead(): boolean {
    return this.clocks.wallMs() - this.#at > MAX_LEAD_MS;
  }

  /** An operator says that this clock is right: the next reading is not before it. */
  accept(clockAtMs: number): void {
    this.#leap = Math.max(this.#leap, clockAtMs);
  }

  /** Journal time now, in whole ms. */
  now(): number {
    const monotonic = this.clocks.monotonicMs();
    const passed = Math.max(0, monotonic - this.#monotonic);
    this.#monotonic = monotonic;
    const behind = this.clocks.wallMs() - (this.#at + passed);
    const limit = passed / SLEW_DIVISOR;
    const slew = behind > MAX_LEAD_MS ? 0 : Math.min(limit, Math.max(-limit, behind));
    this.#at = Math.max(this.#at + passed + slew, this.#leap);
    return Math.floor(this.#at);
  }
}
