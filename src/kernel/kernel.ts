/**
 * The kernel: a calculation (law 2 of docs/architecture.md). It has no clock, randomness, I/O, environment, locale or
 * floating point; time and identity come in with the turn. The same inputs give the same entries, on any machine.
 */
import { CauseCode } from '../catalogue/generated/codes.js';
import type { AnyEntry, EventEntry, InputEntry } from '../catalogue/generated/types.js';
import { runContinuations, shareOfContinuations } from './continue/index.js';
import { releaseDue } from './decide/admission.js';
import { decide, repeatedInput } from './decide/index.js';
import { evolveInput } from './evolve/index.js';
import type { ColdSink } from './fold.js';
import { Indexes } from './indexes/indexes.js';
import { eventsOf, flowsMovedBy, leasesAgain } from './input-weight.js';
import {
  DEFAULT_POLICY,
  MAX_EVENTS_BEFORE_PLAN,
  MAX_INPUTS_PER_TURN,
  MAX_RUNNING_TIMER_EVENTS,
  MIN_CONTINUATION_EVENTS,
} from './limits.js';
import { type ColdView, OpenTurn } from './open-turn.js';
import { plan } from './planner/plan.js';
import { State } from './rows/state.js';
import { fireJournalTimers, fireRunningTimers, forgetDue, forgetExecutors } from './timers.js';

/** What a turn is computed from. */
export interface TurnRequest {
  /** Number of the turn. */
  readonly turn: number;
  /** Journal time in ms; never below that of the turn before. */
  readonly at: number;
  /** Sum of the gaps in which the fabric could not act, in ms. */
  readonly stoppedMs: number;
  /** Facts of the shell: LeaderElected, LeaderResigned, TimeLeapt, InputsLost. Their order is that of their effects. */
  readonly shell: readonly EventEntry[];
  /** Inputs in order; the turn takes as many of them as it has room for. */
  readonly inputs: readonly InputEntry[];
  /** The callbacks had been read to the end that was known when the turn began. */
  readonly caughtUp: boolean;
  /** Highest turn whose projections are all acknowledged. */
  readonly published: number;
  /** Told when the planning begins and when it has ended: for measuring, it decides nothing. */
  readonly onPlan?: () => void;
}

/** What a turn came to. The caller appends it to the journal, and then tells the kernel: `accept`, or `undo`. */
export interface TurnResult {
  readonly entries: readonly AnyEntry[];
  /** How many of the inputs were taken. */
  readonly taken: number;
  /** The plan stopped for room: there is more to dispatch. */
  readonly full: boolean;
  /** Cursors wait in line: another turn has work even without inputs. */
  readonly unfinished: boolean;
  /** Policy in force at the end. */
  readonly policy: string;
  /** The state hash after the turn, 16 bytes. */
  readonly stateHash: Uint8Array;
}

export class Kernel {
  readonly state = new State();
  readonly indexes = new Indexes(this.state);
  private planAgainAt = Number.POSITIVE_INFINITY;

  /** Computes and applies one turn. `coldView` holds what `needs` asked for; cold rows that it makes go to `cold`. */
  turn(request: TurnRequest, coldView: ColdView, cold: ColdSink): TurnResult {
    const t = new OpenTurn(
      this.state,
      this.indexes,
      request.turn,
      request.at,
      request.at - request.stoppedMs,
      coldView,
      cold,
    );
    const timeOuts = this.indexes.timers.timeOuts(t.running);
    const waiting = this.indexes.cursors.length;
    for (const entry of request.shell) {
      t.cause = CauseCode.shell;
      t.emit(entry.code, entry.body as never);
    }
    forgetDue(t, request.published);
    forgetExecutors(t);
    fireJournalTimers(t);
    const before = t.events;
    runContinuations(t, before + MIN_CONTINUATION_EVENTS);
    const continued = t.events - before;
    const leftBeside = (inputs: number): number => Math.max(0, shareOfContinuations(inputs, waiting) - continued);
    const taken = takeInputs(t, request.inputs, leftBeside);
    fireRunningTimers(t, request.caughtUp && taken === request.inputs.length, timeOuts);
    runContinuations(t, Math.min(MAX_EVENTS_BEFORE_PLAN + MAX_RUNNING_TIMER_EVENTS, t.events + leftBeside(taken)));
    plan(t);
    const planned = t.events;
    releaseDue(t);
    // What is released behind the plan has not been planned, and there may be more of it.
    this.planAgainAt = t.events > planned || this.indexes.held.isDue() ? t.at : t.planAgainAt;
    this.state.commit();
    this.indexes.timers.compact();
    return {
      entries: t.entries,
      taken,
      full: t.full,
      unfinished: this.indexes.cursors.length > 0,
      policy: this.policy(),
      stateHash: this.state.hash.toBytes(),
    };
  }

  /** Policy in force. */
  policy(): string {
    return this.state.cell.c.policy[this.state.cellRow] || DEFAULT_POLICY;
  }

  /** The oldest turn that waits is in the journal. */
  accept(): void {
    this.state.accept();
  }

  /** The newest turn came to nothing and is not recorded. */
  discard(): void {
    this.state.discard();
  }

  /** No waiting turn will ever be in the journal: the rows go back, the indexes are made afresh. */
  undo(): void {
    this.state.undo();
    this.indexes.rebuild();
  }

  /** The earliest moment at which time alone has work for a turn, in journal time; infinity when there is none. */
  nextAt(stoppedMs: number): number {
    return Math.min(this.indexes.timers.nextAt(stoppedMs), this.#nextBesideTimers());
  }

  /** The same without ends of sessions and reclaiming: for who hears all executors all the time, and reclaims no slots. */
  nextWhileHeard(stoppedMs: number): number {
    return Math.min(this.indexes.timers.nextBesideSessions(stoppedMs), this.#nextBesideTimers());
  }

  #nextBesideTimers(): number {
    const { retired, departed } = this.indexes;
    return Math.min(retired.nextAt(), departed.nextAt(), this.planAgainAt);
  }
}

/**
 * Takes inputs in order while there is room for what they cause, and for the events that continuations, if any wait,
 * may still use beside so many of them; the first one is always taken.
 */
function takeInputs(t: OpenTurn, inputs: readonly InputEntry[], leftBeside: (inputs: number) => number): number {
  const { cursors: line } = t.indexes;
  const most = Math.min(inputs.length, MAX_INPUTS_PER_TURN);
  let taken = 0;
  let moved = 0;
  const registered = new Set<string>();
  while (taken < most) {
    const input = inputs[taken]!;
    const kept = line.length === 0 ? 0 : leftBeside(taken);
    moved += flowsMovedBy(t.state, input) + leasesAgain(t.state, input, registered);
    if (taken > 0 && t.events + moved + eventsOf(input) + kept > MAX_EVENTS_BEFORE_PLAN) break;
    t.cause = t.entries.length;
    t.input = input;
    t.entries.push(input);
    const repeatOf = repeatedInput(t, input);
    if (repeatOf === 0) evolveInput(t);
    decide(t, input, repeatOf);
    taken += 1;
  }
  return taken;
}
