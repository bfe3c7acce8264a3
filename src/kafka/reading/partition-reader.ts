import { asKafkaFault } from '../fault.js';
import type { KafkaConnection } from '../links/connection.js';
import { RenewedLink } from '../links/renewed-link.js';
import { errorOf } from '../protocol/answer.js';
import type { FetchedPartition } from '../protocol/fetch.js';
import type { StoredRecord } from '../protocol/record-batch.js';
import { fetchInTime } from './fetch-in-time.js';

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
/** The longest that a broker is asked to wait, in ms. */
export const MAX_WAIT_MS = 2000;

/**
 * Reads one partition from positions that the caller keeps: no group, nothing committed, no reset when a position is
 * gone. Retries nothing; after an error the next read uses new connections.
 */
export class PartitionReader {
  readonly #links: RenewedLink;

  constructor(
    connection: KafkaConnection,
    private readonly topic: string,
    private readonly partition: number,
    private readonly committedOnly: boolean,
  ) {
    this.#links = new RenewedLink(connection, { requestTimeoutMs: MAX_WAIT_MS + ANSWER_MS, committedOnly });
  }

  /** What there is from a position on; waits for it if there is nothing. Throws `KafkaFault`. */
  async read(from: number, { maxWaitMs, maxBytes }: ReadOptions): Promise<Fetched> {
    const { topic, partition, committedOnly } = this;
    const link = this.#links.open();
    try {
      const broker = await link.leader(topic, partition);
      const waitMs = Math.min(maxWaitMs, MAX_WAIT_MS);
      const options = { committedOnly, maxWaitMs: waitMs, maxBytes };
      const [found] = await fetchInTime(link, broker, [{ topic, partition, from, maxBytes }], options);
      const error = errorOf(found!.errorCode) ?? found!.unreadable;
      if (error !== null) throw error;
      return fetchedOf(found!, from, committedOnly);
    } catch (error) {
      this.#links.drop(link);
      throw asKafkaFault(error, `${topic}/${partition} could not be read from ${from}`, false);
    }
  }

  /** The first position that is still there, and the one after the last. Throws `KafkaFault`. */
  async bounds(): Promise<{ readonly start: number; readonly end: number }> {
    const link = this.#links.open();
    try {
      return await link.bounds(this.topic, this.partition);
    } catch (error) {
      this.#links.drop(link);
      throw error;
    }
  }

  /** Cuts the connections for good, and with them a read that waits. */
  close(): void {
    this.#links.close();
  }
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
