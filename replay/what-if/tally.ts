/** What a history comes to, in numbers that two of them can be compared by. */
import { inputOf } from '../../src/catalogue/caused.js';
import { Code } from '../../src/catalogue/generated/codes.js';
import type { AnyEntry, RegisterExecutor, SlotReportedHeld, SubmitDag } from '../../src/catalogue/generated/types.js';
import { OUTCOMES } from '../../src/catalogue/outcomes.js';
import { className } from '../../src/simulate/class-name.js';
import { Attempts, type HeldAttempt } from '../../src/simulate/history/attempts.js';
import { type Deadline, deadlineOf } from '../../src/simulate/report/deadline.js';
import { reportedLease } from '../reported-lease.js';
import { Spread, type SpreadView } from '../spread.js';
import { Use } from './use.js';

interface OpenDag {
  deadline: Deadline | null;
}

/** A DAG that may be run again: it counts with its last run. */
interface UnsuccessfulDag extends OpenDag {
  readonly outcome: 'failed' | 'cancelled';
}

interface Held {
  /** Undefined: of a DAG that is forgotten. */
  readonly tenant: string | undefined;
  readonly class: string;
  readonly executor: number;
  readonly slots: number;
  readonly at: number;
}

/** The numbers of a history. */
export interface Numbers {
  readonly dags: {
    readonly accepted: number;
    readonly succeeded: number;
    readonly failed: number;
    readonly cancelled: number;
    /** Those that have not ended, or are run again. */
    readonly open: number;
  };
  /**
   * DAGs with a deadline: how many ended well in time, and how many didn't, or are open after it; `open` are those that
   * are open with their deadline still to come.
   */
  readonly deadlines: { readonly met: number; readonly missed: number; readonly open: number };
  readonly dispatches: number;
  /** From the first DAG that was accepted to the last that ended; 0 when none has. */
  readonly makespanMs: number;
  /** From ready to dispatched. */
  readonly waitsByClass: Readonly<Record<string, SpreadView>>;
  readonly waitsByTenant: Readonly<Record<string, SpreadView>>;
  /** Share of the slot time that was held, in thousandths, while DAGs were open and there was something to do. */
  readonly utilisationPermille: Readonly<Record<string, number>>;
  /** Slot-ms that tenants held, by attempts that still run up to the end. */
  readonly slotMsByTenant: Readonly<Record<string, number>>;
  /** Jain's index over what tenants held, in thousandths: 1000 where all had the same. */
  readonly fairnessPermille: number;
}

export class Tally {
  readonly #counts = { accepted: 0, succeeded: 0, failed: 0, cancelled: 0 };
  readonly #deadlines = { met: 0, missed: 0 };
  readonly #open = new Map<number, OpenDag>();
  /** Until they are forgotten. */
  readonly #unsuccessful = new Map<number, UnsuccessfulDag>();
  /** Of which tenant a DAG is, until it is forgotten: it may be reopened. */
  readonly #tenantOf = new Map<number, string>();
  readonly #attempts = new Attempts<Held>({
    dispatched: (attempt) => this.#dispatched(attempt),
    released: (held, at, isWithdrawn) => this.#released(held, at, isWithdrawn),
  });
  readonly #executors = new Map<number, { class: string; slots: number }>();
  readonly #classes = new Spread();
  readonly #tenants = new Spread();
  readonly #slotMs = new Map<string, number>();
  readonly #use = new Use();
  #dispatches = 0;
  #firstAt = 0;
  #lastEndAt = 0;
  #at = 0;

  /** How many DAGs have not ended, or are run again. */
  get openDags(): number {
    return this.#open.size;
  }

  /** The first few of them, by their numbers. */
  firstOpen(most: number): readonly number[] {
    return [...this.#open.keys()].slice(0, most);
  }

  /** Takes a turn's entries. */
  take(at: number, entries: readonly AnyEntry[]): void {
    if (this.openDags > 0) this.#use.pass(at - this.#at);
    this.#at = at;
    for (const entry of entries) this.#note(at, entry, entries);
  }

  /** Up to now. */
  numbers(): Numbers {
    const slotMs = this.#slotMsNow();
    return {
      dags: { ...this.#counts, open: this.openDags },
      deadlines: this.#deadlinesNow(),
      dispatches: this.#dispatches,
      makespanMs: Math.max(0, this.#lastEndAt - this.#firstAt),
      waitsByClass: this.#classes.views(),
      waitsByTenant: this.#tenants.views(),
      utilisationPermille: this.#use.permille(),
      slotMsByTenant: Object.fromEntries([...slotMs].toSorted(byName)),
      fairnessPermille: jain([...slotMs.values()]),
    };
  }

  /** A tenant whose attempts still run has held their slots, too. */
  #slotMsNow(): Map<string, number> {
    const sums = new Map(this.#slotMs);
    for (const held of this.#attempts.held()) addSlotMs(sums, held, this.#at);
    return sums;
  }

  /** A deadline that has passed is missed, whether its DAG has ended by then or not. */
  #deadlinesNow(): Numbers['deadlines'] {
    const { met } = this.#deadlines;
    let { missed } = this.#deadlines;
    let open = 0;
    for (const { deadline } of this.#open.values()) {
      if (deadline === null) continue;
      if (this.#at > deadline.atMs) missed += 1;
      else open += 1;
    }
    return { met, missed, open };
  }

  #note(at: number, entry: AnyEntry, entries: readonly AnyEntry[]): void {
    switch (entry.code) {
      case Code.DagAccepted:
        return this.#accepted(at, entry.body.dag, inputOf(Code.SubmitDag, entry, entries));
      case Code.DagReopened:
        return this.#reopened(entry.body.dag);
      case Code.DagForgotten:
        if (entry.body.last) this.#forgotten(entry.body.dag);
        return;
      case Code.DeadlineChanged: {
        const dag = this.#open.get(entry.body.dag);
        if (dag !== undefined) dag.deadline = deadlineOf(entry.body);
        return;
      }
      case Code.DagSucceeded:
      case Code.DagFailed:
      case Code.DagCancelled:
        return this.#ended(at, entry.body.dag, OUTCOMES[entry.code]);
      case Code.ExecutorRegistered:
        return this.#registered(entry.body.executor, inputOf(Code.RegisterExecutor, entry, entries));
      case Code.ExecutorResized:
        return this.#resized(entry.body.executor, entry.body.slots);
      case Code.ExecutorLost:
      case Code.ExecutorDeregistered:
        return this.#resized(entry.body.executor, 0);
      case Code.SlotReportedHeld:
        return this.#reportedHeld(at, entry.body, inputOf(Code.RegisterExecutor, entry, entries));
      default:
        this.#attempts.take(at, entry);
    }
  }

  #accepted(at: number, seq: number, submission: SubmitDag): void {
    if (this.#counts.accepted === 0) this.#firstAt = at;
    this.#counts.accepted += 1;
    this.#open.set(seq, { deadline: deadlineOf(submission) });
    this.#tenantOf.set(seq, submission.tenant);
    this.#use.count();
  }

  #ended(at: number, seq: number, outcome: 'succeeded' | 'failed' | 'cancelled'): void {
    const dag = this.#open.get(seq);
    this.#lastEndAt = at;
    this.#use.count();
    if (dag === undefined) return;
    this.#open.delete(seq);
    this.#counts[outcome] += 1;
    if (outcome !== 'succeeded') this.#unsuccessful.set(seq, { ...dag, outcome });
    if (dag.deadline === null) return;
    if (outcome === 'succeeded' && at <= dag.deadline.atMs) this.#deadlines.met += 1;
    else this.#deadlines.missed += 1;
  }

  /** What it came to before is as nothing: it counts with its last run. */
  #reopened(seq: number): void {
    const dag = this.#unsuccessful.get(seq);
    if (dag === undefined) return;
    this.#unsuccessful.delete(seq);
    this.#counts[dag.outcome] -= 1;
    if (dag.deadline !== null) this.#deadlines.missed -= 1;
    this.#open.set(seq, { deadline: dag.deadline });
  }

  #forgotten(seq: number): void {
    this.#tenantOf.delete(seq);
    this.#unsuccessful.delete(seq);
  }

  #dispatched({ dag, executor, slots, readyAt, dispatchedAt: at }: HeldAttempt): Held {
    const held = this.#hold(dag, executor, slots, at);
    this.#classes.add(held.class, at - readyAt);
    this.#tenants.add(held.tenant!, at - readyAt);
    this.#dispatches += 1;
    return held;
  }

  /** Work that nobody had said the end of goes on, whose lease is over: it holds slots once more. */
  #reportedHeld(at: number, { token, executor, slots }: SlotReportedHeld, by: RegisterExecutor): void {
    this.#attempts.hold(token, this.#hold(reportedLease(token, by).dag, executor, slots, at));
  }

  #hold(dag: number, executor: number, slots: number, at: number): Held {
    const held = { tenant: this.#tenantOf.get(dag), class: this.#executors.get(executor)!.class, executor, slots, at };
    this.#use.hold(held.class, slots);
    return held;
  }

  #released(held: Held, at: number, isWithdrawn: boolean): void {
    addSlotMs(this.#slotMs, held, at);
    this.#use.hold(held.class, -held.slots);
    if (isWithdrawn) this.#resized(held.executor, Math.max(0, this.#executors.get(held.executor)!.slots - held.slots));
  }

  #registered(seq: number, { group, executorClass, slots }: RegisterExecutor): void {
    const name = className(group, executorClass);
    const known = this.#executors.get(seq);
    if (known !== undefined && known.class !== name) this.#resized(seq, 0);
    this.#executors.set(seq, { class: name, slots: known?.class === name ? known.slots : 0 });
    this.#resized(seq, slots);
  }

  #resized(seq: number, slots: number): void {
    const executor = this.#executors.get(seq)!;
    this.#use.offer(executor.class, slots - executor.slots);
    executor.slots = slots;
  }
}

function addSlotMs(sums: Map<string, number>, { tenant, slots, at: since }: Held, at: number): void {
  if (tenant !== undefined) sums.set(tenant, (sums.get(tenant) ?? 0) + (at - since) * slots);
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

function jain(values: readonly number[]): number {
  const sum = values.reduce((all, value) => all + value, 0);
  const squares = values.reduce((all, value) => all + value * value, 0);
  return squares === 0 ? 1_000 : Math.floor((sum * sum * 1_000) / (values.length * squares));
}
