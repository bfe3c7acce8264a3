import type { Broker } from 'kafkajs/src/cluster/index.js';
import type { KafkaConnection } from './connection.js';
import { asKafkaFault } from './fault.js';
import { type PartitionRecords, produce } from './protocol/produce.js';
import { RenewedLink } from './renewed-link.js';

/**
 * Writes records to many partitions, with one request to each broker that leads some of them. What is written when it
 * throws is not known: whoever calls it writes all of it again. One call at a time, so that order is kept.
 */
export class BatchWriter {
  readonly #links: RenewedLink;

  constructor(
    connection: KafkaConnection,
    private readonly timeoutMs: number,
  ) {
    this.#links = new RenewedLink(connection, { requestTimeoutMs: timeoutMs });
  }

  /** Resolves when all records are acknowledged by all replicas in sync. Throws `KafkaFault`. */
  async write(batches: readonly PartitionRecords[]): Promise<void> {
    if (batches.length === 0) return;
    const link = this.#links.open();
    try {
      const byBroker = new Map<Broker, PartitionRecords[]>();
      for (const batch of batches) {
        const broker = await link.leader(batch.topic, batch.partition);
        const known = byBroker.get(broker);
        if (known === undefined) byBroker.set(broker, [batch]);
        else known.push(batch);
      }
      await Promise.all([...byBroker].map(([broker, own]) => link.answer(produce(broker, own, this.timeoutMs))));
    } catch (error) {
      this.#links.drop(link);
      throw asKafkaFault(error, 'records could not be written', true);
    }
  }

  /** Cuts the connections for good, and with them a write that waits. */
  close(): void {
    this.#links.close();
  }
}
