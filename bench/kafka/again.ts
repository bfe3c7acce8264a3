/** The records of a fabric written once more by kafkajs alone: what the client takes for the same bytes. */
import type { Message } from 'kafkajs';
import { makeTopics } from '../../src/kafka/admin.js';
import type { KafkaConnection } from '../../src/kafka/connection.js';
import { Link } from '../../src/kafka/link.js';
import { PartitionReader } from '../../src/kafka/partition-reader.js';
import { INPUT_TOPICS, OUTPUT_TOPICS, topicName } from '../../src/kafka/topics.js';
import { withProducer } from './raw.js';

/** Bytes in one request, as the fabric has them. */
const REQUEST_BYTES = 1024 * 1024;
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
  readonly seconds: number;
}

/**
 * Reads what a cell's topics got in a stretch of time by the broker's clock, and writes the same records by kafkajs, one
 * request after the other: those of the journal alone, or of all topics.
 */
export async function writeAgain(
  connection: KafkaConnection,
  cell: string,
  [fromMs, toMs]: readonly [number, number],
  which: 'journal' | 'all',
): Promise<Again> {
  const topics =
    which === 'journal' ? (['journal'] as const) : (['journal', ...INPUT_TOPICS, ...OUTPUT_TOPICS] as const);
  const batches: Batch[] = [];
  let records = 0;
  let bytes = 0;
  for (const topic of topics) {
    for await (const { partition, message } of recordsOf(connection, topicName(cell, topic), fromMs, toMs)) {
      const size = message.value?.length ?? 0;
      records += 1;
      bytes += size;
      add(batches, `${topicName(cell, topic)}.${which}`, partition, message, topic === 'journal');
    }
  }
  const names = new Map<string, number>();
  for (const { topic, partition } of batches) names.set(topic, Math.max(names.get(topic) ?? 0, partition + 1));
  const settings = { 'max.message.bytes': String(12 * REQUEST_BYTES), 'message.timestamp.type': 'LogAppendTime' };
  const wishes = [...names].map(([name, partitions]) => ({ name, partitions, replicas: 1, settings }));
  await makeTopics(connection, wishes);
  const seconds = await withProducer(connection, async (producer) => {
    const began = performance.now();
    for (const { topic, messages } of batches) await producer.send({ topic, acks: -1, messages });
    return (performance.now() - began) / 1_000;
  });
  return { records, mib: Math.round(bytes / REQUEST_BYTES), seconds: Math.round(seconds * 100) / 100 };
}

/** A turn travels alone, as it must; other records in requests as large as the fabric's. */
function add(batches: Batch[], topic: string, partition: number, message: Message, isAlone: boolean): void {
  const size = message.value?.length ?? 0;
  const last = batches.at(-1);
  const fits = last?.topic === topic && last.partition === partition && last.bytes < REQUEST_BYTES;
  if (last === undefined || !fits || isAlone) {
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
