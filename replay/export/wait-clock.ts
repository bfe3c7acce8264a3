/** Splits the waits of all jobs of a history by what holds for them, at a cost that is the same for each event. */
import { madeOnce } from '../../src/catalogue/made-once.js';

/** What holds a job up. Ready jobs are held up by their class. */
export type Phase = 'dependency' | 'held' | 'paused' | 'backoff' | 'ready';

/** How long a wait was spent on what, in ms; the sum is the whole wait. */
export interface WaitSplit {
  readonly fromMs: number;
  readonly dependency: number;
  readonly held: number;
  readonly paused: number;
  readonly backoff: number;
  readonly noExecutor: number;
  readonly full: number;
  readonly other: number;
}

/** What a class has been so far, in ms: without executors, and with all slots taken. */
class ClassClock {
  slots = 0;
  taken = 0;
  executors = 0;
  #noExecutor = 0;
  #full = 0;
  #at = 0;

  /** Moves on to a moment. */
  at(ms: number): { readonly noExecutor: number; readonly full: number } {
    const passed = ms - this.#at;
    if (this.executors === 0) this.#noExecutor += passed;
    else if (this.taken >= this.slots) this.#full += passed;
    this.#at = ms;
    return { noExecutor: this.#noExecutor, full: this.#full };
  }
}

interface Waiting {
  readonly class: ClassClock;
  readonly fromMs: number;
  phase: Phase;
  sinceMs: number;
  /** The class's clock when it became ready. */
  noExecutor: number;
  full: number;
  readonly spent: Record<'dependency' | 'held' | 'paused' | 'backoff' | 'noExecutor' | 'full' | 'other', number>;
}

interface DagClock {
  readonly jobs: Map<number, Waiting>;
  held: boolean;
  paused: boolean;
  /** What its jobs are in beside being held or paused. */
  readonly phases: Map<number, Phase>;
}

export class WaitClock {
  readonly #classes = new Map<string, ClassClock>();
  readonly #dags = new Map<number, DagClock>();

  /** Slots of a class become more or fewer, or taken; `executors` come or go. */
  change(atMs: number, name: string, { slots = 0, taken = 0, executors = 0 }): void {
    const clock = this.#class(name);
    clock.at(atMs);
    clock.slots += slots;
    clock.taken += taken;
    clock.executors += executors;
  }

  /** A job begins to wait. */
  begin(atMs: number, dag: number, job: number, className: string, phase: Phase): void {
    const clock = this.#dag(dag);
    const waiting: Waiting = {
      class: this.#class(className),
      fromMs: atMs,
      phase,
      sinceMs: atMs,
      noExecutor: 0,
      full: 0,
      spent: { dependency: 0, held: 0, paused: 0, backoff: 0, noExecutor: 0, full: 0, other: 0 },
    };
    clock.jobs.set(job, waiting);
    this.#enter(clock, waiting, job, phase, atMs);
  }

  /** A job that waits is held up by something else from now on; nothing happens when it doesn't wait. */
  phase(atMs: number, dag: number, job: number, phase: Phase): void {
    const clock = this.#dag(dag);
    const waiting = clock.jobs.get(job);
    if (waiting === undefined) return;
    settle(waiting, atMs);
    this.#enter(clock, waiting, job, phase, atMs);
  }

  /** The DAG is held, or paused, or isn't any more. */
  block(atMs: number, dag: number, what: 'held' | 'paused', isOn: boolean): void {
    const clock = this.#dag(dag);
    if (clock[what] === isOn) return;
    for (const waiting of clock.jobs.values()) settle(waiting, atMs);
    clock[what] = isOn;
    for (const [job, waiting] of clock.jobs) this.#enter(clock, waiting, job, clock.phases.get(job)!, atMs);
  }

  /** A wait is over; null when the job doesn't wait. */
  end(atMs: number, dag: number, job: number): WaitSplit | null {
    const clock = this.#dag(dag);
    const waiting = clock.jobs.get(job);
    if (waiting === undefined) return null;
    settle(waiting, atMs);
    clock.jobs.delete(job);
    clock.phases.delete(job);
    return { fromMs: waiting.fromMs, ...waiting.spent };
  }

  /** A DAG has ended. */
  drop(dag: number): void {
    this.#dags.delete(dag);
  }

  #class(name: string): ClassClock {
    return madeOnce(this.#classes, name, () => new ClassClock());
  }

  #dag(dag: number): DagClock {
    return madeOnce(this.#dags, dag, () => ({ jobs: new Map(), held: false, paused: false, phases: new Map() }));
  }

  /** A pause comes before a hold, as in the closed list of reasons. */
  #enter(clock: DagClock, waiting: Waiting, job: number, phase: Phase, atMs: number): void {
    clock.phases.set(job, phase);
    waiting.phase = clock.paused ? 'paused' : clock.held ? 'held' : phase;
    waiting.sinceMs = atMs;
    const { noExecutor, full } = waiting.class.at(atMs);
    waiting.noExecutor = noExecutor;
    waiting.full = full;
  }
}

/** Adds the time since the last change to what it was spent on. */
function settle(waiting: Waiting, atMs: number): void {
  const { phase, spent } = waiting;
  const passed = atMs - waiting.sinceMs;
  waiting.sinceMs = atMs;
  if (phase !== 'ready') {
    spent[phase] += passed;
    return;
  }
  const clock = waiting.class.at(atMs);
  const noExecutor = clock.noExecutor - waiting.noExecutor;
  const full = clock.full - waiting.full;
  spent.noExecutor += noExecutor;
  spent.full += full;
  spent.other += passed - noExecutor - full;
}
