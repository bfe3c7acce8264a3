/**
 * Watches jobs while a history is folded, and writes down why each of them wasn't dispatched. Time passes only between
 * turns: what holds a job up after a turn holds it up until the next one. So the reasons after the turns, each with
 * the time to the next, are the whole wait, and sum exactly to it.
 */

import { Code, EvidenceField, JobState } from '../../src/catalogue/generated/codes.js';
import type { EventEntry, SubmitDag, TurnRecord } from '../../src/catalogue/generated/types.js';
import { madeOnce } from '../../src/catalogue/made-once.js';
import { hasReservation } from '../../src/kernel/evolve/classes.js';
import { competes } from '../../src/kernel/evolve/flows.js';
import type { JobRef } from '../../src/kernel/explain/index.js';
import { Together } from '../../src/kernel/explain/together.js';
import type { KeyValue } from '../../src/kernel/policy/policy.js';
import type { Visitor } from '../fold.js';
import type { ScratchFold } from '../scratch-fold.js';
import { choiceOf, rowOf } from './choice.js';
import { type After, Holds, type Stretch } from './holds.js';
import { onOf } from './on.js';
import type { Wait, WaitReason, WaitStart } from './wait.js';
import { WaitRecord } from './wait-record.js';

/** Reasons with which a job would run if others didn't hold slots of its class. */
const FOR_SLOTS: ReadonlySet<WaitReason> = new Set([
  'no-free-slot',
  'class-limit',
  'slot-reclaiming',
  'reserved-for-short-work',
  'reserved-for-wide',
  'waiting-for-reservation',
]);

/** A job that is watched. */
interface Watched extends JobRef {
  readonly spec: SubmitDag;
  /** Indexes of the jobs before it. */
  readonly after: readonly number[];
  /** What it waited for before this moment nobody asks. */
  readonly sinceMs: number;
  record: WaitRecord | null;
  /** What holds it up, and since when: null until the end of a turn. */
  reason: WaitReason;
  on: string | null;
  since: After | null;
  /** The class of which it waits for slots; 0: it doesn't. */
  classSeq: number;
  stretches: Stretch[];
}

/** A job that is to be watched. */
export interface WatchedJob {
  readonly job: JobRef;
  readonly spec: SubmitDag;
  /** The place of its specification in the submission: a child's is that of its fan-out. */
  readonly own: number;
  /** What it waited for before this moment nobody asks. */
  readonly sinceMs?: number;
}

export interface WaitsOptions {
  /**
   * For many jobs: of those who held slots only the first is told, nobody who was dispatched before, and by which rule
   * others came first only where nobody held any.
   */
  readonly isBrief?: boolean;
}

/** The fold must follow. */
export class Waits implements Visitor {
  readonly waits: Wait[] = [];
  readonly #byDag = new Map<number, Map<number, Watched>>();
  readonly #waiting = new Set<Watched>();
  readonly #holds = new Holds();
  readonly #isBrief: boolean;
  #now: After = { turn: 0, at: 0 };
  #stoppedMs = 0;
  #lanes: { readonly record: TurnRecord; readonly byToken: ReadonlyMap<number, number> } | null = null;

  constructor({ isBrief = false }: WaitsOptions = {}) {
    this.#isBrief = isBrief;
  }

  /**
   * Watches a job from the event of a turn on that makes it. A child that is made anew may be in the place of an earlier
   * one, and goes on counting its attempts.
   */
  watch({ job, spec, own, sinceMs = 0 }: WatchedJob, what: WaitStart, record: TurnRecord, fold: ScratchFold): void {
    const places = new Map(spec.jobs.map(({ id }, index) => [id, index]));
    const after = own === job.job ? spec.jobs[own]!.after.map((id) => places.get(id)!) : [];
    const nothing = { reason: 'turn-full', on: null, since: null, classSeq: 0 } as const;
    const { dag, job: index } = job;
    const watched: Watched = { dag, job: index, spec, after, sinceMs, record: null, ...nothing, stretches: [] };
    const jobs = madeOnce(this.#byDag, dag, () => new Map<number, Watched>());
    const earlier = jobs.get(index);
    if (earlier !== undefined) this.#waiting.delete(earlier);
    jobs.set(index, watched);
    const row = rowOf(fold, job);
    this.#begin(watched, row === 0 ? 1 : fold.state.jobs.c.attempt[row]! + 1, record, what);
  }

  before(record: TurnRecord): void {
    const gap = Math.min(record.at - this.#now.at, Math.max(0, record.stoppedMs - this.#stoppedMs));
    this.#now = { turn: record.turn, at: record.at };
    this.#stoppedMs = record.stoppedMs;
    if (gap <= 0) return;
    for (const watched of this.#waiting) {
      this.#settle(watched, record.at - gap);
      watched.record!.add(record.at - gap, record.at, 'fabric-stopped', null);
    }
  }

  event(entry: EventEntry, record: TurnRecord, fold: ScratchFold): void {
    switch (entry.code) {
      case Code.LeaseGranted:
        return this.#leased(entry.body, record, fold);
      case Code.JobFailed:
      case Code.JobTimedOut:
        // One may fail for good without having been dispatched: a fan-out over what isn't a list.
        if (entry.body.final) return this.#ended(entry.body, record);
        return this.#again(entry.body, record, fold, 'attempt-ended');
      case Code.JobReleased:
        // Given back, no attempt was used: the next lease has the same number.
        return this.#again(entry.body, record, fold, 'attempt-ended', entry.body.reason === 'returned' ? 0 : 1);
      case Code.JobReopened:
        return this.#again(entry.body, record, fold, 'reopened');
      case Code.JobCancelled:
      case Code.JobSkipped:
      case Code.JobSucceeded:
        return this.#ended(entry.body, record);
      default:
    }
  }

  after(_: TurnRecord, fold: ScratchFold): void {
    if (this.#waiting.size === 0) return this.#holds.forget();
    this.#holds.after(fold);
    const together = new Together(fold.scene, !this.#isBrief);
    for (const watched of this.#waiting) {
      if (this.#now.at >= watched.sinceMs) this.#explain(watched, together, fold);
      watched.since ??= this.#now;
    }
  }

  /** What still waits at the end of the history. */
  finish(): void {
    for (const watched of this.#waiting) this.#end(watched, null, this.#now.at);
  }

  #explain(watched: Watched, together: Together, fold: ScratchFold): void {
    const dag = fold.state.dags.find(watched.dag);
    const job = dag === 0 ? 0 : fold.state.space.handle(dag, watched.job);
    if (job === 0) return;
    const ofJob = fold.state.jobs.c.class[job]!;
    const asksAhead = !this.#isBrief || !this.#holds.areAny(ofJob);
    const blocked = together.explain(dag, job, watched.after, asksAhead);
    if (blocked === null || blocked.reason === 'lease-in-force') return;
    const { reason } = blocked;
    const on = reason === 'no-free-slot' && !asksAhead ? null : onOf(blocked, watched.spec, watched.job, fold);
    const classSeq = FOR_SLOTS.has(reason) ? ofJob : 0;
    if (reason === watched.reason && on === watched.on && classSeq === watched.classSeq) return;
    this.#settle(watched, this.#now.at);
    Object.assign(watched, { reason, on, classSeq });
    if (classSeq !== 0) this.#holds.follow(classSeq, fold);
  }

  /** What held it up did so until now, or until the fabric stopped. */
  #settle(watched: Watched, untilMs: number): void {
    const { since, reason, on, classSeq } = watched;
    watched.since = null;
    if (since === null) return;
    watched.record!.add(since.at, untilMs, reason, on);
    if (classSeq !== 0) watched.stretches.push({ classSeq, from: since, to: { turn: this.#now.turn, at: untilMs } });
  }

  #begin(watched: Watched, attempt: number, record: TurnRecord, what: WaitStart): void {
    watched.record = new WaitRecord({ dag: watched.dag, job: watched.job }, attempt, {
      turn: record.turn,
      atMs: record.at,
      what,
    });
    Object.assign(watched, { reason: 'turn-full', on: null, since: null, classSeq: 0, stretches: [] });
    this.#waiting.add(watched);
  }

  #end(watched: Watched, to: Wait['to'], untilMs: number): void {
    this.#settle(watched, this.#now.at);
    const held = this.#holds.during(watched.stretches, this.#isBrief ? 1 : Number.POSITIVE_INFINITY);
    this.waits.push(watched.record!.end(to, untilMs, held));
    watched.record = null;
    this.#waiting.delete(watched);
  }

  #find({ dag, job }: JobRef): Watched | undefined {
    return this.#byDag.get(dag)?.get(job);
  }

  #leased(body: JobRef & { readonly token: number }, record: TurnRecord, fold: ScratchFold): void {
    const own = this.#find(body);
    if (own?.record) this.#end(own, { turn: record.turn, atMs: record.at, token: body.token }, record.at);
    if (this.#isBrief) return;
    const classSeq = fold.state.jobs.c.class[rowOf(fold, body)]!;
    for (const watched of this.#waiting) this.#overtaken(watched, body, classSeq, record, fold);
  }

  /** Another job of the class leaves first: by which field of the key, if the watched one competes too. */
  #overtaken(
    watched: Watched,
    winner: JobRef & { readonly token: number },
    classSeq: number,
    record: TurnRecord,
    fold: ScratchFold,
  ): void {
    const { state, kernel } = fold;
    const job = rowOf(fold, watched);
    if (state.jobs.c.state[job] !== JobState.ready || state.jobs.c.class[job] !== classSeq) return;
    // The ready jobs of a DAG that is paused, held or ending are in nobody's way.
    if (!competes(fold, state.dags.find(watched.dag))) return;
    const lane = this.#laneOf(record, winner.token);
    const first = choiceOf(fold, winner, lane);
    const second = choiceOf(fold, watched, null);
    const { policy } = kernel.indexes;
    policy.advance(record.at);
    const { field, value: own } = policy.compare(first, second);
    const { value } = policy.compare(second, first);
    const { dag, job: index } = winner;
    // One that comes later by the key had room, and the watched one had not.
    let rule = isWon(policy.keyOf(first), field, value, own) ? field : EvidenceField.none;
    if (hasReservation(state, state.classes.find(classSeq), winner.dag, winner.job)) rule = EvidenceField.reservation;
    watched.record!.overtaken(rule, { dag, job: index, atMs: record.at, value, own });
  }

  /** The lane of a lease's dispatch, which stands a little after it in the turn. */
  #laneOf(record: TurnRecord, token: number): number {
    if (this.#lanes?.record !== record) this.#lanes = { record, byToken: lanesOf(record) };
    const lane = this.#lanes.byToken.get(token);
    if (lane === undefined) throw new Error(`assertion failed: lease ${token} without a dispatch in its turn`);
    return lane;
  }

  /** A job that had a lease, or had ended, waits again: for the attempt that is so many after the last one. */
  #again(ref: JobRef, record: TurnRecord, fold: ScratchFold, what: WaitStart, more = 1): void {
    const watched = this.#find(ref);
    if (watched === undefined) return;
    // A fan-out is reopened once more where it turns out to make its children anew.
    const { from } = watched.record ?? {};
    if (what === 'reopened' && from?.what === what && from.turn === record.turn) return;
    if (watched.record !== null) this.#end(watched, null, record.at);
    this.#begin(watched, fold.state.jobs.c.attempt[rowOf(fold, ref)]! + more, record, what);
  }

  #ended(ref: JobRef, record: TurnRecord): void {
    const watched = this.#find(ref);
    if (watched?.record) this.#end(watched, null, record.at);
  }
}

/** Whether the first value of a field comes before the second; a lane, which no key has, always does. */
function isWon(key: readonly KeyValue[], field: number, value: number, other: number): boolean {
  const part = key.find((one) => one.field === field);
  return part === undefined || (part.descends ? value > other : value < other);
}

/** The lanes of a turn's dispatches by their leases' tokens. */
function lanesOf({ entries }: TurnRecord): Map<number, number> {
  const lanes = new Map<number, number>();
  for (const { code, body } of entries) if (code === Code.JobDispatched) lanes.set(body.token, body.evidence.lane);
  return lanes;
}
