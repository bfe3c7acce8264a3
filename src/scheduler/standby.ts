import { decodeTurn } from '../catalogue/turn.js';
import type { JournalRecord, SharedJournal } from '../journal/port.js';
import type { Kernel } from '../kernel/kernel.js';
import type { Publisher } from '../outbox/port.js';
import type { Clocks, LoopTimers } from './ports.js';
import { type FoldPosition, foldRecord, positionAfter } from './recovery.js';
import type { Materializer } from './rows/materializer.js';
import { type BatchLimits, StoreWriter } from './rows/store-writer.js';
import { MAX_LEAD_MS } from './time/journal-time.js';
import { LogClock } from './time/log-clock.js';

export interface StandbyParts {
  readonly cell: string;
  readonly kernel: Kernel;
  readonly journal: SharedJournal;
  readonly materializer: Materializer;
  readonly outbox: Publisher;
  readonly clocks: Clocks;
  readonly timers: LoopTimers;
  readonly batches?: BatchLimits;
  /** For how long no turn must have been accepted before a standby stands for leader, in ms. */
  readonly silenceMs: number;
  /** Whether an error of the journal may pass by itself. */
  readonly isPassing: (error: unknown) => boolean;
  /** Whether to lead although the wall clock is far off that of the log's brokers. */
  readonly acceptClock?: boolean;
  /** Hears, now and then while it lasts, by how many ms it is off where this keeps it from leading; behind below 0. */
  readonly onClockOff?: (offMs: number) => void;
}

/** Why a standby has ended: the leader is silent, or has resigned, or it was told to stop. */
export type StandbyEnd = 'silent' | 'resigned' | 'stopped';

/** How long one look for new turns waits, in ms. */
const FOLLOW_MS = 200;
/** How long to wait after the journal could not be reached, in ms. */
const AWAY_MS = 250;
/** A look that took so much longer than it should have means that this process, or the brokers, stood still. */
const STALL_MS = 500;
/** A clock that keeps it from leading is told of again after so many ms. */
const TELL_AGAIN_MS = 60_000;

/**
 * Follows the journal: folds every accepted turn, tells it to who listens here, and keeps the store close behind. It
 * ends when it should lead: only then, and only with everything folded that the journal has.
 */
export class Standby {
  readonly #parts: StandbyParts;
  readonly #store: StoreWriter;
  #epoch: number;
  #position: FoldPosition;
  #heardMs: number;
  #isStopped = false;
  #error: Error | null = null;
  #isStale = false;
  readonly #logClock = new LogClock();
  #toldMs = Number.NEGATIVE_INFINITY;

  /** Goes on from a fold that stands at `at`, where the journal's head is. */
  constructor(parts: StandbyParts, at: FoldPosition) {
    this.#parts = parts;
    this.#epoch = parts.journal.head().epoch;
    this.#position = at;
    this.#heardMs = parts.clocks.monotonicMs();
    this.#store = new StoreWriter({
      ...parts,
      onError: (error) => {
        this.#error ??= error as Error;
      },
    });
  }

  get turn(): number {
    return this.#position.turn;
  }

  get atMs(): number {
    return this.#position.at;
  }

  get epoch(): number {
    return this.#epoch;
  }

  /** Where the fold stands. */
  get position(): FoldPosition {
    return this.#position;
  }

  /** Makes the indexes afresh if turns were folded since the last time: folding doesn't move them. */
  readonly refresh = (): void => {
    if (this.#isStale) this.#parts.kernel.indexes.rebuild();
    this.#isStale = false;
  };

  /** It ends with the look at the journal that is under way, which who closes the journal cuts short. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Follows until it should lead or was stopped. Throws what can't pass: damage, a state that differs, a full disk. */
  async run(): Promise<StandbyEnd> {
    try {
      const end = await this.#follow();
      this.refresh();
      return end;
    } finally {
      await this.#store.settled();
    }
  }

  async #follow(): Promise<StandbyEnd> {
    while (!this.#isStopped) {
      if (this.#error !== null) throw this.#error;
      const followed = await this.#look();
      if (followed === null) continue;
      for (const record of followed.records) await this.#take(record);
      // Only now: while turns are folded, and wait for the store, nothing can be heard.
      if (followed.records.length > 0) this.#heardMs = this.#parts.clocks.monotonicMs();
      if (!followed.isAtEnd) continue;
      const isResigned = this.#position.resigned || this.#position.turn === 0;
      const isSilent = this.#parts.clocks.monotonicMs() - this.#heardMs > this.#parts.silenceMs;
      if ((isResigned || isSilent) && this.#mayLead()) return isResigned ? 'resigned' : 'silent';
    }
    return 'stopped';
  }

  /**
   * A reign begins with its process's wall clock, and journal time never goes back: one that is ahead fires every timer.
   * With one that is behind journal time falls behind, and deadlines are seen late.
   */
  #mayLead(): boolean {
    const { clocks, acceptClock = false, onClockOff } = this.#parts;
    const now = clocks.monotonicMs();
    const offMs = this.#logClock.offOf(clocks.wallMs(), now);
    if (acceptClock || Math.abs(offMs) <= MAX_LEAD_MS) return true;
    if (now - this.#toldMs >= TELL_AGAIN_MS) {
      this.#toldMs = now;
      onClockOff?.(Math.round(offMs));
    }
    return false;
  }

  /** What is new; null when the journal can't be reached. Time in which nothing could be heard is no silence. */
  async #look() {
    const { journal, clocks, timers, isPassing } = this.#parts;
    const began = clocks.monotonicMs();
    try {
      const followed = await journal.follow(FOLLOW_MS);
      const ended = clocks.monotonicMs();
      this.#logClock.hear(followed, began, ended);
      if (ended - began > FOLLOW_MS + STALL_MS) this.#heardMs = ended;
      return followed;
    } catch (error) {
      if (this.#isStopped) return null;
      if (!isPassing(error)) throw error;
      await new Promise<void>((resolve) => timers.after(AWAY_MS, resolve));
      this.#heardMs = clocks.monotonicMs();
      return null;
    }
  }

  async #take({ turn, hash, bytes }: JournalRecord): Promise<void> {
    const { cell, materializer, outbox } = this.#parts;
    const record = decodeTurn(bytes, { submissions: 'keep' });
    materializer.evictNow();
    await foldRecord(materializer, record);
    this.#isStale = true;
    const { epoch, at: atMs, entries } = record;
    this.#epoch = epoch;
    this.#position = positionAfter(record, this.#position.events + entries.length);
    outbox.publish({ cell, epoch, turn, hash, atMs, entries });
    const batch = this.#store.packIfDue({ turn, hash, stateHash: record.stateHash });
    if (batch !== null) this.#store.write(batch);
    if (this.#store.isFull()) await this.#store.settled();
  }
}
