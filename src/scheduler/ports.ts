/** Clock, timers and randomness of the leader's loop come in through these, so that it runs on simulated ones too. */

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
