import { KafkaFault } from '../../kafka/fault.js';
import type { OutgoingRecord } from '../../kafka/protocol/record-batch.js';
import type { PartitionReader } from '../../kafka/reading/partition-reader.js';
import { Pauses } from '../../kafka/reading/pauses.js';
import { tooSmall } from '../../kafka/topics/topic-plan.js';
import type { PartitionWriter } from '../../kafka/writing/partition-writer.js';
import { judgeAppend, refusedAppend } from '../append.js';
import { JournalError, TurnVoided } from '../errors.js';
import type { Followed, Head, JournalRecord, SharedJournal } from '../port.js';
import { sameBytes, type TurnHeader } from '../rule.js';
import { readTurns, type TurnsPlace } from './read.js';
import { recordOfTurn } from './record.js';
import type { JournalTail } from './tail.js';

/** What a journal on Kafka goes on from. */
export interface KafkaJournalParts extends TurnsPlace {
  /** The earliest turn that was there when it was opened, and the offset with which the topic began. */
  readonly firstTurn: number;
  readonly start: number;
  readonly writer: PartitionWriter;
  /** Follows the end. */
  readonly tailReader: PartitionReader;
  readonly tail: JournalTail;
  /** Resolves after so many ms. */
  readonly pause: (ms: number) => Promise<void>;
  /** Hears what it waits for, and with null that it goes on. */
  readonly onFault: (fault: KafkaFault | null) => void;
}

/**
 * The journal in one partition of a topic (ADR 0010). `openKafkaJournal` makes it.
 *
 * An append that is acknowledged at first go at the offset after the last accepted record has nobody else's before it, and
 * is accepted. In every other case, and after every error, its outcome is unknown: the producer is dropped, the log is
 * read to its end, and the rule says whether it landed. If it did not, the same bytes are written again: should the
 * first copy land later, the rule voids one of the two. While no broker can be reached this goes on; `close` ends it.
 */
export class KafkaJournal implements SharedJournal {
  readonly #parts: KafkaJournalParts;
  #closed = false;
  #append: Promise<void> | null = null;

  constructor(parts: KafkaJournalParts) {
    this.#parts = parts;
  }

  head(): Head {
    return this.#parts.tail.rule.head();
  }

  firstTurn(): number {
    return this.#parts.firstTurn;
  }

  async follow(waitMs: number): Promise<Followed> {
    try {
      const followed = await this.#parts.tail.more(waitMs);
      this.#parts.onFault(null);
      return followed;
    } catch (error) {
      if (error instanceof KafkaFault && !this.#closed) this.#parts.onFault(error);
      throw error;
    }
  }

  async append(bytes: Uint8Array, hash: Uint8Array): Promise<void> {
    if (this.#closed) throw refusedAppend('the journal is closed');
    if (this.#append !== null) throw refusedAppend('the append before is under way');
    const { tail } = this.#parts;
    const header = judgeAppend(tail.rule, bytes);
    // A copy: the client may hold on to it after a failure, and it is written again then.
    const record = recordOfTurn(header, Buffer.from(bytes), tail.rule.head().positions);
    this.#append = this.#settle(header, record, hash);
    try {
      await this.#append;
      this.#parts.onFault(null);
    } finally {
      this.#append = null;
    }
  }

  async *read(fromTurn: number): AsyncGenerator<JournalRecord> {
    if (fromTurn < 1) throw new JournalError('not-found', `turn ${fromTurn} is before turn 1, the first that is there`);
    if (fromTurn > this.head().turn) return;
    yield* readTurns(this.#parts, { fromTurn, toTurn: () => this.head().turn, start: this.#parts.start });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#parts.writer.close();
    this.#parts.tailReader.close();
    await this.#append?.catch(() => undefined);
  }

  async #settle(header: TurnHeader, record: OutgoingRecord, hash: Uint8Array): Promise<void> {
    const pauses = new Pauses(this.#parts.pause);
    for (let isFirst = true; ; isFirst = false) {
      try {
        const { offset } = await this.#parts.writer.write([record]);
        if (isFirst && offset === this.#parts.tail.next) return this.#parts.tail.accept(header, hash);
        this.#parts.writer.drop();
        if (await this.#hasLanded(header, hash)) return;
      } catch (error) {
        this.#check(error);
        if (await this.#hasLandedAfterAll(header, hash)) return;
      }
      if (this.#closed) throw this.#undecided();
      await pauses.pause();
    }
  }

  /** Throws errors after which neither reading nor writing again is of use; others are told. */
  #check(error: unknown): void {
    if (!(error instanceof KafkaFault)) throw error;
    if (error.code === 'payload-too-large') throw tooSmall(error);
    if (!error.isPassingOnceThere) throw error;
    if (!this.#closed) this.#parts.onFault(error);
  }

  /** Whether it has landed, as soon as that can be read. */
  async #hasLandedAfterAll(header: TurnHeader, hash: Uint8Array): Promise<boolean> {
    for (const pauses = new Pauses(this.#parts.pause); ; await pauses.pause()) {
      if (this.#closed) throw this.#undecided();
      try {
        return await this.#hasLanded(header, hash);
      } catch (failure) {
        this.#check(failure);
      }
    }
  }

  /**
   * Reads to the end, from the last record on, which must be there still. Whether this one was accepted, now or by a read
   * before this that broke off; a foreign one in its place or after it voids it.
   */
  async #hasLanded({ turn }: TurnHeader, hash: Uint8Array): Promise<boolean> {
    const { tail } = this.#parts;
    tail.doubt();
    for (let isAtEnd = false; !isAtEnd; ) isAtEnd = (await tail.more(0)).isAtEnd;
    const head = tail.rule.head();
    if (head.turn < turn) return false;
    if (head.turn > turn || !sameBytes(head.hash, hash)) throw new TurnVoided(head.turn);
    return true;
  }

  #undecided(): JournalError {
    return new JournalError('append-failed', 'the journal was closed before it was known whether the turn is there');
  }
}
