import { setImmediate as pauseOnce } from 'node:timers/promises';
import type { Timers } from '../../src/gateway/index.js';

/** Timers of the process. */
export const realTimers: Timers = {
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
  every(periodMs, run) {
    const timer = setInterval(run, periodMs);
    return () => clearInterval(timer);
  },
  pause: () => pauseOnce(undefined),
};

/** Timers that fire when a test says so. */
export class ManualTimers implements Timers {
  readonly #after = new Set<() => void>();
  readonly #every = new Map<() => void, number>();

  after(_delayMs: number, run: () => void): () => void {
    this.#after.add(run);
    return () => this.#after.delete(run);
  }

  every(periodMs: number, run: () => void): () => void {
    this.#every.set(run, periodMs);
    return () => this.#every.delete(run);
  }

  pause(): Promise<void> {
    return realTimers.pause();
  }

  /** How many timers wait for a delay. */
  get delays(): number {
    return this.#after.size;
  }

  /** Fires all timers that wait for a delay. */
  fireDelays(): void {
    for (const run of [...this.#after]) {
      this.#after.delete(run);
      run();
    }
  }

  /** Fires the timers with this period. */
  firePeriod(periodMs: number): void {
    for (const [run, period] of this.#every) if (period === periodMs) run();
  }
}
