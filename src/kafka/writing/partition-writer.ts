import { asKafkaFault } from '../fault.js';
import type { KafkaConnection } from '../links/connection.js';
import { RenewedLink } from '../links/renewed-link.js';
import { errorOf } from '../protocol/answer.js';
import type { OutgoingRecord } from '../protocol/record-batch.js';
import { produceInTime } from './produce-in-time.js';

/** Where records came to stand. */
export interface Written {
  /** Offset of the first. */
  readonly offset: number;
}

/**
 * Writes to one partition with a plain produce request, acks=all, never twice: what an error left behind is for the
 * caller to find out. After an error the connections are dropped, so that nothing of the old request is sent later.
 * The caller awaits each `write` before the next: order is kept only so.
 */
export class PartitionWriter {
  readonly #links: RenewedLink;

  constructor(
    connection: KafkaConnection,
    private readonly topic: string,
    private readonly partition: number,
    private readonly timeoutMs: number,
  ) {
    this.#links = new RenewedLink(connection, { requestTimeoutMs: timeoutMs });
  }

  /** Writes records, all or none. Throws `KafkaFault`; whether they may be there all the same is its `maybeDone`. */
  async write(records: readonly OutgoingRecord[]): Promise<Written> {
    const { topic, partition, timeoutMs } = this;
    const link = this.#links.open();
    let wasSent = false;
    try {
      const broker = await link.leader(topic, partition);
      wasSent = true;
      const [said] = await produceInTime(link, broker, [{ topic, partition, records }], timeoutMs);
      const error = errorOf(said!.errorCode);
      if (error !== null) throw error;
      return { offset: said!.offset };
    } catch (error) {
      this.#links.drop(link);
      throw asKafkaFault(error, `${topic}/${partition} could not be written`, wasSent);
    }
  }

  /** Cuts the connections; the next write makes new ones. */
  drop(): void {
    this.#links.drop();
  }

  /** Cuts the connections for good, and with them a write that waits. */
  close(): void {
    this.#links.close();
  }
}
