import type { Clocks } from '../ports.js';

/** How far ahead a wall clock may be before it is followed only on an operator's word, in ms. */
export const MAX_LEAD_MS = 5000;
/** Journal time is slewed towards the wall clock by at most this share of the time that passes. */
const SLEW_DIVISOR = 8;

/**
 * Journal time (architecture.md: Time). It never falls; within a reign it advances by the monotonic clock, slewed towards
 * the wall clock by at most 1/8. A wall clock that is more than 5 s ahead is not followed until an operator says so.
 */
export class JournalTime {
  #at: number;
  #monotonic: number;
  /** What an accepted clock says: the next reading is not before it. */
  #accepted = 0;
  #leaptMs = 0;

  /** Begins at `startMs`, which is at least the head's time. */
  constructor(
    private readonly clocks: Clocks,
    startMs: number,
  ) {
    this.#at = startMs;
    this.#monotonic = clocks.monotonicMs();
  }

  /** By how much the wall clock is ahead of journal time now, in whole ms; below zero if it is behind. */
  aheadMs(): number {
    return Math.round(this.clocks.wallMs() - this.#reading());
  }

  /** What `now` would give, for who only looks. */
  peek(): number {
    return Math.floor(this.#reading());
  }

  /** An operator says that this clock is right: the next reading is not before it. */
  accept(clockAtMs: number): void {
    this.#accepted = Math.max(this.#accepted, clockAtMs);
  }

  /** Journal time now, in whole ms. */
  now(): number {
    const passed = this.#passed();
    this.#monotonic += passed;
    const at = this.#at + passed + this.#slew(passed);
    this.#leaptMs += Math.max(0, this.#accepted - at);
    this.#at = Math.max(at, this.#accepted);
    return Math.floor(this.#at);
  }

  /** By how much it has leapt to an accepted clock since the last call, in whole ms: no time in which anybody acted. */
  takeLeap(): number {
    const leapt = Math.floor(this.#leaptMs);
    this.#leaptMs = 0;
    return leapt;
  }

  #reading(): number {
    const passed = this.#passed();
    return Math.max(this.#at + passed + this.#slew(passed), this.#accepted);
  }

  /** By how much time that has passed is stretched or shortened towards the wall clock, in ms. */
  #slew(passed: number): number {
    const behind = this.clocks.wallMs() - (this.#at + passed);
    const limit = passed / SLEW_DIVISOR;
    return behind > MAX_LEAD_MS ? 0 : Math.min(limit, Math.max(-limit, behind));
  }

  /** Time since the last reading by the monotonic clock, in ms. */
  #passed(): number {
    return Math.max(0, this.clocks.monotonicMs() - this.#monotonic);
  }
}
