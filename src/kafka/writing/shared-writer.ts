import type { Broker } from 'kafkajs/src/cluster/index.js';
import { KafkaFault } from '../fault.js';
import type { KafkaConnection } from '../links/connection.js';
import { type Ask, Lanes } from '../links/lanes.js';
import type { Link } from '../links/link.js';
import type { PartitionRecords } from '../protocol/produce.js';
import type { OutgoingRecord } from '../protocol/record-batch.js';
import { produceEach } from './produce-each.js';

/** The records of a partition; they are taken when the request leaves. */
interface Writing extends Ask {
  readonly take: () => readonly OutgoingRecord[];
}

/**
 * Writes to many partitions with plain produce requests, acks=all, one at a time to each broker. Never twice: what an
 * error left behind is for the caller to find out. The caller awaits each `write` to a partition before the next: order is
 * kept only so.
 */
export class SharedWriter {
  readonly #lanes: Lanes<Writing, null>;
  readonly #timeoutMs: number;

  /** `everyMs` is how far apart the requests to a broker begin, in ms, at least. */
  constructor(connection: KafkaConnection, { timeoutMs, everyMs }: { timeoutMs: number; everyMs: number }) {
    this.#timeoutMs = timeoutMs;
    const options = { requestTimeoutMs: timeoutMs, everyMs };
    this.#lanes = new Lanes(connection, options, (asks, broker, link) => this.#send(asks, broker, link));
  }

  /**
   * Writes what `take` gives when the request leaves, all or none. Throws `KafkaFault`; whether it may be there all the
   * same is its `maybeDone`.
   */
  async write(topic: string, partition: number, take: () => readonly OutgoingRecord[]): Promise<void> {
    await this.#lanes.ask({ topic, partition, take });
  }

  /** Writes to several partitions; gives what became of each, null for what is there, when none is under way any more. */
  async writeAll(batches: readonly PartitionRecords[]): Promise<readonly (KafkaFault | null)[]> {
    const asked = batches.map(({ topic, partition, records }) => this.write(topic, partition, () => records));
    const ends = await Promise.allSettled(asked);
    return ends.map((end) => {
      if (end.status === 'fulfilled') return null;
      if (end.reason instanceof KafkaFault) return end.reason;
      throw end.reason;
    });
  }

  /** Cuts the connections for good, and with them a write that waits. */
  close(): void {
    this.#lanes.close();
  }

  async #send(asks: readonly Writing[], broker: Broker, link: Link): Promise<readonly (KafkaFault | null)[]> {
    const batches = asks.map(({ topic, partition, take }) => ({ topic, partition, records: take() }));
    const sent = batches.filter(({ records }) => records.length > 0);
    if (sent.length === 0) return asks.map(() => null);
    const ends = await produceEach(link, broker, sent, this.#timeoutMs);
    return batches.map((batch) => {
      const end = ends[sent.indexOf(batch)];
      return end instanceof KafkaFault ? end : null;
    });
  }
}
