import type { TurnTimings } from '../outbox/port.js';
import type { Clocks } from './ports.js';

/** Takes the times of one turn: by the monotonic clock, told as the wall clock's. */
export class Stopwatch {
  readonly #takenAtMs: number;
  readonly #began: number;
  #planBegan = 0;
  #planMs = 0;

  constructor(private readonly clocks: Clocks) {
    this.#takenAtMs = clocks.wallMs();
    this.#began = clocks.monotonicMs();
  }

  /** Called when the planning begins, and when it has ended. */
  readonly onPlan = (): void => {
    const now = this.clocks.monotonicMs();
    if (this.#planBegan === 0) this.#planBegan = now;
    else this.#planMs = now - this.#planBegan;
  };

  /** The turn is computed. */
  computed(): Omit<TurnTimings, 'appendedAtMs'> {
    const plannedAtMs = this.#takenAtMs + this.clocks.monotonicMs() - this.#began;
    return { takenAtMs: this.#takenAtMs, plannedAtMs, planMs: this.#planMs };
  }
}
