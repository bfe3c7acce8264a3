/** What the loop must not have by itself: clock, timers and randomness come in through these (design: Parts). */

export interface Clocks {
  /** Wall clock in ms since 1970; it may leap. */
  wallMs(): number;
  /** Monotonic clock in ms, from an arbitrary start. */
  monotonicMs(): number;
}

export interface LoopTimers {
  /** Calls `run` once after `delayMs`; the result cancels it. */
  after(delayMs: number, run: () => void): () => void;
  /** Resolves when what other callbacks wait for has had its turn. */
  pause(): Promise<void>;
}
