/**
 * Plays the executors of a cell under a virtual clock: they register, keep their sessions, and answer what is dispatched
 * to them. A simulation and a history that is played again differ in how attempts end only.
 */
import { inputOf } from '../../catalogue/caused.js';
import { Code } from '../../catalogue/generated/codes.js';
import type { AnyEntry, BodyOf, LeaseRef, RegisterExecutor } from '../../catalogue/generated/types.js';
import { MAX_SESSION_MS } from '../../kernel/limits.js';
import type { State } from '../../kernel/rows/state.js';
import { Answers } from './answers.js';
import { FanBases } from './fan-bases.js';
import type { Dispatched, Ending } from './world.js';

/** How an attempt ends; null: not by itself. Asked once for each. */
export type EndingOf = (attempt: Dispatched) => Ending | null;

/**
 * With nothing to come and nothing running, a cell is given up after so much journal time without a dispatch: enough for
 * most deadlines to pass, so that what will never end is told as missed.
 */
const STALLED_MS = 24 * 3600 * 1000;

export class ExecutorPlay {
  readonly answers: Answers;
  /** When the next heartbeats are due; infinity: nobody sends any. */
  beatAt = Number.POSITIVE_INFINITY;
  /** Those that are there, by their sequence number. */
  readonly #live = new Map<number, RegisterExecutor>();
  readonly #seqs = new Map<string, number>();
  readonly #bases = new FanBases();
  #dispatchedAt = 0;

  /** `stopOrder`: the place of answers of executors that were told to stop. */
  constructor(
    private readonly state: State,
    private readonly endingOf: EndingOf,
    stopOrder: number,
  ) {
    this.answers = new Answers(stopOrder);
  }

  /**
   * From when on nothing will ever happen to what is open, when nothing has come since a moment and nothing ever will;
   * infinity while something runs.
   */
  stalledAt(since: number): number {
    if (this.answers.running > 0) return Number.POSITIVE_INFINITY;
    return Math.max(since, this.#dispatchedAt) + STALLED_MS + 1;
  }

  /** A registration as its executor makes it: it lists what it runs, unless it has begun anew. */
  registration(body: RegisterExecutor): RegisterExecutor {
    const seq = this.#seqs.get(body.executor);
    const isSame = seq !== undefined && this.#live.get(seq)?.incarnation === body.incarnation;
    if (!isSame && body.held.length === 0) return body;
    return { ...body, held: seq === undefined ? [] : this.answers.heldBy(seq) };
  }

  /** The heartbeats that are due: well before the shortest session ends. */
  heartbeats(at: number): readonly BodyOf<typeof Code.Heartbeat>[] {
    if (at < this.beatAt) return [];
    const live = [...this.#live.values()];
    this.beatAt = at + beatMs(live);
    return live.map(({ executor, incarnation }) => ({ executor, incarnation }));
  }

  /** Executors are heard from a moment on. */
  beatFrom(at: number): void {
    this.beatAt = at;
  }

  /** Takes from a turn who is there, and under which number; and where children of fan-outs begin. */
  followSessions(entries: readonly AnyEntry[]): void {
    for (const entry of entries) {
      if (entry.code === Code.ExecutorRegistered) {
        this.#registered(entry.body.executor, inputOf(Code.RegisterExecutor, entry, entries));
      } else if (entry.code === Code.ExecutorDeregistered || entry.code === Code.ExecutorLost) {
        this.#live.delete(entry.body.executor);
      } else if (entry.code === Code.JobsFannedOut) this.#bases.take(entry.body);
    }
  }

  /** Does what a turn asks: attempts begin, and leases that ended let go of their slots. */
  followLeases(at: number, entries: readonly AnyEntry[]): void {
    for (const entry of entries) {
      switch (entry.code) {
        case Code.LeaseGranted:
          this.#granted(entry.body, at);
          break;
        case Code.SlotReclaiming:
          this.answers.stop(entry.body.token, at);
          break;
        case Code.SlotReleased:
        case Code.SlotWithdrawn:
          this.answers.release(entry.body.token);
          break;
        default:
      }
    }
  }

  /** An attempt begins, or has begun before `now`: then it is answered now at the earliest. */
  begin(lease: LeaseRef, executor: number, at: number, now = at): void {
    const job = this.#jobOf(lease);
    this.answers.hold({ lease, slots: job.slots }, executor);
    const ending = this.endingOf({ lease, ...job, executor, at });
    if (ending === null) return;
    this.answers.expect(lease.token, Math.max(now, at + ending.afterMs), ending.order, ending.terminal);
  }

  /** An attempt whose lease has ended before, and whose executor stops now. */
  stopping(lease: LeaseRef, executor: number, at: number): void {
    this.answers.hold({ lease, slots: this.#jobOf(lease).slots }, executor);
    this.answers.stop(lease.token, at);
  }

  #granted({ token, dag, job, attempt, executor }: LeaseRef & { readonly executor: number }, at: number): void {
    this.#dispatchedAt = at;
    this.begin({ dag, job, attempt, token }, executor, at);
  }

  #registered(seq: number, body: RegisterExecutor): void {
    this.#live.set(seq, body);
    this.#seqs.set(body.executor, seq);
  }

  #jobOf({ dag, job }: LeaseRef): Pick<Dispatched, 'spec' | 'child' | 'making' | 'slots' | 'estimateMs'> {
    const { dags, fans, jobs, space } = this.state;
    const row = space.handle(dags.find(dag), job);
    const parent = jobs.c.parent[row]! - 1;
    const slots = jobs.c.moreSlots[row]! + 1;
    const estimateMs = jobs.c.estimateMs[row]!;
    if (parent < 0) return { spec: job, child: null, making: 0, slots, estimateMs };
    const base = fans.c.base[fans.find(dag, parent)]!;
    return { spec: parent, child: job - base, making: this.#bases.makingOf(dag, parent, base), slots, estimateMs };
  }
}

/** How long after heartbeats the next ones come. */
function beatMs(live: readonly RegisterExecutor[]): number {
  const shortest = live.reduce((least, { sessionMs }) => Math.min(least, sessionMs), MAX_SESSION_MS);
  return Math.max(1, Math.floor(shortest / 2));
}
