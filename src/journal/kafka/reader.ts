import { decodeTurnHeader } from '../../catalogue/turn.js';
import type { KafkaConnection } from '../../kafka/links/connection.js';
import type { PartitionReader } from '../../kafka/reading/partition-reader.js';
import { PatientReader } from '../../kafka/reading/patience.js';
import { JOURNAL_PARTITION } from '../../kafka/topics/names.js';
import { JournalError } from '../errors.js';
import type { Head } from '../port.js';
import type { Before, ReadableJournal } from '../readable.js';
import { emptyHead, positionKey, ReaderRule } from '../rule.js';
import { headAt } from './head.js';
import { readTurns, type TurnsPlace } from './read.js';
import { positionsIn } from './record.js';
import { beginningOf, seekTurn, turnOf } from './seek.js';
import { FETCH_BYTES, readHeader } from './tail.js';

export interface KafkaReaderOptions {
  readonly connection: KafkaConnection;
  readonly topic: string;
  readonly cell: string;
  /** Where it is, for people. */
  readonly place: string;
}

/** Records at the end that are looked at for the last turn: void ones come one by one, as leaders change. */
const LOOK_BACK = 64;

/** Opens a journal on Kafka for reading. Throws `KafkaFault`. */
export async function openKafkaReader({
  connection,
  topic,
  cell,
  place,
}: KafkaReaderOptions): Promise<ReadableJournal> {
  const openReader = (): PartitionReader => new PatientReader(connection, topic, JOURNAL_PARTITION, false);
  const using = async <T>(use: (reader: PartitionReader) => Promise<T>): Promise<T> => {
    const reader = openReader();
    try {
      return await use(reader);
    } finally {
      reader.close();
    }
  };
  const { start, firstTurn } = await using((reader) => beginningOf(topic, reader));
  const turns = { topic, cell, openReader };
  return {
    place,
    firstTurn: () => firstTurn,
    // A record is there whole or not at all.
    torn: () => null,
    read(fromTurn) {
      if (fromTurn >= firstTurn) return readTurns(turns, { fromTurn, start });
      throw new JournalError('not-found', `turn ${fromTurn} is before turn ${firstTurn}, the first that is there`);
    },
    lastTurn: () => using((reader) => lastOf(reader, firstTurn)),
    before: (turn) => using((reader) => before(turns, reader, { turn, start, firstTurn })),
  };
}

/** The highest turn near the end: what stands beside the accepted records there is of turns that were seen. */
async function lastOf(reader: PartitionReader, firstTurn: number): Promise<number> {
  const { start, end } = await reader.bounds();
  let last = firstTurn - 1;
  for (let from = Math.max(start, end - LOOK_BACK); from < end; ) {
    const { records, next } = await reader.read(from, { maxWaitMs: 0, maxBytes: FETCH_BYTES });
    for (const record of records) last = Math.max(last, turnOf(record));
    from = next;
  }
  return last;
}

/**
 * What the first turn that is there chains on, as far as it says so itself: the record of the turn before was archived.
 * Its own epoch and time stand for those of that one, which were not later.
 */
async function headBeforeFirst(topic: string, reader: PartitionReader, turn: number, start: number): Promise<Head> {
  const record = await seekTurn(reader, turn, start);
  if (typeof record === 'string') throw new JournalError('not-found', `turn ${turn} is not in ${topic}`);
  const { prev, epoch, at, inputs } = readHeader(topic, record, turn);
  const positions = new Map(positionsIn(record) ?? []);
  for (const { source, partition, from } of inputs.toReversed()) positions.set(positionKey(source, partition), from);
  return { turn: turn - 1, hash: prev, epoch, at, positions };
}

/** The record of the turn before says all; one that doesn't say the positions of inputs leaves them to a whole pass. */
async function before(
  { topic, cell, openReader }: TurnsPlace,
  reader: PartitionReader,
  { turn, start, firstTurn }: { readonly turn: number; readonly start: number; readonly firstTurn: number },
): Promise<Before> {
  if (turn === 1) return { cell, head: emptyHead() };
  if (turn === firstTurn) return { cell, head: await headBeforeFirst(topic, reader, turn, start) };
  const record = await seekTurn(reader, turn - 1, start);
  if (typeof record === 'string') throw new JournalError('not-found', `turn ${turn} is not in ${topic}`);
  const { head, positionsKnown } = headAt(topic, record, turn - 1);
  if (positionsKnown || firstTurn > 1) return { cell, head };
  const rule = new ReaderRule({ cell });
  for await (const { bytes, hash } of readTurns({ topic, cell, openReader }, { fromTurn: 1, start })) {
    if (rule.turn === turn - 1) break;
    rule.accept(decodeTurnHeader(bytes), hash);
  }
  return { cell, head: rule.head() };
}
