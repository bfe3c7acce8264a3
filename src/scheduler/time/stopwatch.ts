import type { TurnTimings } from '../../outbox/port.js';
import type { Clocks } from '../ports.js';

/** Takes the times of one turn: by the monotonic clock, told as the wall clock's, which is looked at once. */
export class Stopwatch {
  readonly #takenAtMs: number;
  readonly #began: number;
  #planBegan = 0;
  #planMs = 0;
  #plannedMs = 0;

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

  /** Called when the turn is computed. */
  computed(): void {
    this.#plannedMs = this.clocks.monotonicMs();
  }

  /** The times of the turn, which became durable at this moment of the monotonic clock. */
  appended(appendedMonotonicMs: number): TurnTimings {
    const told = (monotonicMs: number): number => this.#takenAtMs + monotonicMs - this.#began;
    return {
      takenAtMs: this.#takenAtMs,
      plannedAtMs: told(this.#plannedMs),
      appendedAtMs: told(appendedMonotonicMs),
      appendedMonotonicMs,
      planMs: this.#planMs,
    };
  }
}
