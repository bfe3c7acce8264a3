import type { KafkaConnection } from '../links/connection.js';
import { Lanes } from '../links/lanes.js';
import type { PartitionRecords } from '../protocol/produce.js';
import type { OutgoingRecord } from '../protocol/record-batch.js';
import { produceEach } from './produce-each.js';

/** Where records came to stand. */
interface Written {
  /** Offset of the first. */
  readonly offset: number;
}

/**
 * Writes to one partition with a plain produce request, acks=all, never twice: what an error left behind is for the
 * caller to find out. After an error the connections are dropped, so that nothing of the old request is sent later.
 * The caller awaits each `write` before the next: order is kept only so.
 */
export class PartitionWriter {
  readonly #lanes: Lanes<PartitionRecords, number>;

  constructor(
    connection: KafkaConnection,
    private readonly topic: string,
    private readonly partition: number,
    timeoutMs: number,
  ) {
    this.#lanes = new Lanes(connection, { requestTimeoutMs: timeoutMs, everyMs: 0 }, (batches, broker, link) =>
      produceEach(link, broker, batches, timeoutMs),
    );
  }

  /** Writes records, all or none. Throws `KafkaFault`; whether they may be there all the same is its `maybeDone`. */
  async write(records: readonly OutgoingRecord[]): Promise<Written> {
    const { topic, partition } = this;
    return { offset: await this.#lanes.ask({ topic, partition, records }) };
  }

  /** Cuts the connections; the next write makes new ones. */
  drop(): void {
    this.#lanes.drop();
  }

  /** Cuts the connections for good, and with them a write that waits. */
  close(): void {
    this.#lanes.close();
  }
}
