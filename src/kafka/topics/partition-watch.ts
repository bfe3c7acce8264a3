import { setTimeout as sleep } from 'node:timers/promises';
import { KafkaFault } from '../fault.js';
import type { KafkaConnection } from '../links/connection.js';
import type { InputTopic, OutputTopic } from './names.js';
import { countPartitions } from './partition-counts.js';

/** How often the brokers are asked, in ms: what is written to a new partition waits so long at most. */
const LOOK_EVERY_MS = 5000;

export interface PartitionWatchParts<T extends InputTopic | OutputTopic> {
  readonly connection: KafkaConnection;
  readonly cell: string;
  /** How many partitions each topic is known to have. */
  readonly partitions: Readonly<Record<T, number>>;
  /** There is one more partition. */
  readonly added: (topic: T, partition: number) => void;
  /** Looking is of no use any more. */
  readonly failed: (error: Error) => void;
}

/** Notices that topics have been given more partitions, to which others may write at once. */
export class PartitionWatch<T extends InputTopic | OutputTopic> {
  readonly #counts: Record<T, number>;
  readonly #end = new AbortController();

  constructor(private readonly parts: PartitionWatchParts<T>) {
    this.#counts = { ...parts.partitions };
  }

  /** Looks at once, and then again and again until `stop`. */
  start(): void {
    void this.#run();
  }

  stop(): void {
    this.#end.abort();
  }

  async #run(): Promise<void> {
    const { signal } = this.#end;
    while (!signal.aborted) {
      try {
        await this.#look();
      } catch (error) {
        // Whoever reads the partitions that are known meets the same fault, and says so.
        if (!(error instanceof KafkaFault)) return this.parts.failed(error as Error);
      }
      await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  async #look(): Promise<void> {
    const { connection, cell, added } = this.parts;
    const counts = await countPartitions(connection, cell, Object.keys(this.#counts) as T[]);
    if (this.#end.signal.aborted) return;
    for (const topic of Object.keys(counts) as T[]) {
      for (; this.#counts[topic] < counts[topic]; this.#counts[topic]++) added(topic, this.#counts[topic]);
    }
  }
}
