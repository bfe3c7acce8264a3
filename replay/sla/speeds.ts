import { Code } from '../../src/catalogue/generated/codes.js';
import type { TurnRecord } from '../../src/catalogue/generated/types.js';
import { madeOnce } from '../../src/catalogue/made-once.js';
import { StoodStill } from '../../src/simulate/history/stood-still.js';
import { tookMs } from '../../src/simulate/history/took.js';
import type { Visitor } from '../fold.js';
import { Names } from '../names.js';
import type { ScratchFold } from '../scratch-fold.js';
import type { Speeds } from './blame.js';
import type { AttemptStory } from './story.js';

/** Runs that an executor, and the others of its class, must have ended well before they are compared. */
const ENOUGH_RUNS = 3;
/** An executor is slow when its mean run is so many times that of the others. */
const SLOW = 1.5;

interface Runs {
  count: number;
  ms: number;
}

/** Learns from a fold how long attempts run on each executor. */
export class RunTimes implements Visitor, Speeds {
  readonly #byExecutor = new Map<number, Runs>();
  readonly #classOf = new Map<number, number>();
  readonly #byClass = new Map<number, Runs>();
  readonly #names = new Map<number, string>();
  readonly #grants = new Map<number, { readonly executor: number; readonly sinceMs: number }>();
  readonly #still = new StoodStill();

  after({ at, stoppedMs, entries }: TurnRecord, fold: ScratchFold): void {
    // While the fabric stands still it hears nobody: that time says nothing of an executor.
    const runningMs = at - stoppedMs;
    for (const entry of entries) {
      this.#still.take(at, entry);
      if (entry.code === Code.ExecutorRegistered) {
        this.#classOf.set(entry.body.executor, entry.body.class);
        this.#names.set(entry.body.executor, new Names(fold).executor(entry.body.executor));
      } else if (entry.code === Code.LeaseGranted) {
        this.#grants.set(entry.body.token, { executor: entry.body.executor, sinceMs: runningMs });
      } else if (entry.code === Code.LeaseExpired) {
        this.#grants.delete(entry.body.token);
      } else if (entry.code === Code.LeaseReleased) {
        const grant = this.#grants.get(entry.body.token);
        this.#grants.delete(entry.body.token);
        if (grant !== undefined && entry.body.reason === 'completed')
          this.#ran(grant.executor, runningMs - grant.sinceMs);
      }
    }
  }

  name(executor: number): string {
    return this.#names.get(executor) ?? `executor ${executor}`;
  }

  tookMs({ executor, grantedAtMs, end }: AttemptStory, endedAtMs: number): number {
    const afterMs = endedAtMs - grantedAtMs;
    // Sessions and time-outs stand still with the fabric: such an end comes later by all of that time.
    if (end === 'timed-out' || end === 'executor-lost') return afterMs - this.#still.within(grantedAtMs, afterMs);
    const { count, ms } = this.#byExecutor.get(executor) ?? { count: 1, ms: 0 };
    return tookMs({ afterMs, unheardMs: this.#still.unheardWithin(grantedAtMs, afterMs) }, Math.floor(ms / count));
  }

  usualMs(executor: number, runMs: number): number | null {
    const own = this.#byExecutor.get(executor);
    const all = this.#byClass.get(this.#classOf.get(executor) ?? -1);
    // Of runs that take no time at all none is slower than the others.
    if (own === undefined || all === undefined || own.count < ENOUGH_RUNS || own.ms === 0) return null;
    const others = { count: all.count - own.count, ms: all.ms - own.ms };
    if (others.count < ENOUGH_RUNS || own.ms * others.count < SLOW * others.ms * own.count) return null;
    return Math.floor((runMs * (others.ms / others.count)) / (own.ms / own.count));
  }

  #ran(executor: number, ms: number): void {
    add(this.#byExecutor, executor, ms);
    add(this.#byClass, this.#classOf.get(executor) ?? -1, ms);
  }
}

function add(runs: Map<number, Runs>, key: number, ms: number): void {
  const known = madeOnce(runs, key, () => ({ count: 0, ms: 0 }));
  known.count += 1;
  known.ms += ms;
}
