import { CauseCode, Code } from '../catalogue/generated/codes.js';
import type { BodyOf, EventEntry } from '../catalogue/generated/types.js';
import { messageOf } from '../catalogue/thrown.js';
import { FateOpen, type InputSource, type LostInputs, NotReady, type Pending } from '../inbox/port.js';
import type { Journal } from '../journal/port.js';
import type { Kernel } from '../kernel/kernel.js';
import type { Publisher } from '../outbox/port.js';
import { answer, refuse } from './answer.js';
import { fetchNeeds } from './fetch.js';
import type { Clocks, LoopTimers } from './ports.js';
import { type FoldPosition, noteEnds } from './recovery.js';
import type { ColdRows } from './rows/cold.js';
import type { Batch, Materializer } from './rows/materializer.js';
import { type BatchLimits, StoreWriter } from './rows/store-writer.js';
import { Gaps } from './time/gaps.js';
import { JournalTime } from './time/journal-time.js';
import { orAfter } from './time/or-after.js';
import { Sleeper } from './time/sleeper.js';
import { type StallWatch, watchStalls } from './time/stalls.js';
import { Stopwatch } from './time/stopwatch.js';
import { type SealedTurn, TurnChain } from './turn-chain.js';
import { TurnSize } from './turn-size.js';

/** What a leader is made of. */
export interface LeaderParts {
  readonly cell: string;
  readonly kernel: Kernel;
  readonly journal: Journal;
  readonly inbox: InputSource;
  readonly outbox: Publisher;
  readonly cold: ColdRows;
  readonly materializer: Materializer;
  readonly clocks: Clocks;
  readonly timers: LoopTimers;
  /** Random per process, 16 bytes. */
  readonly writer: Uint8Array;
  /** How often the journal is forced to the disk, as it is recorded: 0 every turn, -1 never, else every so many ms. */
  readonly syncEveryMs: number;
  /** After so many ms without a turn an empty one is written, so that standbys hear of this leader; never without it. */
  readonly idleMs?: number;
  /**
   * How long a large turn waits for the append before it, in ms, until it is computed; not at all without it. Computing it
   * keeps the thread, and nobody hears of a turn that became durable meanwhile: where an append is quick, senders and
   * executors have something to do while the next turn is computed.
   */
  readonly appendWaitMs?: number;
  /** When the store is written; the usual limits without it. */
  readonly batches?: BatchLimits;
  /** Called once when the leader can't go on: the journal or the store has failed, or an assertion has. */
  readonly onFatal: (error: Error) => void;
}

/** A turn on its way into the journal, and what is done when it is there. */
interface Computed extends SealedTurn {
  readonly pending: readonly Pending[];
  readonly batch: Batch | null;
  readonly stopwatch: Stopwatch;
}

/** Bytes of inputs in a turn, about; a larger single input travels alone. */
const MAX_INPUT_BYTES = 1024 * 1024;
/** Inputs from which on computing a turn takes longer than an append to a disk: some ms. */
const LARGE_TURN = 256;
/** How long the loop sleeps at most, in ms. */
const MAX_SLEEP_MS = 60_000;
/** While callbacks are known of that have not been read, time is looked at again after so many ms. */
const UNREAD_MS = 5;

/**
 * The leader's loop: takes the inputs that are there, computes a turn, appends it, and tells those whom it concerns
 * only when it is durable. While one turn is being appended the next is computed; load makes turns larger, not more.
 */
export class Leader {
  readonly #parts: LeaderParts;
  readonly #time: JournalTime;
  readonly #chain: TurnChain;
  readonly #store: StoreWriter;
  readonly #sleeper: Sleeper;
  readonly #gaps = new Gaps();
  readonly #size = new TurnSize();
  #stalls: StallWatch | null = null;
  readonly #epoch: number;
  /** Sum of the gaps in which the fabric could not act, in ms. */
  #stoppedMs: number;
  #shell: EventEntry[] = [];
  /** When the last turn was computed, by the monotonic clock. */
  #computedAt: number;
  #unfinished = true;
  #full = false;
  #stopping = false;
  #failure: Error | null = null;
  #appending: Promise<void> = Promise.resolve();
  /** When the append that is under way began, by the monotonic clock; infinity while none is. */
  #appendingFrom = Number.POSITIVE_INFINITY;
  #started: Promise<void> | null = null;
  #done: Promise<void> | null = null;
  /** Called with the ms of every append, for metrics. */
  onAppend: (ms: number) => void = () => undefined;

  /** Begins a reign on a journal that was folded up to `at`. */
  constructor(parts: LeaderParts, at: FoldPosition) {
    this.#parts = parts;
    const { cell, writer, syncEveryMs, clocks, timers } = parts;
    const head = parts.journal.head();
    this.#epoch = head.epoch + 1;
    this.#chain = new TurnChain({ cell, epoch: this.#epoch, writer, syncEveryMs }, head);
    this.#sleeper = new Sleeper(timers);
    this.#store = new StoreWriter({
      ...parts,
      onStored: this.#sleeper.wake,
      onError: (error) => this.#fail(error),
    });
    const start = Math.max(head.at, Math.floor(clocks.wallMs()));
    this.#time = new JournalTime(clocks, start);
    this.#computedAt = clocks.monotonicMs();
    const gap = head.turn === 0 ? 0 : start - head.at;
    this.#stoppedMs = at.stoppedMs + gap;
    this.#noteElected(start, gap);
  }

  /** Number of the last turn that was computed; reads of the fold stand for it. */
  get turn(): number {
    return this.#chain.head.turn;
  }

  get epoch(): number {
    return this.#epoch;
  }

  /** Journal time of the last computed turn, in ms. */
  get atMs(): number {
    return this.#chain.head.at;
  }

  /** Journal time now, in ms; it goes on while no turn is computed. */
  get nowMs(): number {
    return this.#time.peek();
  }

  /** For how long the journal has had the turn that it takes, in ms; 0 where it has none. */
  get undurableMs(): number {
    return Math.max(0, this.#parts.clocks.monotonicMs() - this.#appendingFrom);
  }

  /** By how much the wall clock is ahead of journal time now, in ms; below zero if it is behind. */
  get clockAheadMs(): number {
    return this.#time.aheadMs();
  }

  /** Takes inputs and runs until `stop`. Resolves when the first turn of the reign is durable, rejects if it can't be. */
  start(): Promise<void> {
    this.#started ??= this.#begin();
    return this.#started;
  }

  /** Ends the reign: the turn under way is finished, LeaderResigned is written, the store is brought up to date. */
  async stop(reason = 'the fabric is stopping'): Promise<void> {
    this.#stopping = true;
    this.#parts.inbox.close(reason);
    this.#sleeper.wake();
    await this.#started?.catch(() => undefined);
    await this.#done;
  }

  async #begin(): Promise<void> {
    const { inbox, materializer } = this.#parts;
    inbox.onArrival = this.#sleeper.wake;
    // By a gap, who could not be heard has a whole session from now on.
    inbox.onUnheard = (from, to) => this.#gaps.note(from, to);
    materializer.onCrowded = this.#sleeper.wake;
    await this.#cycle();
    await this.#appending;
    if (this.#failure !== null) throw this.#failure;
    if (!this.#stopping) inbox.open(this.#chain.head.positions);
    this.#done = this.#run();
  }

  async #run(): Promise<void> {
    const { clocks, timers } = this.#parts;
    const onStall = (from: number, to: number): void => {
      this.#gaps.note(from, to);
      this.#sleeper.wake();
    };
    const stalls = watchStalls(clocks, timers, onStall);
    this.#stalls = stalls;
    try {
      while (!this.#isOver()) {
        await this.#untilWork();
        if (this.#isOver()) break;
        await this.#cycle();
        if (!this.#parts.inbox.isCaughtUp && this.#parts.inbox.waiting === 0) await this.#sleeper.sleep(UNREAD_MS);
        else await timers.pause();
      }
      await this.#appending;
      if (this.#failure === null) await this.#resign();
    } catch (error) {
      this.#fail(error);
    } finally {
      stalls.end();
      await this.#appending;
      await this.#store.settled();
    }
  }

  #isOver(): boolean {
    return this.#stopping || this.#failure !== null;
  }

  async #resign(): Promise<void> {
    this.#note(Code.LeaderResigned, { epoch: this.#epoch });
    await this.#cycle(true);
  }

  #noteElected(start: number, gapMs: number): void {
    const { cell, cellRow } = this.#parts.kernel.state;
    const noLossBeforeMs = start - this.#stoppedMs + cell.c.longestSessionMs[cellRow]!;
    this.#note(Code.LeaderElected, { epoch: this.#epoch, noLossBeforeMs });
    if (gapMs > 0) this.#note(Code.TimeLeapt, { gapMs });
  }

  #note<C extends EventEntry['code']>(code: C, body: BodyOf<C>): void {
    this.#shell.push({ code, cause: CauseCode.shell, body } as unknown as EventEntry);
  }

  /** Computes one turn and appends it as soon as the one before it is durable. */
  async #cycle(isLast = false): Promise<void> {
    await this.#hear();
    const computed = await this.#compute(isLast);
    await this.#appending;
    if (computed === null) return;
    if (this.#failure !== null) return refuse(computed.pending, new NotReady(failed(this.#failure)));
    this.#appending = this.#append(computed);
    if (!this.#store.isFull()) return;
    await this.#appending;
    await this.#store.settled();
  }

  /** Before a large turn is computed, who waits for the one before hears of it, if it is durable soon. */
  async #hear(): Promise<void> {
    const { appendWaitMs = 0, inbox, timers } = this.#parts;
    if (appendWaitMs === 0 || (inbox.waiting < LARGE_TURN && !this.#full)) return;
    await orAfter(this.#appending, appendWaitMs, timers);
  }

  async #compute(isLast: boolean): Promise<Computed | null> {
    const { inbox, cold, materializer } = this.#parts;
    materializer.evictNow();
    const pending = inbox.take(this.#size.next, MAX_INPUT_BYTES);
    const stopwatch = new Stopwatch(this.#parts.clocks);
    const release = cold.hold();
    try {
      return await this.#decide(pending, isLast, stopwatch);
    } catch (error) {
      refuse(pending, new NotReady(failed(error)));
      throw error;
    } finally {
      release();
    }
  }

  /** Fetches what the turn may read, and runs the kernel. Null if the turn is empty: it is not recorded. */
  async #decide(pending: readonly Pending[], isLast: boolean, stopwatch: Stopwatch): Promise<Computed | null> {
    const { kernel, inbox, cold, journal, outbox, materializer, clocks } = this.#parts;
    const at = this.#time.now();
    // Before gaps are taken and after: who is heard again in between has its session lengthened by the next turn. What
    // waited when the inbox was closed is in no turn.
    const wasCaughtUp = inbox.isCaughtUp && !this.#stopping;
    const lost = inbox.takeLost();
    const shell = this.#takeShell(at, lost);
    const inputs = pending.map(({ input }) => input);
    await fetchNeeds(kernel, cold, materializer, { inputs, at, stoppedMs: this.#stoppedMs });
    const caughtUp = wasCaughtUp && inbox.isCaughtUp;
    const published = Math.min(outbox.published(), journal.head().turn);
    const request = { turn: this.turn + 1, at, stoppedMs: this.#stoppedMs, shell, inputs, caughtUp, published };
    const began = clocks.monotonicMs();
    const result = kernel.turn({ ...request, onPlan: stopwatch.onPlan }, cold, cold.put);
    this.#unfinished = result.unfinished;
    this.#full = result.full;
    if (result.entries.length === 0 && this.#idleInMs() > 0) {
      kernel.discard();
      return null;
    }
    this.#computedAt = clocks.monotonicMs();
    const taken = pending.slice(0, result.taken);
    const sealed = this.#chain.seal(request, result, taken, lost);
    this.#size.adapt(pending.length, clocks.monotonicMs() - began);
    this.#noteEvents(sealed);
    inbox.giveBack(pending.slice(result.taken));
    const batch = this.#pack(sealed, isLast);
    stopwatch.computed();
    return { ...sealed, pending: taken, batch, stopwatch };
  }

  #takeShell(at: number, lost: readonly LostInputs[]): readonly EventEntry[] {
    // Before sessions end by this turn's time: nobody could be heard in a gap.
    this.#stalls?.look();
    // By no more than journal time has advanced, as running time never falls; what it had no room for would be lost.
    const roomMs = at - this.atMs;
    const gapMs = roomMs > 0 ? Math.min(roomMs, Math.floor(this.#gaps.take()) + this.#time.takeLeap()) : 0;
    if (gapMs > 0) {
      this.#stoppedMs += gapMs;
      this.#note(Code.TimeLeapt, { gapMs });
    }
    for (const range of lost) this.#note(Code.InputsLost, range);
    const shell = this.#shell;
    this.#shell = [];
    return shell;
  }

  /** What a turn's events mean for the shell. */
  #noteEvents({ record }: SealedTurn): void {
    for (const entry of record.entries) if (entry.code === Code.ClockAccepted) this.#time.accept(entry.body.clockAtMs);
    noteEnds(this.#parts.materializer, record.entries);
  }

  /** The rows as they stand after a turn, if a batch is due; with the last turn all that is left. */
  #pack({ record, hash }: SealedTurn, isLast: boolean): Batch | null {
    const mark = { turn: record.turn, hash, stateHash: record.stateHash };
    return isLast ? this.#store.pack(mark) : this.#store.packIfDue(mark);
  }

  async #append(computed: Computed): Promise<void> {
    const { journal, clocks } = this.#parts;
    this.#appendingFrom = clocks.monotonicMs();
    try {
      await journal.append(computed.bytes, computed.hash);
      const ended = clocks.monotonicMs();
      this.#gaps.note(this.#appendingFrom, ended);
      this.#accepted(computed, this.#appendingFrom, ended);
    } catch (error) {
      this.#fail(error);
      refuse(computed.pending, new FateOpen(failed(error)));
    }
  }

  /** A turn is durable: now it may be seen. */
  #accepted({ record, hash, pending, batch, stopwatch }: Computed, began: number, ended: number): void {
    const { kernel, outbox, cell } = this.#parts;
    const { epoch, turn, at, entries } = record;
    this.#appendingFrom = Number.POSITIVE_INFINITY;
    kernel.accept();
    // Dispatches go first: an executor that is free waits for nothing else.
    outbox.publish({ cell, epoch, turn, hash, atMs: at, entries, timings: stopwatch.appended(ended) });
    answer(pending, entries, turn, at);
    if (batch !== null) this.#store.write(batch);
    this.onAppend(ended - began);
    this.#sleeper.wake();
  }

  /** Resolves when there is something for a turn: an input, a cursor, room for the plan, a gap, or a due timer. */
  async #untilWork(): Promise<void> {
    const { inbox, kernel, materializer } = this.#parts;
    while (!this.#isOver()) {
      if (inbox.waiting > 0 || this.#unfinished || this.#full || this.#gaps.isOpen()) return;
      const ms = Math.min(kernel.nextAt(this.#stoppedMs) - this.#time.now(), this.#idleInMs());
      if (ms <= 0) return;
      if (materializer.isCrowded()) materializer.evictNow();
      await this.#sleeper.sleep(Math.min(MAX_SLEEP_MS, ms, this.#storeWhenIdle()));
    }
  }

  /** Ms until an empty turn is due; infinity where none is written. */
  #idleInMs(): number {
    const { idleMs = Number.POSITIVE_INFINITY, clocks } = this.#parts;
    return this.#computedAt + idleMs - clocks.monotonicMs();
  }

  /** While nothing happens, what is dirty is stored as of the last turn. Gives when to look again, in ms. */
  #storeWhenIdle(): number {
    const { state } = this.#parts.kernel;
    // As long as a turn waits for the journal, its rows must not be stored; its acceptance wakes the loop.
    if (state.waiting() > 0) return Number.POSITIVE_INFINITY;
    const ms = this.#store.dueInMs();
    if (ms > 0) return ms;
    const { turn, hash } = this.#chain.head;
    this.#store.write(this.#store.pack({ turn, hash, stateHash: state.hash.toBytes() }));
    return Number.POSITIVE_INFINITY;
  }

  #fail(error: unknown): void {
    if (this.#failure !== null) return;
    this.#failure = error instanceof Error ? error : new Error(String(error));
    this.#parts.inbox.close(failed(this.#failure));
    this.#sleeper.wake();
    this.#parts.onFatal(this.#failure);
  }
}

function failed(error: unknown): string {
  return `the fabric has failed: ${messageOf(error)}`;
}
