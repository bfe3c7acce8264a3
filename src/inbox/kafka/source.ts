import { sizeOfInput } from '../../catalogue/input-size.js';
import type { OnFault } from '../../kafka/fault.js';
import type { Framing } from '../../kafka/framing.js';
import type { KafkaConnection } from '../../kafka/links/connection.js';
import { HeldBack } from '../../kafka/reading/held-back.js';
import { type FeedSink, PartitionFeed } from '../../kafka/reading/partition-feed.js';
import { SharedReader } from '../../kafka/reading/shared-reader.js';
import { INPUT_TOPICS, type InputTopic, topicName } from '../../kafka/topics/names.js';
import { PartitionWatch } from '../../kafka/topics/partition-watch.js';
import type { InputSource, LostInputs, Pending } from '../port.js';
import { ReadInputs } from './read-inputs.js';
import { type Edge, inputOfRecord } from './record.js';

export interface KafkaInputsParts {
  readonly connection: KafkaConnection;
  readonly cell: string;
  readonly framing: Framing;
  readonly edge: Edge;
  /** How many partitions each topic had when the process began; those that are added later are read, too. */
  readonly partitions: Readonly<Record<InputTopic, number>>;
  /** Called once when a topic can't be read any more. */
  readonly onFatal: (error: Error) => void;
  /** Hears which partitions can't be read for now. */
  readonly onFault?: OnFault;
  readonly monotonicMs: () => number;
}

/** Inputs and their bytes that are read ahead at most. */
const MAX_AHEAD = 65_536;
const MAX_AHEAD_BYTES = 64 * 1024 * 1024;

const nobody = (): void => undefined;

/**
 * The inputs of a cell's topics as a leader reads them, from the positions on that the journal says: nothing is
 * committed at the brokers. Within a partition the order is kept. What isn't read yet waits at the brokers, so what is
 * held here is bounded.
 */
export class KafkaInputs implements InputSource {
  readonly #parts: KafkaInputsParts;
  readonly #reader: SharedReader;
  readonly #ahead = new ReadInputs();
  readonly #feeds: { readonly topic: InputTopic; readonly feed: PartitionFeed }[] = [];
  #watch: PartitionWatch<InputTopic> | null = null;
  readonly #waitsForRoom: (() => void)[] = [];
  #isClosed = false;
  onArrival: () => void = nobody;
  onUnheard: (fromMs: number, toMs: number) => void = nobody;

  constructor(parts: KafkaInputsParts) {
    this.#parts = parts;
    this.#reader = new SharedReader(parts.connection);
  }

  get waiting(): number {
    return this.#ahead.length;
  }

  get isCaughtUp(): boolean {
    if (this.waiting > 0 || this.#feeds.length === 0) return false;
    return this.#feeds.every(({ topic, feed }) => topic !== 'callbacks' || feed.isAtEnd);
  }

  open(positions: ReadonlyMap<string, number>): void {
    if (this.#isClosed) return;
    const { connection, cell, partitions: all, onFatal } = this.#parts;
    const { submissions, callbacks, controls } = all;
    const partitions = { submissions, callbacks, controls };
    const added = (topic: InputTopic, partition: number): void => {
      const feed = this.#feed(topic, partition, positions.get(`${topic}/${partition}`) ?? 0);
      this.#feeds.push({ topic, feed });
      feed.start();
    };
    for (const topic of INPUT_TOPICS) for (let i = 0; i < partitions[topic]; i++) added(topic, i);
    this.#watch = new PartitionWatch({ connection, cell, partitions, added, failed: onFatal });
    this.#watch.start();
  }

  close(): void {
    this.#isClosed = true;
    this.#watch?.stop();
    for (const { feed } of this.#feeds) void feed.stop();
    this.#reader.close();
    this.#ahead.clear();
    this.#makeRoom();
  }

  take(most: number, bytes: number): readonly Pending[] {
    const taken = this.#ahead.take(most, bytes);
    this.#makeRoom();
    return taken;
  }

  takeLost(): readonly LostInputs[] {
    return this.#ahead.takeLost();
  }

  giveBack(pending: readonly Pending[]): void {
    if (!this.#isClosed) this.#ahead.giveBack(pending);
  }

  #feed(topic: InputTopic, partition: number, from: number): PartitionFeed {
    const { cell, framing, edge, onFatal, onFault, monotonicMs } = this.#parts;
    const name = topicName(cell, topic);
    const reader = this.#reader.partition(name, partition);
    const heldBack = new HeldBack({ what: `${name}/${partition}`, untilEnd: topic === 'callbacks', monotonicMs });
    const sink: FeedSink = {
      records: ({ records }) => {
        for (const record of records) {
          const input = inputOfRecord(record, { topic, partition }, framing, edge);
          const place = { source: topic, partition, next: record.offset + 1 };
          this.#ahead.push({ input, place, bytes: sizeOfInput(input), told: nobody });
        }
        this.onArrival();
      },
      lost: (lostFrom, to) => {
        const taken = this.#ahead.lost({ source: topic, partition, from: lostFrom, to });
        this.onArrival();
        return taken;
      },
      room: () => this.#room(),
      fault: (fault) => onFault?.(`${topic}/${partition}`, fault),
      unheard: (fromMs, toMs) => {
        if (topic === 'callbacks') this.onUnheard(fromMs, toMs);
      },
      failed: onFatal,
    };
    return new PartitionFeed(reader, from, sink, heldBack, monotonicMs);
  }

  #hasRoom(): boolean {
    return this.#isClosed || (this.#ahead.inputs < MAX_AHEAD && this.#ahead.bytes < MAX_AHEAD_BYTES);
  }

  #makeRoom(): void {
    if (this.#hasRoom()) for (const run of this.#waitsForRoom.splice(0)) run();
  }

  async #room(): Promise<void> {
    while (!this.#hasRoom()) await new Promise<void>((resolve) => this.#waitsForRoom.push(resolve));
  }
}
