/** Who held slots of the classes that jobs waited for: noted once for all, and added up for each when it is asked. */
import type { JobRef } from '../../src/kernel/explain/index.js';
import { classOfLease } from '../../src/kernel/fold.js';
import type { ScratchFold } from '../scratch-fold.js';
import type { Wait } from './wait.js';

/** A moment of a history: that after a turn. */
export interface After {
  readonly turn: number;
  readonly at: number;
}

/** Time in which a job waited for slots of a class: from after one turn until another one, or until the fabric stopped. */
export interface Stretch {
  readonly classSeq: number;
  readonly from: After;
  to: After;
}

/** Slots that a job held in a time. */
interface Hold extends JobRef {
  readonly slots: number;
  readonly from: After;
  to: After | null;
}

interface OfClass {
  /** By token. */
  readonly now: Map<number, Hold>;
  /** In the order of their ends. */
  readonly over: (Hold & { readonly to: After })[];
}

export class Holds {
  readonly #classes = new Map<number, OfClass>();

  /** From now on who holds slots of this class is noted. */
  follow(classSeq: number, fold: ScratchFold): void {
    if (this.#classes.has(classSeq)) return;
    this.#classes.set(classSeq, { now: new Map(), over: [] });
    this.after(fold);
  }

  /** After each turn. */
  after(fold: ScratchFold): void {
    if (this.#classes.size === 0) return;
    const { leases } = fold.state;
    const held = new Map<number, number>();
    leases.table.eachRow((row) => {
      if (leases.c.state[row] !== 0) held.set(leases.keyA[row]!, row);
    });
    for (const [classSeq, { now, over }] of this.#classes) {
      for (const [token, hold] of now) {
        const row = held.get(token);
        if (row !== undefined && isStill(hold, classSeq, row, fold)) continue;
        now.delete(token);
        over.push({ ...hold, to: { turn: fold.turn, at: fold.at } });
      }
    }
    for (const [token, row] of held) {
      const now = this.#classes.get(classOfLease(fold.state, row))?.now;
      if (now !== undefined && !now.has(token)) now.set(token, holdOf(row, fold));
    }
  }

  /** Whether it is known that somebody holds slots of this class now. */
  areAny(classSeq: number): boolean {
    return (this.#classes.get(classSeq)?.now.size ?? 0) > 0;
  }

  /** Nobody will ask of what has been. */
  forget(): void {
    this.#classes.clear();
  }

  /** Those who held slots during these stretches, the last of which ends now: the most first, and no more than `most`. */
  during(stretches: readonly Stretch[], most: number): Pick<Wait, 'holders' | 'heldMs'> {
    const slotMs = new Map<number, number>();
    let all = 0;
    for (const stretch of stretches) {
      this.#each(stretch, ({ dag, slots }, ms) => {
        slotMs.set(dag, (slotMs.get(dag) ?? 0) + slots * ms);
        all += slots * ms;
      });
    }
    const first = firstOf(slotMs, most);
    const jobs = new Map(first.map(([dag]) => [dag, new Set<number>()]));
    for (const stretch of stretches) this.#each(stretch, ({ dag, job }) => jobs.get(dag)?.add(job));
    return { holders: first.map(([dag, ms]) => ({ dag, jobs: jobs.get(dag)!.size, slotMs: ms })), heldMs: all };
  }

  /** Each hold that was in a stretch, with how long of it. */
  #each({ classSeq, from, to }: Stretch, each: (hold: Hold, ms: number) => void): void {
    const { now, over } = this.#classes.get(classSeq)!;
    const one = (hold: Hold): void => {
      if (hold.from.turn >= to.turn) return;
      const untilMs = Math.min(to.at, hold.to?.at ?? to.at);
      each(hold, Math.max(0, untilMs - Math.max(from.at, hold.from.at)));
    };
    for (const hold of now.values()) one(hold);
    for (let i = over.length - 1; i >= 0 && over[i]!.to.turn > from.turn; i--) one(over[i]!);
  }
}

/** The most first; of one alone there is nothing to sort. */
function firstOf(slotMs: ReadonlyMap<number, number>, most: number): readonly (readonly [number, number])[] {
  const isBefore = (a: readonly [number, number], b: readonly [number, number]): number => b[1] - a[1] || a[0] - b[0];
  if (most > 1) return [...slotMs].sort(isBefore).slice(0, most);
  let first: readonly [number, number] | null = null;
  for (const one of slotMs) if (first === null || isBefore(one, first) < 0) first = one;
  return first === null ? [] : [first];
}

function holdOf(row: number, { state: { leases }, turn, at }: ScratchFold): Hold {
  const { dag, job, moreSlots } = leases.c;
  return { dag: dag[row]!, job: job[row]!, slots: moreSlots[row]! + 1, from: { turn, at }, to: null };
}

function isStill({ dag, job, slots }: Hold, classSeq: number, row: number, { state }: ScratchFold): boolean {
  const { c } = state.leases;
  if (c.dag[row] !== dag || c.job[row] !== job || c.moreSlots[row]! + 1 !== slots) return false;
  return classOfLease(state, row) === classSeq;
}
