/**
 * Watches jobs while a history is folded, and writes down why each of them wasn't dispatched. Time passes only between
 * turns: what holds a job up after a turn holds it up until the next one. So the reasons after the turns, each with
 * the time to the next, are the whole wait, and sum exactly to it.
 */
import { Code, EvidenceField, JobState } from '../../src/catalogue/generated/codes.js';
import type { EventEntry, SubmitDag, TurnRecord } from '../../src/catalogue/generated/types.js';
import { hasReservation } from '../../src/kernel/evolve/classes.js';
import { competes } from '../../src/kernel/evolve/flows.js';
import { type Blocked, explain, type JobRef } from '../../src/kernel/explain/index.js';
import { classOfLease } from '../../src/kernel/fold.js';
import type { KeyValue } from '../../src/kernel/policy/policy.js';
import type { Visitor } from '../fold.js';
import type { ScratchFold } from '../scratch-fold.js';
import { choiceOf, rowOf } from './choice.js';
import { onOf } from './on.js';
import type { Wait, WaitReason, WaitStart } from './wait.js';
import { type Holding, WaitRecord } from './wait-record.js';

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
  record: WaitRecord | null;
  /** What holds it up since the last turn. */
  reason: WaitReason;
  on: string | null;
  holdings: readonly Holding[];
}

/** The fold must follow. */
export class Waits implements Visitor {
  readonly waits: Wait[] = [];
  readonly #byDag = new Map<number, Map<number, Watched>>();
  readonly #onWait: (wait: Wait) => void;
  #at = 0;
  #stoppedMs = 0;
  #lanes: { readonly record: TurnRecord; readonly byToken: ReadonlyMap<number, number> } | null = null;

  /** `onWait` is told of each wait when it ends; they are in `waits` as well. */
  constructor(onWait: (wait: Wait) => void = () => undefined) {
    this.#onWait = onWait;
  }

  /**
   * Watches a job from the event on that makes it. `own` is the place of its specification in the submission: a child's
   * fan-out. A child that is made anew may be in the place of an earlier one, and goes on counting its attempts.
   */
  watch(job: JobRef, spec: SubmitDag, own: number, record: TurnRecord, what: WaitStart, fold: ScratchFold): void {
    const places = new Map(spec.jobs.map(({ id }, index) => [id, index]));
    const after = own === job.job ? spec.jobs[own]!.after.map((id) => places.get(id)!) : [];
    const watched: Watched = { ...job, spec, after, record: null, reason: 'turn-full', on: null, holdings: [] };
    const jobs = this.#byDag.get(job.dag) ?? new Map<number, Watched>();
    this.#byDag.set(job.dag, jobs.set(job.job, watched));
    const row = rowOf(fold, job);
    this.#begin(watched, row === 0 ? 1 : fold.state.jobs.c.attempt[row]! + 1, record, what);
  }

  before(record: TurnRecord): void {
    for (const watched of this.#waiting()) {
      const gap = Math.min(record.at - this.#at, Math.max(0, record.stoppedMs - this.#stoppedMs));
      const goesOn = record.at - gap;
      watched.record!.add(this.#at, goesOn, watched.reason, watched.on);
      watched.record!.add(goesOn, record.at, 'fabric-stopped', null);
      if (FOR_SLOTS.has(watched.reason)) watched.record!.held(watched.holdings, goesOn - this.#at);
    }
    this.#at = record.at;
    this.#stoppedMs = record.stoppedMs;
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

  after(record: TurnRecord, fold: ScratchFold): void {
    const holdings = new Map<number, readonly Holding[]>();
    for (const watched of this.#waiting()) {
      const blocked = this.#blocked(watched, fold);
      if (blocked === null || blocked.reason === 'lease-in-force') continue;
      watched.reason = blocked.reason;
      watched.on = onOf(blocked, watched.spec, watched.job, fold);
      if (!FOR_SLOTS.has(blocked.reason)) continue;
      const classSeq = fold.state.jobs.c.class[rowOf(fold, watched)]!;
      if (!holdings.has(classSeq)) holdings.set(classSeq, holdingsOf(fold, classSeq));
      watched.holdings = holdings.get(classSeq)!;
    }
    this.#at = record.at;
  }

  /** What still waits at the end of the history. */
  finish(): void {
    for (const watched of this.#waiting()) this.#end(watched, null, this.#at);
  }

  *#waiting(): Generator<Watched, void, void> {
    for (const jobs of this.#byDag.values()) {
      for (const watched of jobs.values()) if (watched.record !== null) yield watched;
    }
  }

  #blocked(watched: Watched, fold: ScratchFold): Blocked | null {
    const dag = fold.state.dags.find(watched.dag);
    const job = rowOf(fold, watched);
    return dag === 0 || job === 0 ? null : explain(fold.scene, dag, job, watched.after);
  }

  #begin(watched: Watched, attempt: number, record: TurnRecord, what: WaitStart): void {
    watched.record = new WaitRecord({ dag: watched.dag, job: watched.job }, attempt, {
      turn: record.turn,
      atMs: record.at,
      what,
    });
    watched.reason = 'turn-full';
    watched.on = null;
  }

  #end(watched: Watched, to: Wait['to'], untilMs: number): void {
    const wait = watched.record!.end(to, untilMs);
    watched.record = null;
    this.waits.push(wait);
    this.#onWait(wait);
  }

  #find({ dag, job }: JobRef): Watched | undefined {
    return this.#byDag.get(dag)?.get(job);
  }

  #leased(body: JobRef & { readonly token: number }, record: TurnRecord, fold: ScratchFold): void {
    const own = this.#find(body);
    if (own?.record) this.#end(own, { turn: record.turn, atMs: record.at, token: body.token }, record.at);
    const classSeq = fold.state.jobs.c.class[rowOf(fold, body)]!;
    for (const watched of this.#waiting()) this.#overtaken(watched, body, classSeq, record, fold);
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

/** Who holds slots of a class now, by token. */
function holdingsOf({ state }: ScratchFold, classSeq: number): Holding[] {
  const { leases } = state;
  const found: Holding[] = [];
  for (let row = 1; row < leases.table.high; row++) {
    if (!leases.table.isLive(row) || leases.c.state[row] === 0 || classOfLease(state, row) !== classSeq) continue;
    found.push({ dag: leases.c.dag[row]!, job: leases.c.job[row]!, slots: leases.c.moreSlots[row]! + 1 });
  }
  return found;
}
