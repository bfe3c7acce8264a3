/** A wall clock that journal time does not follow: told when it is so, each minute while it lasts, and when it is over. */
import { MAX_LEAD_MS } from '../scheduler/time/journal-time.js';
import { systemClocks, systemTimers } from './adapters/system.js';
import type { ServingFabric } from './serving.js';
import type { FabricLog } from './telemetry.js';

/** How often it is looked, in ms. */
const LOOK_MS = 1000;
/** What lasts is told again after so many ms. */
const AGAIN_MS = 60_000;

/** Whether the wall clock is so near to journal time that nobody need do anything; so it is where nobody leads. */
export function isClockNear(aheadMs: number | null): boolean {
  return aheadMs === null || Math.abs(aheadMs) <= MAX_LEAD_MS;
}

/** Tells of the wall clock of a process that leads. Following a leap unasked could fire every timer there is. */
export class ClockWatch {
  /** When it was told last, by the monotonic clock; null while the clocks are near each other. */
  #toldMs: number | null = null;

  constructor(
    private readonly log: Pick<FabricLog, 'warn'>,
    private readonly nowMs: () => number,
  ) {}

  /** Hears by how much the wall clock is ahead of journal time; null where nobody leads. */
  hear(aheadMs: number | null): void {
    const now = this.nowMs();
    if (aheadMs === null || isClockNear(aheadMs)) {
      if (this.#toldMs !== null && aheadMs !== null)
        this.log.warn({ aheadMs }, 'journal time is with the wall clock again');
      this.#toldMs = null;
    } else if (this.#toldMs === null || now - this.#toldMs >= AGAIN_MS) {
      this.#toldMs = now;
      if (aheadMs > 0)
        this.log.warn(
          { aheadMs, todo: AHEAD_TODO },
          'the wall clock has leapt ahead and is not followed: timers are late',
        );
      else
        this.log.warn(
          { aheadMs, todo: BEHIND_TODO },
          'the wall clock is behind: journal time goes slower until it is reached',
        );
    }
  }
}

const AHEAD_TODO = 'If the wall clock is right, run `marie cell accept-clock`; else set it right.';
const BEHIND_TODO =
  'If the wall clock is wrong, set it right. Journal time never goes back: `marie cell accept-clock` can only advance it.';

/** Watches the clock of a fabric; the result ends it. */
export function watchClock(
  fabric: Pick<ServingFabric, 'notReady' | 'views'>,
  log: Pick<FabricLog, 'warn'>,
): () => void {
  const watch = new ClockWatch(log, systemClocks.monotonicMs);
  // While a fold is opened there is nothing to read, and no journal time that goes on.
  const look = (): void => watch.hear(fabric.notReady() === null ? fabric.views.cell().clockAheadMs : null);
  look();
  return systemTimers.every(LOOK_MS, look);
}
