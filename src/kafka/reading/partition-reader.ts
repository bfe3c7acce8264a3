import { setTimeout as sleep } from 'node:timers/promises';
import type { Broker } from 'kafkajs/src/cluster/index.js';
import { asKafkaFault, type KafkaFault } from '../fault.js';
import type { KafkaConnection } from '../links/connection.js';
import { Lanes } from '../links/lanes.js';
import { type Link, LONGEST_ANSWER_MS } from '../links/link.js';
import { errorOf } from '../protocol/answer.js';
import { type FetchedPartition, type FetchOptions, type FetchPlace, fetch } from '../protocol/fetch.js';
import type { StoredRecord } from '../protocol/record-batch.js';

/** A record as it was read. */
export type IncomingRecord = Omit<StoredRecord, 'batch'>;

/** What one request gave. */
export interface Fetched {
  readonly records: readonly IncomingRecord[];
  /** Where to go on: past the records, and past positions that hold none for a reader. */
  readonly next: number;
  /** The position after the last record that is known, also of one that an open transaction still holds back. */
  readonly end: number;
  /** The position from which on open transactions hold back what is there; not before the end: none does. */
  readonly stable: number;
}

export interface ReadOptions {
  /** How long the broker may wait for a record, in ms. */
  readonly maxWaitMs: number;
  /** About how many bytes to get at most; a larger single batch comes whole. */
  readonly maxBytes: number;
}

/** How long an answer may take beyond what the broker waits, in ms. */
export const ANSWER_MS = 3000;
/** How much later than it should a timer may fire before the connection is given up, in ms. */
const LATE_MS = 10_000;
/** The longest that a broker is asked to wait, in ms. */
export const MAX_WAIT_MS = 2000;

/** Where a partition is read, and how long the broker may wait for a record, in ms. */
export interface Reading extends FetchPlace {
  readonly maxWaitMs: number;
}

/**
 * Reads one partition from positions that the caller keeps, one read at a time: no group, nothing committed, no reset when
 * a position is gone. Retries nothing; after an error the next read uses new connections.
 */
export class PartitionReader {
  readonly #lanes: Lanes<Reading, Fetched>;

  constructor(
    connection: KafkaConnection,
    private readonly topic: string,
    private readonly partition: number,
    committedOnly: boolean,
  ) {
    const options = { requestTimeoutMs: MAX_WAIT_MS + ANSWER_MS, committedOnly, everyMs: 0 };
    this.#lanes = new Lanes(connection, options, (readings, broker, link) => {
      const { maxWaitMs, maxBytes } = readings[0]!;
      return fetchEach(link, broker, readings, { committedOnly, maxWaitMs, maxBytes });
    });
  }

  /** What there is from a position on; waits for it if there is nothing. Throws `KafkaFault`. */
  read(from: number, { maxWaitMs, maxBytes }: ReadOptions): Promise<Fetched> {
    const { topic, partition } = this;
    return this.#lanes.ask({ topic, partition, from, maxBytes, maxWaitMs: Math.min(maxWaitMs, MAX_WAIT_MS) });
  }

  /** The first position that is still there, and the one after the last. Throws `KafkaFault`. */
  bounds(): Promise<{ readonly start: number; readonly end: number }> {
    return this.#lanes.bounds(this.topic, this.partition);
  }

  /** Cuts the connections for good, and with them a read that waits. */
  close(): void {
    this.#lanes.close();
  }
}

/** What a broker has of partitions, or why it can't be read, in the order of the places. */
export async function fetchEach(
  link: Link,
  broker: Broker,
  places: readonly FetchPlace[],
  options: FetchOptions,
): Promise<readonly (Fetched | KafkaFault)[]> {
  try {
    const found = await fetchInTime(link, broker, places, options);
    return places.map((place, index) => {
      const { errorCode, unreadable } = found[index]!;
      const error = errorOf(errorCode) ?? unreadable;
      return error === null ? fetchedOf(found[index]!, place.from, options.committedOnly) : faultOf(place, error);
    });
  } catch (error) {
    return places.map((place) => faultOf(place, error));
  }
}

/**
 * What partitions have from positions on; a slow line may take long for it. Whoever has had more than a quota allows waits
 * for as long as the broker says, and asks again by the same connection: a new one would be let in at once, and get no
 * further.
 */
async function fetchInTime(
  link: Link,
  broker: Broker,
  places: readonly FetchPlace[],
  options: FetchOptions,
): Promise<readonly FetchedPartition[]> {
  for (;;) {
    const answer = await link.longAnswer(fetch(broker, places, options, LONGEST_ANSWER_MS), broker);
    if (!('throttledMs' in answer)) return answer;
    const { throttledMs } = answer;
    await link.answer(sleep(throttledMs, undefined, { ref: false }), throttledMs + LATE_MS);
  }
}

function faultOf({ topic, partition, from }: FetchPlace, error: unknown): KafkaFault {
  return asKafkaFault(error, `${topic}/${partition} could not be read from ${from}`, false);
}

/** What a broker's answer gives a reader that asked from a position on. */
export function fetchedOf(found: FetchedPartition, from: number, committedOnly: boolean): Fetched {
  const isAborted = committedOnly ? abortedIn(found) : () => false;
  const records: IncomingRecord[] = [];
  for (const record of found.records) {
    // The first of them may lie before: a broker gives whole batches.
    const isLeftOut = isAborted(record) || record.batch.isControl || record.offset < from;
    if (!isLeftOut) records.push(record);
  }
  return {
    records,
    next: Math.max(from, found.next ?? from),
    end: found.highWatermark,
    stable: found.lastStable,
  };
}

/** Which records were written by a transaction that was aborted; to be asked in the order of their offsets. */
function abortedIn({ aborted }: FetchedPartition): (record: StoredRecord) => boolean {
  const waiting = [...aborted].sort((a, b) => a.firstOffset - b.firstOffset);
  const under = new Set<number>();
  let known = 0;
  return ({ offset, batch: { producerId, inTransaction, isControl } }) => {
    for (; known < waiting.length && waiting[known]!.firstOffset <= offset; known++) {
      under.add(waiting[known]!.producerId);
    }
    if (isControl) {
      under.delete(producerId);
      return false;
    }
    return inTransaction && under.has(producerId);
  };
}
