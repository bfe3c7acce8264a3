import { madeOnce } from '../../catalogue/made-once.js';
import type { KafkaFault, OnFault } from '../../kafka/fault.js';
import type { PartitionRecords } from '../../kafka/protocol/produce.js';
import type { OutgoingRecord } from '../../kafka/protocol/record-batch.js';
import { Pauses } from '../../kafka/reading/pauses.js';
import { type OutputTopic, topicName } from '../../kafka/topics/names.js';
import { partitionOf } from '../../kafka/topics/partitions.js';
import { tooSmall } from '../../kafka/topics/topic-plan.js';
import { BatchLimit } from '../../kafka/writing/batch-limit.js';
import type { SharedWriter } from '../../kafka/writing/shared-writer.js';
import type { Projected } from './project.js';

export interface RoundWriterParts {
  readonly cell: string;
  readonly writer: Pick<SharedWriter, 'writeAll' | 'close'>;
  /** How many partitions each topic has. */
  readonly partitions: Readonly<Record<OutputTopic, number>>;
  /** Hears what it waits for. */
  readonly onFault?: OnFault;
}

/** What faults of publishing are told as. */
const PART = 'publishing';

/** What of a round is not written yet of one partition. */
interface Rest {
  readonly topic: string;
  readonly partition: number;
  records: readonly OutgoingRecord[];
}

/**
 * Writes the records of a round to their topics until they are there: those of a partition in their order, and only what
 * was not acknowledged once more.
 */
export class RoundWriter {
  /** Of topics that have refused a batch. */
  readonly #limits = new Map<string, BatchLimit>();
  #isClosed = false;

  constructor(private readonly parts: RoundWriterParts) {}

  /** Ends it; what is under way may be acknowledged or not. */
  close(): void {
    this.#isClosed = true;
    this.parts.writer.close();
    this.parts.onFault?.(PART, null);
  }

  /** Resolves when all of it is there, or this is closed. Throws `KafkaFault` where waiting doesn't help. */
  async write(projected: readonly Projected[]): Promise<void> {
    let rests = this.#byPartition(projected);
    const pauses = new Pauses();
    while (rests.length > 0 && !this.#isClosed) {
      const fault = await this.#writeOnce(rests);
      if (this.#isClosed) return;
      this.parts.onFault?.(PART, fault);
      rests = rests.filter(({ records }) => records.length > 0);
      if (fault !== null) await pauses.pause();
    }
  }

  /** Writes a batch to each partition; gives the fault that is to be waited for, if there is one. */
  async #writeOnce(rests: readonly Rest[]): Promise<KafkaFault | null> {
    const batches = rests.map(({ topic, partition, records }): PartitionRecords => {
      const limit = this.#limits.get(topic);
      return { topic, partition, records: limit === undefined ? records : records.slice(0, limit.countOf(records)) };
    });
    const faults = await this.parts.writer.writeAll(batches);
    if (this.#isClosed) return null;
    let passing: KafkaFault | null = null;
    for (const [i, rest] of rests.entries()) {
      const fault = faults[i]!;
      const { records } = batches[i]!;
      if (fault === null) rest.records = rest.records.slice(records.length);
      else if (fault.code === 'payload-too-large') this.#takeSmaller(rest.topic, records, fault);
      else if (fault.isPassingOnceThere) passing ??= fault;
      else throw fault;
    }
    return passing;
  }

  #takeSmaller(topic: string, refused: readonly OutgoingRecord[], fault: KafkaFault): void {
    if (refused.length === 1) throw tooSmall(fault);
    madeOnce(this.#limits, topic, () => new BatchLimit()).refused(refused);
  }

  #byPartition(projected: readonly Projected[]): readonly Rest[] {
    const { cell, partitions } = this.parts;
    const found = new Map<string, Rest & { readonly records: OutgoingRecord[] }>();
    for (const { topic, record } of projected) {
      const partition = partitionOf(record.key, partitions[topic]);
      const name = `${topic}/${partition}`;
      madeOnce(found, name, () => ({ topic: topicName(cell, topic), partition, records: [] })).records.push(record);
    }
    return [...found.values()];
  }
}
