import { turnHash } from '../../catalogue/digest.js';
import { CatalogueError } from '../../catalogue/error.js';
import { decodeTurnHeader } from '../../catalogue/turn.js';
import { KafkaFault } from '../../kafka/fault.js';
import type { Fetched, IncomingRecord, PartitionReader } from '../../kafka/partition-reader.js';
import { JournalDamaged, JournalError } from '../errors.js';
import type { Followed, JournalRecord } from '../port.js';
import type { ReaderRule, TurnHeader } from '../rule.js';

/** About how many bytes of turns to ask for at once: a consumer gets most with 4 MiB. */
export const FETCH_BYTES = 4 * 1024 * 1024;

/** Reads the journal's topic on and on, and lets the rule judge every record. */
export class JournalTail {
  #next: number;

  constructor(
    private readonly topic: string,
    private readonly reader: PartitionReader,
    readonly rule: ReaderRule,
    from: number,
  ) {
    this.#next = from;
  }

  /** Offset of the record that comes next. */
  get next(): number {
    return this.#next;
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
    this.#next += 1;
  }

  /** Throws `journal-ahead` where the log ends before what comes next: it has lost what was read of it. */
  async #read(waitMs: number): Promise<Fetched> {
    const { topic, reader } = this;
    try {
      return await reader.read(this.#next, { maxWaitMs: waitMs, maxBytes: FETCH_BYTES });
    } catch (error) {
      if (!(error instanceof KafkaFault) || error.code !== 'kafka-records-gone') throw error;
      const { end } = await reader.bounds();
      if (end >= this.#next) throw error;
      const what = `${topic} was read up to offset ${this.#next}, turn ${this.rule.turn}, and ends at ${end} now`;
      throw new JournalError('journal-ahead', what, error);
    }
  }

  #judge(record: IncomingRecord): JournalRecord | null {
    const header = readHeader(this.topic, record, this.rule.turn + 1);
    const bytes = bytesOf(record);
    const hash = turnHash(bytes);
    const verdict = this.rule.take(header, hash);
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
