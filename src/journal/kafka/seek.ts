import { decodeTurnHeader } from '../../catalogue/turn.js';
import { KafkaFault } from '../../kafka/fault.js';
import type { IncomingRecord, PartitionReader } from '../../kafka/reading/partition-reader.js';

/** What is looked for is nearly always at once there, so few bytes are enough; the broker gives a whole batch at least. */
const FIRST_BYTES = 64 * 1024;
const FURTHER_BYTES = 1024 * 1024;

type SeekReader = Pick<PartitionReader, 'read' | 'bounds'>;

type Sought = IncomingRecord | 'gone' | 'to-come';

/**
 * The first record of a turn, which is the accepted one; `gone` if the log begins behind it, `to-come` if it ends before
 * it. Each record moves the turn on by one at most, so it is never before the offset with its number less one, and behind
 * that by as many records as are void. Those name turns that are past, or the very turn once more: where the log stands
 * can't be told from one of them, and none may be passed over. `start` is the offset of the first record that is there, as
 * far as it is known: void records put a turn so far behind its number that the log may begin after that, and it may have
 * been archived.
 */
export async function seekTurn(reader: SeekReader, turn: number, start: number): Promise<Sought> {
  const from = Math.max(start, turn - 1);
  try {
    return await seekFrom(reader, turn, from);
  } catch (error) {
    if (!(error instanceof KafkaFault) || error.code !== 'kafka-records-gone') throw error;
    const { start: now, end } = await reader.bounds();
    if (end < from) return 'to-come';
    if (now <= from) throw error;
    return seekFrom(reader, turn, now);
  }
}

async function seekFrom(reader: SeekReader, turn: number, from: number): Promise<Sought> {
  let offset = from;
  for (let maxBytes = FIRST_BYTES; ; maxBytes = FURTHER_BYTES) {
    const { records, next, end } = await reader.read(offset, { maxWaitMs: 0, maxBytes });
    for (const record of records) {
      const named = turnOf(record);
      if (named === turn) return record;
      if (named > turn) return 'gone';
    }
    // Who has just come to lead gives what it has late, and says where the log ends only once it gives all of it.
    if (next >= end && (await reader.bounds()).end <= next) return 'to-come';
    offset = next;
  }
}

/** Where a topic begins. */
export interface Beginning {
  /** The first offset that is there, and the turn of its record. */
  readonly start: number;
  readonly firstTurn: number;
}

/**
 * Where the topic begins now. One that had records and has none any more is no journal that is about to begin: throws
 * `kafka-records-gone`.
 */
export async function beginningOf(topic: string, reader: SeekReader): Promise<Beginning> {
  const { start } = await reader.bounds();
  if (start === 0) return { start, firstTurn: 1 };
  const { records } = await reader.read(start, { maxWaitMs: 0, maxBytes: FIRST_BYTES });
  const [first] = records;
  if (first === undefined) throw new KafkaFault('kafka-records-gone', `${topic} has no record any more`, false);
  return { start, firstTurn: Math.max(1, turnOf(first)) };
}

/** The turn that a record names; 0 for one that is none. */
export function turnOf({ value }: IncomingRecord): number {
  try {
    return value === null ? 0 : decodeTurnHeader(value).turn;
  } catch {
    return 0;
  }
}
