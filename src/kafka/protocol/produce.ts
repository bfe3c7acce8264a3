/** Produce requests (version 7), with batches of our own. */
import type { Broker } from 'kafkajs/src/cluster/index.js';
import { AnswerReader, ByPartition, send } from './answer.js';
import { byTopic } from './by-topic.js';
import { type OutgoingRecord, writeBatch } from './record-batch.js';
import { Scratch } from './scratch.js';

/** Records for one partition. */
export interface PartitionRecords {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly OutgoingRecord[];
}

/** How long it may take, in ms. */
export interface ProducePatience {
  /** Until others have the records, once the broker has them. */
  readonly timeoutMs: number;
  /** Until the broker answers, at least as long as any request. */
  readonly requestTimeout: number;
}

/** What a broker says of the records for one partition. */
export interface ProducedPartition {
  readonly errorCode: number;
  /** Offset of the first. */
  readonly offset: number;
}

const API = { apiKey: 0, apiVersion: 7, apiName: 'Produce' };
const ALL_IN_SYNC = -1;
/** Bytes of a request, of a topic beside its name, and of a partition beside its batch. */
const REQUEST_BYTES = 12;
const TOPIC_BYTES = 6;
const PARTITION_BYTES = 8;

const scratch = new Scratch();

interface Answer {
  readonly partitions: ByPartition<ProducedPartition>;
  readonly clientSideThrottleTime: number;
}

/**
 * Writes records with one request to the broker that leads their partitions, acks=all; what it says of each, in the order of
 * the batches. `onThrottled` hears for how many ms it does not hear this client any more, which has had more than its quota.
 */
export async function produce(
  broker: Broker,
  batches: readonly PartitionRecords[],
  { timeoutMs, requestTimeout }: ProducePatience,
  onThrottled: (ms: number) => void = () => undefined,
): Promise<readonly ProducedPartition[]> {
  const payload = encode(batches, timeoutMs);
  const { partitions, clientSideThrottleTime } = await send(broker, API, payload, decode, requestTimeout);
  if (clientSideThrottleTime > 0) onThrottled(clientSideThrottleTime);
  return batches.map(({ topic, partition }) => partitions.get(topic, partition));
}

function encode(batches: readonly PartitionRecords[], timeoutMs: number): Buffer {
  const now = Date.now();
  scratch.reset();
  scratch.reserve(REQUEST_BYTES);
  scratch.int16(-1); // no transaction
  scratch.int16(ALL_IN_SYNC);
  scratch.int32(timeoutMs);
  const topics = byTopic(batches);
  scratch.int32(topics.size);
  for (const [topic, own] of topics) {
    const name = Buffer.from(topic, 'utf8');
    scratch.reserve(TOPIC_BYTES + name.length);
    scratch.int16(name.length);
    scratch.raw(name);
    scratch.int32(own.length);
    for (const { partition, records } of own) {
      scratch.reserve(PARTITION_BYTES);
      scratch.int32(partition);
      const lengthAt = scratch.at;
      scratch.int32(0);
      writeBatch(scratch, records, now);
      scratch.bytes.writeInt32BE(scratch.at - lengthAt - 4, lengthAt);
    }
  }
  return scratch.taken();
}

function decode(bytes: Buffer): Answer {
  const at = new AnswerReader(bytes);
  const partitions = new ByPartition<ProducedPartition>();
  at.array(() => {
    const topic = at.text();
    at.array(() => {
      const partition = at.int32();
      const said = { errorCode: at.int16(), offset: at.int64() };
      at.int64(); // when the broker took them
      at.int64(); // the first position that is still there
      partitions.add(topic, partition, said);
    });
  });
  return { partitions, clientSideThrottleTime: at.int32() };
}
