import type { Timeline } from '../timeline.js';

/** What the machine's clock says when a simulation begins, in ms since 1970. */
const BEGIN_MS = 1_790_000_000_000;

/** The machine's wall clock: it leaps and drifts, and outlives processes. */
export class WallClock {
  #offsetMs = BEGIN_MS;
  #drift = 0;
  #sinceMs = 0;

  constructor(private readonly timeline: Timeline) {}

  nowMs(): number {
    return this.timeline.nowMs + this.#offsetMs + (this.timeline.nowMs - this.#sinceMs) * this.#drift;
  }

  leap(ms: number): void {
    this.#offsetMs += ms;
  }

  /** From now on it gains `drift` of the time that passes. */
  drift(drift: number): void {
    this.#offsetMs = this.nowMs() - this.timeline.nowMs;
    this.#sinceMs = this.timeline.nowMs;
    this.#drift = drift;
  }
}
