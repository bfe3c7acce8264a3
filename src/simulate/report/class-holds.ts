/**
 * How long limits of classes, their `maxSlots` and their rates, held jobs back although executors had slots for them: as
 * the kernel's state says after each turn, which stays so until the next one.
 */
import { paidAt } from '../../kernel/buckets.js';
import { reservationOf } from '../../kernel/explain/kept.js';
import { slotsOfReady } from '../../kernel/fold.js';
import type { Kernel } from '../../kernel/kernel.js';
import { MAX_DURATION_MS } from '../../kernel/limits.js';
import type { Choice } from '../../kernel/policy/policy.js';
import { IdKind, seqOf } from '../../kernel/rows/ids.js';
import { limitOf } from '../../kernel/rows/limit-field.js';
import { START_MS } from '../cell/virtual-cell.js';
import type { Plan } from '../plan/plan.js';

/** What held jobs of a class back. */
export type ClassLimit = 'maxSlots' | 'rates';

/** One class of a plan that has limits. */
export interface ClassHold {
  /** Its name in `classes` of the plan. */
  readonly name: string;
  /** How long each of its limits held jobs back, in ms. */
  readonly heldMs: Readonly<Record<ClassLimit, number>>;
}

interface Watched {
  readonly name: string;
  readonly group: string;
  readonly heldMs: Record<ClassLimit, number>;
  /** The same when something that reports tell of happened for the last time. */
  readonly toldMs: Record<ClassLimit, number>;
  /** What holds jobs back since the last turn. */
  limit: ClassLimit | null;
}

const none = (): Record<ClassLimit, number> => ({ maxSlots: 0, rates: 0 });

export class ClassHolds {
  readonly #classes: readonly Watched[];
  readonly #head: Choice = { job: 0, flow: 0, dag: 0, lane: 0 };
  #at = START_MS;

  constructor(
    { classes }: Pick<Plan, 'classes'>,
    private readonly kernel: Kernel,
  ) {
    this.#classes = Object.entries(classes)
      .filter(([, { maxSlots = null, rates }]) => maxSlots !== null || rates.length > 0)
      .map(([name, { group }]) => ({ name, group, heldMs: none(), toldMs: none(), limit: null }));
  }

  /** A turn was computed at a moment: what held before it did so until then. `isTold`: reports tell of something in it. */
  watch(at: number, isTold: boolean): void {
    this.#until(at);
    for (const one of this.#classes) {
      one.limit = this.#limitOf(one);
      if (isTold) Object.assign(one.toldMs, one.heldMs);
    }
  }

  /** What each class came to until a run ended: with its last turn, or where it was given up, with the last that is told. */
  reports(endAt: number): readonly ClassHold[] {
    const isGivenUp = endAt < this.#at;
    this.#until(endAt);
    return this.#classes.map(({ name, heldMs, toldMs }) => ({ name, heldMs: isGivenUp ? toldMs : { ...heldMs } }));
  }

  #until(at: number): void {
    const passed = Math.max(0, at - this.#at);
    for (const { limit, heldMs } of this.#classes) if (limit !== null) heldMs[limit] += passed;
    this.#at += passed;
  }

  /** Of the jobs that executors have slots for, the limit keeps the one that comes first from them. */
  #limitOf({ name, group }: Watched): ClassLimit | null {
    const { state, indexes } = this.kernel;
    const { classes, jobs } = state;
    const classSeq = seqOf(state, IdKind.class, group, name);
    const cls = classSeq === 0 ? 0 : classes.find(classSeq);
    if (cls === 0 || classes.c.ready[cls] === 0) return null;
    const { placement, policy } = indexes;
    const at = this.#at;
    const kept = reservationOf({ state, indexes, at }, cls);
    const slots = Math.max(placement.widest(classSeq), kept?.free ?? 0);
    const room = { classSeq, cls, at, slots, estimateMs: MAX_DURATION_MS, longEnds: 0 };
    if (slots === 0 || policy.peek(room, this.#head) === null) return null;
    const needed = slotsOfReady(state, this.#head.job);
    // What needs more than the limit will never run; that is told as what is stuck.
    if (needed > placement.allowed(cls)) return needed <= limitOf(classes.c.maxSlots[cls]!, 0) ? 'maxSlots' : null;
    return paidAt(state, classSeq, jobs.c.units[this.#head.job]!, at) > at ? 'rates' : null;
  }
}
