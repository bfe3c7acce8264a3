import type { KafkaConnection } from '../kafka/links/connection.js';
import { PartitionFeed } from '../kafka/reading/partition-feed.js';
import { type IncomingRecord, PartitionReader } from '../kafka/reading/partition-reader.js';
import { patiently } from '../kafka/reading/patience.js';
import { topicName } from '../kafka/topics/names.js';
import { PartitionWatch } from '../kafka/topics/partition-watch.js';

const TOPIC = 'dispatches';

export interface DispatchesParts {
  readonly connection: KafkaConnection;
  readonly cell: string;
  /** Partitions of the topic. */
  readonly partitions: number;
  /**
   * Called with every dispatch, and who it is for. It may come twice. Nobody has read it: what is for others need not be
   * anything that can be.
   */
  readonly told: (executor: string, dispatch: string) => void;
  /** Called when dispatches have gone before they were read. */
  readonly lost: () => void;
  /** Called once when the topic can't be read any more. */
  readonly failed: (error: Error) => void;
}

/** The dispatches of a cell, from now on. */
export class Dispatches {
  readonly #feeds: PartitionFeed[] = [];
  #watch: PartitionWatch<typeof TOPIC> | null = null;
  #opened: Promise<void> | null = null;
  #isClosed = false;

  constructor(private readonly parts: DispatchesParts) {}

  /** Resolves when whatever is dispatched from now on will be told. Throws `KafkaFault`. */
  opened(): Promise<void> {
    this.#opened ??= this.#open().catch((error: unknown) => {
      this.#opened = null;
      throw error;
    });
    return this.#opened;
  }

  close(): void {
    this.#isClosed = true;
    this.#watch?.stop();
    for (const feed of this.#feeds) void feed.stop();
  }

  async #open(): Promise<void> {
    const { partitions } = this.parts;
    const readers = Array.from({ length: partitions }, (_, partition) => this.#reader(partition));
    let isFollowed = false;
    try {
      const ends: number[] = [];
      for (const reader of readers) ends.push((await patiently(() => reader.bounds())).end);
      if (this.#isClosed) return;
      isFollowed = true;
      this.#followAll(readers, ends);
    } finally {
      // Nobody else knows of them: what they have open would keep the process from ending.
      if (!isFollowed) for (const reader of readers) reader.close();
    }
  }

  #followAll(readers: readonly PartitionReader[], ends: readonly number[]): void {
    const { connection, cell, partitions, failed } = this.parts;
    for (const [index, reader] of readers.entries()) this.#follow(reader, ends[index]!);
    // A partition that is added has no record yet: nothing in it is older than now.
    const added = (_topic: string, partition: number): void => this.#follow(this.#reader(partition), 0);
    this.#watch = new PartitionWatch<typeof TOPIC>({
      connection,
      cell,
      partitions: { [TOPIC]: partitions },
      added,
      failed,
    });
    this.#watch.start();
  }

  #reader(partition: number): PartitionReader {
    const { connection, cell } = this.parts;
    return new PartitionReader(connection, topicName(cell, TOPIC), partition, true);
  }

  #follow(reader: PartitionReader, from: number): void {
    const feed = new PartitionFeed(reader, from, {
      records: ({ records }) => {
        for (const record of records) this.#take(record);
      },
      lost: async () => this.parts.lost(),
      room: async () => undefined,
      failed: this.parts.failed,
    });
    this.#feeds.push(feed);
    feed.start();
  }

  #take({ headers, value }: IncomingRecord): void {
    if (String(headers['schema']) !== 'Dispatch@1' || value === null) return;
    this.parts.told(String(headers['executor']), value.toString('utf8'));
  }
}
