import type { Broker } from 'kafkajs/src/cluster/index.js';
import type { KafkaFault } from '../fault.js';
import type { KafkaConnection } from '../links/connection.js';
import { Lanes } from '../links/lanes.js';
import type { Link } from '../links/link.js';
import { ANSWER_MS, type Fetched, fetchEach, MAX_WAIT_MS, type Reading, type ReadOptions } from './partition-reader.js';

/** Bytes of one answer, about; a larger single batch comes whole. */
const ANSWER_BYTES = 4 * 1024 * 1024;
/** How long the broker may wait while a partition isn't asked for, in ms: when it is, it waits for that answer. */
const SHORT_WAIT_MS = 20;

/**
 * Reads what is committed of many partitions, from positions that the callers keep, with one fetch request at a time to
 * each broker: it is answered when any of the partitions has records. Retries nothing.
 */
export class SharedReader {
  readonly #lanes: Lanes<Reading, Fetched>;
  /** How many partitions are read, and for how many of them a broker is asked or about to be. */
  #open = 0;
  #asking = 0;
  /** Which partition comes first, so that none is kept from its turn by those before it. */
  #first = 0;

  constructor(connection: KafkaConnection) {
    const options = { requestTimeoutMs: MAX_WAIT_MS + ANSWER_MS, everyMs: 0 };
    this.#lanes = new Lanes(connection, options, (asks, broker, link) => this.#fetch(asks, broker, link));
  }

  /** A reader of one partition. */
  partition(topic: string, partition: number): SharedPartition {
    let isOpen = true;
    this.#open += 1;
    return {
      read: (from, options) => this.#read({ topic, partition, from, ...options }),
      bounds: () => this.#lanes.bounds(topic, partition),
      close: () => {
        if (isOpen) this.#open -= 1;
        isOpen = false;
      },
    };
  }

  /** Cuts the connections for good, and with them what waits. */
  close(): void {
    this.#lanes.close();
  }

  async #read(reading: Reading): Promise<Fetched> {
    this.#asking += 1;
    try {
      return await this.#lanes.ask(reading);
    } finally {
      this.#asking -= 1;
    }
  }

  async #fetch(asks: readonly Reading[], broker: Broker, link: Link): Promise<readonly (Fetched | KafkaFault)[]> {
    const first = this.#first++ % asks.length;
    const places = [...asks.slice(first), ...asks.slice(0, first)];
    const longest = this.#asking < this.#open ? SHORT_WAIT_MS : MAX_WAIT_MS;
    const maxWaitMs = Math.min(longest, ...asks.map((ask) => ask.maxWaitMs));
    const options = { committedOnly: true, maxWaitMs, maxBytes: ANSWER_BYTES };
    const found = await fetchEach(link, broker, places, options);
    const count = asks.length;
    return asks.map((_, index) => found[(index - first + count) % count]!);
  }
}

/** One of the partitions that are read together. */
export interface SharedPartition {
  /** What there is from a position on; waits for it if nothing is there, and may give nothing. Throws `KafkaFault`. */
  read(from: number, options: ReadOptions): Promise<Fetched>;
  /** The first position that is still there, and the one after the last. Throws `KafkaFault`. */
  bounds(): Promise<{ readonly start: number; readonly end: number }>;
  /** It is not read any more; the others don't wait for it. A read that waits ends by itself, or with all of them. */
  close(): void;
}
