import { setTimeout as sleep } from 'node:timers/promises';
import type { KafkaConnection } from '../../kafka/connection.js';
import { KafkaFault } from '../../kafka/fault.js';
import { Link } from '../../kafka/link.js';
import { INPUT_TOPICS, type InputTopic, topicName } from '../../kafka/topics.js';

/** How often the brokers are asked, in ms: what is written to a new partition waits so long at most. */
const LOOK_EVERY_MS = 5000;
/** How long an answer may take, in ms. */
const ANSWER_MS = 3000;

export interface PartitionWatchParts {
  readonly connection: KafkaConnection;
  readonly cell: string;
  /** How many partitions each topic is known to have. */
  readonly partitions: Readonly<Record<InputTopic, number>>;
  /** There is one more partition. */
  readonly added: (topic: InputTopic, partition: number) => void;
  /** Looking is of no use any more. */
  readonly failed: (error: Error) => void;
}

/** Notices that input topics have been given more partitions, to which others may write at once. */
export class PartitionWatch {
  readonly #counts: Record<InputTopic, number>;
  readonly #end = new AbortController();

  constructor(private readonly parts: PartitionWatchParts) {
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
    // A link asks once; only a fresh one hears of what is new.
    const link = new Link(connection, { requestTimeoutMs: ANSWER_MS });
    try {
      for (const topic of INPUT_TOPICS) {
        const count = await link.partitions(topicName(cell, topic));
        if (this.#end.signal.aborted) return;
        for (; this.#counts[topic] < count; this.#counts[topic]++) added(topic, this.#counts[topic]);
      }
    } finally {
      link.drop();
    }
  }
}
