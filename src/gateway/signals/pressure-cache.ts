import type { PressureView } from '../../answers/types.js';
import type { Clock } from '../../edge/ports.js';
import type { FoldSignals } from '../../scheduler/views/port.js';

/** A count of all open DAGs serves for so long. */
const FRESH_MS = 5_000;

/** Counts the pressure when somebody asks, and not again at once: it walks over all open DAGs. */
export class PressureCache {
  #counted: Promise<readonly PressureView[]> | null = null;
  #countedAtMs = 0;

  constructor(
    private readonly fold: FoldSignals,
    private readonly clock: Pick<Clock, 'monotonicMs'>,
  ) {}

  /** What the last few seconds' count said. */
  read(): Promise<readonly PressureView[]> {
    const nowMs = this.clock.monotonicMs();
    if (this.#counted === null || nowMs - this.#countedAtMs >= FRESH_MS) {
      this.#countedAtMs = nowMs;
      this.#counted = this.fold.pressure();
      this.#counted.catch(() => {
        this.#counted = null;
      });
    }
    return this.#counted;
  }
}
