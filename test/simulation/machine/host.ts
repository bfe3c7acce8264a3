import type { Timers } from '../../../src/edge/ports.js';
import type { Clocks, LoopTimers } from '../../../src/scheduler/ports.js';
import type { Chance } from '../chance.js';
import type { Timeline } from '../timeline.js';
import type { WallClock } from './wall-clock.js';

/** Places in the life of a turn at which a process may be killed. */
export const POINTS = [
  'before the write',
  'inside the write',
  'before the sync',
  'after the sync',
  'before the store is written',
  'after the store is written',
  'at publishing',
] as const;

export type Point = (typeof POINTS)[number];

/**
 * A process. What it asks for happens in simulated time; when it dies nothing that it waits for comes back, and nothing
 * that it does has an effect any more.
 */
export class Host {
  #alive = true;
  #stalledUntilMs = 0;
  #trap: { readonly point: Point; left: number } | null = null;
  /** Called once when the process dies. */
  onDeath: (why: string) => void = () => undefined;
  /** Called when it is killed at a point. */
  onTrapped: (point: Point) => void = () => undefined;
  readonly clocks: Clocks;
  readonly timers: LoopTimers & Timers;

  constructor(
    readonly timeline: Timeline,
    readonly chance: Chance,
    wall: WallClock,
  ) {
    this.clocks = { wallMs: () => wall.nowMs(), monotonicMs: () => timeline.nowMs };
    this.timers = {
      after: (delayMs, run) => this.after(delayMs, run),
      every: (periodMs, run) => this.#every(periodMs, run),
      pause: () => this.delay(0.01),
    };
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** Runs something in this process after a while, if it lives then; not while it is stalled. */
  after(delayMs: number, run: () => void): () => void {
    let cancel = (): void => undefined;
    const enter = (): void => {
      if (!this.#alive) return;
      const waitMs = this.#stalledUntilMs - this.timeline.nowMs;
      if (waitMs > 0) cancel = this.timeline.after(waitMs, enter);
      else run();
    };
    cancel = this.timeline.after(delayMs, enter);
    return () => cancel();
  }

  #every(periodMs: number, run: () => void): () => void {
    let cancel = (): void => undefined;
    const again = (): void => {
      cancel = this.after(periodMs, () => {
        again();
        run();
      });
    };
    again();
    return () => cancel();
  }

  /** Resolves after a while; never if the process dies before. */
  delay(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(ms, resolve);
    });
  }

  /** Nothing in this process happens for so long. */
  stall(ms: number): void {
    this.#stalledUntilMs = Math.max(this.#stalledUntilMs, this.timeline.nowMs + ms);
  }

  /** Kills the process the `nth` time that it comes to a point. */
  trap(point: Point, nth: number): void {
    this.#trap = { point, left: nth };
  }

  /** The process is at a point; false if it dies there. */
  pass(point: Point): boolean {
    if (!this.#alive) return false;
    if (this.#trap?.point !== point || --this.#trap.left > 0) return true;
    this.onTrapped(point);
    this.die(`killed ${point}`);
    return false;
  }

  die(why: string): void {
    if (!this.#alive) return;
    this.#alive = false;
    this.onDeath(why);
  }
}

/** What a dead process waits for. */
export function never<T>(): Promise<T> {
  return new Promise(() => undefined);
}
