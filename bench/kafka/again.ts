/** The records of a fabric written once more by kafkajs alone: what the client takes for the same bytes. */
import type { Message } from 'kafkajs';
import type { KafkaConnection } from '../../src/kafka/links/connection.js';
import { Link } from '../../src/kafka/links/link.js';
import { PartitionReader } from '../../src/kafka/reading/partition-reader.js';
import { makeTopics } from '../../src/kafka/topics/admin.js';
import { INPUT_TOPICS, OUTPUT_TOPICS, topicName } from '../../src/kafka/topics/names.js';
import { withProducer } from './raw.js';

const MIB = 1024 * 1024;
/** Bytes in one request: as the fabric has them at most, and less, with which the client may be faster. */
const REQUEST_BYTES = [MIB, 64 * 1024, 16 * 1024];
const FETCH_BYTES = 4 * 1024 * 1024;

/** Records that were written in one request, in the order of their time. */
interface Batch {
  readonly topic: string;
  readonly partition: number;
  readonly messages: Message[];
  bytes: number;
}

/** What was written again. */
export interface Again {
  readonly records: number;
  readonly mib: number;
  /** The time with the size of requests that was the fastest, in s. */
  readonly seconds: number;
  /** The same with each size of requests, in bytes. */
  readonly byRequestBytes: Readonly<Record<string, number>>;
}

/** Records of one topic, with where they stood. */
interface Written {
  readonly topic: string;
  readonly partition: number;
  readonly message: Message;
}

/**
 * Reads what a cell's topics got in a stretch of time by the broker's clock, and writes the same records (keys, values and
 * headers, to topics of the same partitions) by kafkajs, one request after the other: those of the journal alone, or of
 * all topics: inputs, journal and projections, which is all that the run has put on the broker.
 */
export async function writeAgain(
  connection: KafkaConnection,
  cell: string,
  [fromMs, toMs]: readonly [number, number],
  which: 'journal' | 'all',
): Promise<Again> {
  const topics =
    which === 'journal' ? (['journal'] as const) : (['journal', ...INPUT_TOPICS, ...OUTPUT_TOPICS] as const);
  const found: Written[] = [];
  let bytes = 0;
  for (const topic of topics) {
    for await (const { partition, message } of recordsOf(connection, topicName(cell, topic), fromMs, toMs)) {
      bytes += message.value?.length ?? 0;
      found.push({ topic, partition, message });
    }
  }
  const byRequestBytes: Record<string, number> = {};
  // A turn travels alone, as it must: of the journal there is one way.
  for (const most of which === 'journal' ? REQUEST_BYTES.slice(0, 1) : REQUEST_BYTES) {
    byRequestBytes[most] = await writeBy(connection, `${cell}.${which}.again-${most}`, found, most);
  }
  const seconds = Math.min(...Object.values(byRequestBytes));
  return { records: found.length, mib: Math.round(bytes / MIB), seconds, byRequestBytes };
}

/** The time that the client takes for records in requests of so many bytes, in s. */
async function writeBy(
  connection: KafkaConnection,
  prefix: string,
  found: readonly Written[],
  most: number,
): Promise<number> {
  const batches: Batch[] = [];
  const partitions = new Map<string, number>();
  for (const { topic, partition, message } of found) {
    const name = `${prefix}.${topic}`;
    partitions.set(name, Math.max(partitions.get(name) ?? 0, partition + 1));
    add(batches, { topic: name, partition, message }, topic === 'journal' ? 0 : most);
  }
  const settings = { 'max.message.bytes': String(12 * MIB), 'message.timestamp.type': 'LogAppendTime' };
  const wishes = [...partitions].map(([name, count]) => ({ name, partitions: count, replicas: 1, settings }));
  await makeTopics(connection, wishes);
  return withProducer(connection, async (producer) => {
    const began = performance.now();
    for (const { topic, messages } of batches) await producer.send({ topic, acks: -1, messages });
    return Math.round(performance.now() - began) / 1_000;
  });
}

/** Adds a record to the request before it, if that is of the same partition and has less than so many bytes. */
function add(batches: Batch[], { topic, partition, message }: Written, most: number): void {
  const size = message.value?.length ?? 0;
  const last = batches.at(-1);
  if (last === undefined || last.topic !== topic || last.partition !== partition || last.bytes >= most) {
    batches.push({ topic, partition, messages: [message], bytes: size });
    return;
  }
  last.messages.push(message);
  last.bytes += size;
}

async function* recordsOf(connection: KafkaConnection, topic: string, fromMs: number, toMs: number) {
  const link = new Link(connection, { requestTimeoutMs: 5_000 });
  const partitions = await link.partitions(topic);
  link.drop();
  for (let partition = 0; partition < partitions; partition++) {
    const reader = new PartitionReader(connection, topic, partition, false);
    const { end } = await reader.bounds();
    for (let next = 0; next < end; ) {
      const fetched = await reader.read(next, { maxWaitMs: 100, maxBytes: FETCH_BYTES });
      for (const { timestampMs, key, value, headers } of fetched.records) {
        if (timestampMs < fromMs || timestampMs >= toMs) continue;
        const message: Message = { partition, key, value, headers: headers as NonNullable<Message['headers']> };
        yield { partition, message };
      }
      next = fetched.next;
    }
    reader.close();
  }
}
