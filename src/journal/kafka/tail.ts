import { turnHash } from '../../catalogue/digest.js';
import { CatalogueError } from '../../catalogue/error.js';
import { decodeTurnHeader } from '../../catalogue/turn.js';
import { KafkaFault } from '../../kafka/fault.js';
import type { Fetched, IncomingRecord, PartitionReader } from '../../kafka/reading/partition-reader.js';
import { JournalDamaged, JournalError } from '../errors.js';
import type { Followed, JournalRecord } from '../port.js';
import { type ReaderRule, sameBytes, type TurnHeader } from '../rule.js';

/** About how many bytes of turns to ask for at once: a consumer gets most with 4 MiB. */
export const FETCH_BYTES = 4 * 1024 * 1024;

/** A record, and where it stands. */
interface Mark {
  readonly offset: number;
  readonly hash: Uint8Array;
}

/** Reads the journal's topic on and on, and lets the rule judge every record. */
export class JournalTail {
  #next: number;
  /** The last record that was read or appended. */
  #last: Mark | null;
  #isDoubted = false;

  constructor(
    private readonly topic: string,
    private readonly reader: PartitionReader,
    readonly rule: ReaderRule,
    from: number,
    /** The record before it, where that is known. */
    last: Mark | null = null,
  ) {
    this.#next = from;
    this.#last = last;
  }

  /** Offset of the record that comes next. */
  get next(): number {
    return this.#next;
  }

  /**
   * The log may not be what it was, as somebody else may lead its partition by now: the next read begins with the last
   * record, which is not there any more where brokers have lost what came at the end, whatever was written since.
   */
  doubt(): void {
    this.#isDoubted = true;
  }

  /**
   * The records that the rule accepts among those that come next, after waiting so long for one. What is wrong is thrown
   * by the call that begins with it: those before it are given first.
   */
  async more(waitMs: number): Promise<Followed> {
    const { records, next, end } = await this.#read(waitMs);
    const accepted: JournalRecord[] = [];
    let appendedAtMs = 0;
    const followed = (isAtEnd: boolean): Followed =>
      accepted.length === 0 ? { records: accepted, isAtEnd } : { records: accepted, isAtEnd, appendedAtMs };
    for (const record of records) {
      try {
        const found = this.#judge(record);
        if (found !== null) {
          accepted.push(found);
          appendedAtMs = record.timestampMs;
        }
      } catch (error) {
        if (accepted.length === 0) throw error;
        return followed(false);
      }
      this.#next = record.offset + 1;
    }
    this.#next = next;
    return followed(next >= end);
  }

  /** A record of our own that was acknowledged at this tail's next offset. */
  accept(header: TurnHeader, hash: Uint8Array): void {
    this.rule.accept(header, hash);
    this.#last = { offset: this.#next, hash };
    this.#next += 1;
  }

  /** What comes next. Throws `journal-ahead` where the log has lost what was read of it. */
  async #read(waitMs: number): Promise<Fetched> {
    const last = this.#isDoubted ? this.#last : null;
    const from = last?.offset ?? this.#next;
    try {
      const fetched = await this.reader.read(from, { maxWaitMs: waitMs, maxBytes: FETCH_BYTES });
      const isGiven = last === null || this.#hasStill(last, fetched);
      if (!isGiven) return await this.#waitUntilGiven();
      this.#isDoubted = false;
      const records = fetched.records.filter(({ offset }) => offset >= this.#next);
      return { ...fetched, records, next: Math.max(this.#next, fetched.next) };
    } catch (error) {
      this.#isDoubted = true;
      if (!(error instanceof KafkaFault) || error.code !== 'kafka-records-gone') throw error;
      const { start, end } = await this.reader.bounds();
      if (end < this.#next) throw this.#lost(`ends at ${end}`, error);
      if (last === null || start <= last.offset) throw error;
      // Archived since: nothing is before what comes next.
      this.#last = null;
      return this.#read(waitMs);
    }
  }

  /** Whether the last record was given once more. Throws where another one is in its place. */
  #hasStill({ offset, hash }: Mark, { records: [first], next }: Fetched): boolean {
    if (next <= offset) return false;
    if (first?.offset === offset && sameBytes(turnHash(bytesOf(first)), hash)) return true;
    throw this.#lost(`has another record at ${offset}`);
  }

  /** Who has just come to lead gives what it has only once it knows that others have it, too. */
  async #waitUntilGiven(): Promise<never> {
    await this.reader.read(this.#next, { maxWaitMs: 0, maxBytes: FETCH_BYTES });
    throw new KafkaFault('kafka-unavailable', `${this.topic} does not give yet what was read of it`, false);
  }

  #lost(how: string, cause?: unknown): JournalError {
    const { topic, rule } = this;
    const what = `${topic} was read up to offset ${this.#next}, turn ${rule.turn}, and ${how} now`;
    return new JournalError('journal-ahead', what, cause);
  }

  #judge(record: IncomingRecord): JournalRecord | null {
    const header = readHeader(this.topic, record, this.rule.turn + 1);
    const bytes = bytesOf(record);
    const hash = turnHash(bytes);
    const verdict = this.rule.take(header, hash);
    if (verdict.kind !== 'stop') this.#last = { offset: record.offset, hash };
    if (verdict.kind === 'accept') return { turn: header.turn, bytes, hash };
    if (verdict.kind === 'ignore') return null;
    if (verdict.reason === 'other-cell') throw new JournalError('journal-foreign-cell', verdict.detail);
    throw damaged(this.topic, record, this.rule.turn + 1, verdict.detail);
  }
}

/** What a record of the topic holds; a tombstone nothing. */
export function bytesOf({ value }: IncomingRecord): Uint8Array {
  return value ?? Buffer.alloc(0);
}

/** The header of a record's turn, where turn `turn` is expected. Throws `JournalDamaged`, or `unknown-version`. */
export function readHeader(topic: string, record: IncomingRecord, turn: number): TurnHeader {
  if (record.value === null) throw damaged(topic, record, turn, 'a tombstone, which no fabric writes');
  try {
    return decodeTurnHeader(record.value);
  } catch (error) {
    if (!(error instanceof CatalogueError)) throw error;
    if (error.code !== 'unknown-version') throw damaged(topic, record, turn, error.message, error);
    const place = `where turn ${turn} should be (${topic}, offset ${record.offset})`;
    throw new JournalError('unknown-version', `${place}: ${error.message}`, error);
  }
}

function damaged(
  topic: string,
  { offset }: IncomingRecord,
  turn: number,
  reason: string,
  cause?: unknown,
): JournalDamaged {
  return new JournalDamaged({ turn, file: topic, offset, unit: 'offset', reason }, cause);
}
