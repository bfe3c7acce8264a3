import { CauseCode, Code } from '../catalogue/generated/codes.js';
import type { EventEntry, TurnRecord } from '../catalogue/generated/types.js';
import { CATALOGUE_FINGERPRINT } from '../catalogue/generated/schemas.js';
import { turnHash } from '../catalogue/digest.js';
import { encodeTurn, TURN_FORMAT } from '../catalogue/turn.js';
import { answer, type EmbeddedInbox, type Pending } from '../inbox/embedded.js';
import type { Journal } from '../journal/port.js';
import type { Kernel, TurnResult } from '../kernel/kernel.js';
import { KERNEL_VERSION, MAX_INPUTS_PER_TURN } from '../kernel/limits.js';
import type { Needs } from '../kernel/needs.js';
import { needsOfCursors, needsOfInput, needsOfTimers, outputsOfCursors } from '../kernel/needs.js';
import type { EmbeddedOutbox } from '../outbox/embedded.js';
import type { ColdRows } from './cold.js';
import { JournalTime, LEAP_MS } from './journal-time.js';
import type { Batch, Materializer } from './materializer.js';
import type { Clocks, LoopTimers } from './ports.js';
import { type FoldPosition, noteEnds } from './recovery.js';

/** What a leader is made of. */
export interface LeaderParts {
  readonly cell: string;
  readonly kernel: Kernel;
  readonly journal: Journal;
  readonly inbox: EmbeddedInbox;
  readonly outbox: EmbeddedOutbox;
  readonly cold: ColdRows;
  readonly materializer: Materializer;
  readonly clocks: Clocks;
  readonly timers: LoopTimers;
  /** Random per process, 16 bytes. */
  readonly writer: Uint8Array;
  /** How often the journal is forced to the disk, as it is recorded: 0 every turn, -1 never, else every so many ms. */
  readonly syncEveryMs: number;
  /** Called once when the leader can't go on: the journal or the store has failed. */
  readonly onFatal: (error: Error) => void;
}

/** Durations of the parts of turns, for metrics. */
export interface TurnTimes {
  readonly entries: number;
  readonly appendMs: number;
}

interface Computed {
  readonly record: TurnRecord;
  readonly bytes: Uint8Array;
  readonly hash: Uint8Array;
  readonly pending: readonly Pending[];
  readonly batch: Batch | null;
}

/** Bytes of inputs in a turn, about; a larger single input travels alone. */
const MAX_INPUT_BYTES = 1024 * 1024;
/** The one source of inputs of an embedded fabric. */
const SOURCE = 'embedded';
/** Rows that may be dirty before a batch is written, and the time after which one is written anyway. */
const DIRTY_PER_BATCH = 50_000;
const BATCH_AFTER_MS = 500;
/** Dirty rows at which the loop waits for the store. */
const MAX_DIRTY = 1_000_000;
/** How often the loop looks whether the process was stalled, in ms. */
const WATCH_MS = 250;
/** How long the loop sleeps at most, in ms. */
const MAX_SLEEP_MS = 60_000;

/**
 * The leader's loop: takes the inputs that are there, computes a turn, appends it, and tells those whom it concerns
 * only when it is durable. While one turn is being appended the next is computed; load makes turns larger, not more.
 */
export class Leader {
  readonly #parts: LeaderParts;
  readonly #time: JournalTime;
  #turn: number;
  #hash: Uint8Array;
  #epoch: number;
  #position: number;
  #stoppedMs: number;
  #shell: EventEntry[] = [];
  #gapMs = 0;
  #unfinished = true;
  #full = false;
  #stopping: string | null = null;
  #failed = false;
  #wake: () => void = () => undefined;
  #appending: Promise<void> = Promise.resolve();
  #storing: Promise<void> | null = null;
  #lastBatchMs: number;
  #done: Promise<void> | null = null;
  /** Called after each accepted turn, for metrics. */
  onTurn: (times: TurnTimes) => void = () => undefined;

  /** Begins a reign on a journal that was folded up to `at`. */
  constructor(parts: LeaderParts, at: FoldPosition) {
    this.#parts = parts;
    const head = parts.journal.head();
    this.#turn = head.turn;
    this.#hash = head.hash;
    this.#epoch = head.epoch + 1;
    this.#position = head.positions.get(`${SOURCE}/0`) ?? 0;
    const start = Math.max(head.at, parts.clocks.wallMs());
    this.#time = new JournalTime(parts.clocks, start);
    const gap = head.turn === 0 ? 0 : Math.floor(start) - head.at;
    this.#stoppedMs = at.stoppedMs + gap;
    this.#lastBatchMs = parts.clocks.monotonicMs();
    const { cell, cellRow } = parts.kernel.state;
    const noLossBeforeMs = Math.floor(start) - this.#stoppedMs + cell.c.longestSessionMs[cellRow]!;
    this.#note(Code.LeaderElected, { epoch: this.#epoch, noLossBeforeMs });
    if (gap > 0) this.#note(Code.TimeLeapt, { gapMs: gap });
  }

  /** Number of the last turn that was computed; reads of the fold stand for it. */
  get turn(): number {
    return this.#turn;
  }

  get epoch(): number {
    return this.#epoch;
  }

  /** Journal time of the last computed turn, in ms. */
  get atMs(): number {
    return this.#lastAt;
  }

  #lastAt = 0;

  /** Whether the wall clock is so far ahead of journal time that an operator must say which is right. */
  isClockAhead(): boolean {
    return this.#time.isAhead();
  }

  /** Takes inputs and runs until `stop`. Resolves when the first turn of the reign is durable. */
  async start(): Promise<void> {
    const { inbox } = this.#parts;
    inbox.onArrival = () => this.#wake();
    await this.#cycle();
    await this.#appending;
    inbox.open();
    this.#watch();
    this.#done = this.#run();
  }

  /** Ends the reign: the turn under way is finished, LeaderResigned is written, the store is brought up to date. */
  async stop(reason = 'the fabric is stopping'): Promise<void> {
    if (this.#done === null) return;
    this.#stopping = reason;
    this.#parts.inbox.close(reason);
    this.#wake();
    await this.#done;
  }

  async #run(): Promise<void> {
    try {
      while (this.#stopping === null && !this.#failed) {
        await this.#untilWork();
        await this.#cycle();
        await this.#parts.timers.pause();
      }
      await this.#appending;
      if (!this.#failed) await this.#resign();
    } catch (error) {
      this.#fail(error);
    }
  }

  async #resign(): Promise<void> {
    this.#note(Code.LeaderResigned, { epoch: this.#epoch });
    await this.#cycle(true);
    await this.#appending;
    await this.#storing;
  }

  #note<C extends EventEntry['code']>(code: C, body: Extract<EventEntry, { readonly code: C }>['body']): void {
    this.#shell.push({ code, cause: CauseCode.shell, body } as unknown as EventEntry);
  }

  /** Computes one turn and appends it as soon as the one before it is durable. */
  async #cycle(isLast = false): Promise<void> {
    const computed = await this.#compute(isLast);
    await this.#appending;
    if (computed === null || this.#failed) return;
    this.#appending = this.#append(computed);
    if (this.#parts.materializer.dirty() > MAX_DIRTY) await this.#storing;
  }

  async #compute(isLast: boolean): Promise<Computed | null> {
    const { kernel, inbox, cold, journal } = this.#parts;
    this.#parts.materializer.evictNow();
    const shell = this.#takeShell();
    const at = this.#time.now();
    const pending = inbox.peek(MAX_INPUTS_PER_TURN, MAX_INPUT_BYTES);
    await this.#fetch(pending, at);
    const caughtUp = pending.length === inbox.waiting;
    const inputs = pending.map((item) => item.input);
    const published = Math.min(this.#parts.outbox.published(), journal.head().turn);
    const request = { turn: this.#turn + 1, at, stoppedMs: this.#stoppedMs, shell, inputs, caughtUp, published };
    const result = kernel.turn(request, cold, cold.put);
    this.#unfinished = result.unfinished;
    this.#full = result.full;
    if (result.entries.length === 0) {
      kernel.discard();
      return null;
    }
    inbox.drop(result.taken);
    for (const entry of result.entries) if (entry.code === Code.ClockAccepted) this.#time.accept(entry.body.clockAtMs);
    return this.#seal(request, result, pending.slice(0, result.taken), isLast);
  }

  #takeShell(): readonly EventEntry[] {
    if (this.#gapMs > LEAP_MS) {
      this.#stoppedMs += this.#gapMs;
      this.#note(Code.TimeLeapt, { gapMs: this.#gapMs });
    }
    this.#gapMs = 0;
    const shell = this.#shell;
    this.#shell = [];
    return shell;
  }

  /** Encodes the turn, chains it on the one before it, and packs the rows if a batch is due. */
  #seal(
    request: { readonly turn: number; readonly at: number; readonly caughtUp: boolean; readonly published: number },
    result: TurnResult,
    pending: readonly Pending[],
    isLast: boolean,
  ): Computed {
    const { cell, writer, syncEveryMs } = this.#parts;
    const from = this.#position;
    this.#position += result.taken;
    const record: TurnRecord = {
      format: TURN_FORMAT,
      catalogue: FINGERPRINT,
      cell,
      epoch: this.#epoch,
      writer,
      turn: request.turn,
      prev: this.#hash,
      at: request.at,
      stoppedMs: this.#stoppedMs,
      policy: result.policy,
      kernel: KERNEL_VERSION,
      caughtUp: request.caughtUp,
      full: result.full,
      published: request.published,
      syncEveryMs,
      inputs: result.taken === 0 ? [] : [{ source: SOURCE, partition: 0, from, to: this.#position }],
      entries: result.entries,
      stateHash: result.stateHash,
    };
    const bytes = encodeTurn(record);
    const hash = turnHash(bytes);
    this.#turn = request.turn;
    this.#hash = hash;
    this.#lastAt = request.at;
    noteEnds(this.#parts.materializer, result.entries);
    return { record, bytes, hash, pending, batch: this.#drain(record, hash, isLast) };
  }

  #drain(record: TurnRecord, hash: Uint8Array, isLast: boolean): Batch | null {
    const { materializer, clocks, cell } = this.#parts;
    if (this.#storing !== null && !isLast) return null;
    const isDue = clocks.monotonicMs() - this.#lastBatchMs >= BATCH_AFTER_MS || materializer.dirty() >= DIRTY_PER_BATCH;
    if (!isDue && !isLast) return null;
    this.#lastBatchMs = clocks.monotonicMs();
    return materializer.drain({ cell, turn: record.turn, hash, stateHash: record.stateHash });
  }

  /** Fetches what the turn may read cold (needs.ts), so that the kernel never awaits. */
  async #fetch(pending: readonly Pending[], at: number): Promise<void> {
    const { kernel, cold, materializer } = this.#parts;
    const { state, indexes } = kernel;
    const needs: Needs = { dags: new Set(), specs: new Set() };
    for (const { input } of pending) needsOfInput(state, input, needs);
    needsOfTimers(state, indexes, at, at - this.#stoppedMs, needs);
    needsOfCursors(state, indexes, needs);
    if (needs.dags.size > 0) await materializer.load(needs.dags);
    if (needs.specs.size === 0) return;
    const specs = [...needs.specs].filter((dag) => state.dags.find(dag) !== 0);
    await cold.fetchSpecs(specs);
    const outputs = outputsOfCursors(state, indexes, (dag) => cold.spec(dag));
    if (outputs.length > 0) await cold.fetchOutputs(outputs);
  }

  async #append(computed: Computed): Promise<void> {
    const { journal, kernel, outbox, cell, clocks } = this.#parts;
    const { record, pending } = computed;
    const began = clocks.monotonicMs();
    try {
      await journal.append(computed.bytes, computed.hash);
    } catch (error) {
      this.#fail(error);
      return;
    }
    const appendMs = clocks.monotonicMs() - began;
    if (appendMs > LEAP_MS) this.#gapMs += Math.floor(appendMs);
    kernel.accept();
    answer(pending, record.entries, record.turn, record.at);
    outbox.publish({ cell, epoch: record.epoch, turn: record.turn, atMs: record.at, entries: record.entries });
    if (computed.batch !== null) this.#store(computed.batch);
    this.onTurn({ entries: record.entries.length, appendMs });
  }

  #store(batch: Batch): void {
    const { materializer } = this.#parts;
    materializer.evict(batch.terminal);
    const before = this.#storing ?? Promise.resolve();
    const storing = before.then(() => materializer.write(batch)).catch((error: unknown) => this.#fail(error));
    this.#storing = storing;
    storing.then(() => {
      if (this.#storing === storing) this.#storing = null;
    });
  }

  /** Resolves when there is something for a turn: an input, a cursor, room for the plan, or a due timer. */
  async #untilWork(): Promise<void> {
    const { inbox, kernel, timers, materializer } = this.#parts;
    if (this.#stopping !== null || inbox.waiting > 0 || this.#unfinished || this.#full || this.#gapMs > LEAP_MS) return;
    const nextAt = kernel.nextAt(this.#stoppedMs);
    const delay = Math.min(MAX_SLEEP_MS, nextAt - this.#time.now());
    if (delay <= 0) return;
    if (materializer.dirty() > 0 && this.#storing === null) this.#flushWhenIdle();
    await new Promise<void>((resolve) => {
      const cancel = timers.after(Math.ceil(delay), resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
    this.#wake = () => undefined;
  }

  /** Nothing happens: what is dirty is stored as of the last turn, once that is durable. */
  #flushWhenIdle(): void {
    const { materializer, cell, kernel } = this.#parts;
    const turn = this.#turn;
    const hash = this.#hash;
    void this.#appending.then(() => {
      if (this.#turn !== turn || this.#storing !== null || this.#failed || kernel.state.waiting() > 0) return;
      this.#lastBatchMs = this.#parts.clocks.monotonicMs();
      this.#store(materializer.drain({ cell, turn, hash, stateHash: kernel.state.hash.toBytes() }));
    });
  }

  /** Notices when the process could not act: a stalled event loop, a suspended machine. */
  #watch(): void {
    const { clocks, timers } = this.#parts;
    const began = clocks.monotonicMs();
    timers.after(WATCH_MS, () => {
      const late = clocks.monotonicMs() - began - WATCH_MS;
      if (late > LEAP_MS) {
        this.#gapMs += Math.floor(late);
        this.#wake();
      }
      if (this.#stopping === null && !this.#failed) this.#watch();
    });
  }

  #fail(error: unknown): void {
    if (this.#failed) return;
    this.#failed = true;
    const cause = error instanceof Error ? error : new Error(String(error));
    this.#parts.inbox.close(`the fabric has failed: ${cause.message}`);
    this.#parts.onFatal(cause);
  }
}

const FINGERPRINT = Uint8Array.from(Buffer.from(CATALOGUE_FINGERPRINT, 'hex'));
