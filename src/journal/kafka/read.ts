import { setTimeout as sleep } from 'node:timers/promises';
import { KafkaFault } from '../../kafka/fault.js';
import type { IncomingRecord, PartitionReader } from '../../kafka/reading/partition-reader.js';
import { JournalError } from '../errors.js';
import type { JournalRecord } from '../port.js';
import { emptyHead, ReaderRule } from '../rule.js';
import { seekTurn } from './seek.js';
import { JournalTail, readHeader } from './tail.js';

/** Where turns are read. */
export interface TurnsPlace {
  readonly topic: string;
  readonly cell: string;
  /** Makes a reader for one reading. */
  readonly openReader: () => PartitionReader;
}

/** Which turns are read. */
export interface TurnsRange {
  readonly fromTurn: number;
  /** The last one as it is known now, which is there; without it, the end that is met is the end. */
  readonly toTurn?: () => number;
  /** The first offset of the topic. */
  readonly start: number;
}

/** How long the broker may wait for a turn, and how long to wait after a failed read, in ms. */
const WAIT_MS = 500;
const PAUSE_MS = 250;

/** The accepted records from a turn on. Throws as `JournalTail` does, and `not-found` where they were archived meanwhile. */
export async function* readTurns(place: TurnsPlace, range: TurnsRange): AsyncGenerator<JournalRecord> {
  try {
    yield* turnsFrom(place, range);
  } catch (error) {
    if (!(error instanceof KafkaFault) || error.code !== 'kafka-records-gone') throw error;
    throw new JournalError('not-found', `turn ${range.fromTurn} is not in the topic any more`, error);
  }
}

async function* turnsFrom(
  { topic, cell, openReader }: TurnsPlace,
  { fromTurn, toTurn, start }: TurnsRange,
): AsyncGenerator<JournalRecord> {
  const reader = openReader();
  try {
    const first = await seekTurn(reader, fromTurn, start);
    if (first === 'to-come' && toTurn === undefined) return;
    if (typeof first === 'string') throw gone(topic, fromTurn);
    const tail = tailAt({ topic, cell }, reader, first, fromTurn);
    const { rule } = tail;
    let end = Number.POSITIVE_INFINITY;
    for (let waitMs = 0; toTurn === undefined ? tail.next < end : rule.turn < toTurn(); ) {
      const more = await tail.more(waitMs);
      waitMs = more.isAtEnd ? WAIT_MS : 0;
      // Who has just come to lead gives what it has late, and says where the log ends only once it gives all of it. An end
      // that moves on isn't run after; one that moves back is that of a log that has lost something.
      if (toTurn === undefined && more.isAtEnd) end = Math.min(end, (await reader.bounds()).end);
      for (const record of more.records) {
        // The topic may have more by now.
        if (toTurn !== undefined && record.turn > toTurn()) return;
        yield record;
      }
    }
  } finally {
    reader.close();
  }
}

function gone(topic: string, turn: number): KafkaFault {
  return new KafkaFault('kafka-records-gone', `${topic} does not have turn ${turn}`, false);
}

/** Reads on from the first record of a turn. */
function tailAt(
  { topic, cell }: Pick<TurnsPlace, 'topic' | 'cell'>,
  reader: PartitionReader,
  first: IncomingRecord,
  fromTurn: number,
): JournalTail {
  const { epoch, prev } = readHeader(topic, first, fromTurn);
  const isWhole = fromTurn === 1;
  const head = isWhole ? emptyHead() : { ...emptyHead(), turn: fromTurn - 1, hash: prev, epoch };
  return new JournalTail(topic, reader, new ReaderRule({ cell, head, positionsComplete: isWhole }), first.offset);
}

/**
 * The accepted records from a turn that is there on (or from 1 where nothing is), for ever: waits for what comes, and
 * sits out brokers that are away. Ends when the signal is aborted. Throws as `JournalTail` does.
 */
export async function* followTurns(
  place: TurnsPlace,
  { fromTurn, start }: Pick<TurnsRange, 'fromTurn' | 'start'>,
  signal: AbortSignal,
): AsyncGenerator<JournalRecord> {
  const { topic, cell } = place;
  const reader = place.openReader();
  const cut = (): void => reader.close();
  signal.addEventListener('abort', cut, { once: true });
  let tail: JournalTail | null = null;
  try {
    while (!signal.aborted) {
      const found = await passing(signal, async () => {
        if (tail !== null) return (await tail.more(WAIT_MS)).records;
        const first = await seekTurn(reader, fromTurn, start);
        if (first === 'gone' || (first === 'to-come' && fromTurn > 1)) throw gone(topic, fromTurn);
        tail =
          first === 'to-come'
            ? new JournalTail(topic, reader, new ReaderRule({ cell }), start)
            : tailAt({ topic, cell }, reader, first, fromTurn);
        return [];
      });
      yield* found;
    }
  } finally {
    signal.removeEventListener('abort', cut);
    reader.close();
  }
}

/** What reading gives; nothing where it failed in a way that passes, or because nobody wants it any more. */
async function passing<T>(signal: AbortSignal, read: () => Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await read();
  } catch (error) {
    if (signal.aborted) return [];
    if (!(error instanceof KafkaFault) || !error.isPassingOnceThere) throw error;
    await sleep(PAUSE_MS);
    return [];
  }
}
