/** What the broker and the client reach without a fabric: one partition, acks=all. */
import { randomBytes } from 'node:crypto';
import kafkajs, { type Producer } from 'kafkajs';
import type { KafkaConnection } from '../../src/kafka/links/connection.js';
import { kafkaTool } from '../../test/support/kafka/tools.js';

const MIB = 1024 * 1024;

/** How fast records were written. */
export interface Rate {
  readonly recordBytes: number;
  readonly recordsPerSecond: number;
  readonly mibPerSecond: number;
}

/** Kafka's own producer, in Java, as its performance tool drives it. */
export async function perfToolRate(
  { brokers }: KafkaConnection,
  topic: string,
  recordBytes: number,
  megabytes: number,
): Promise<Rate> {
  const count = Math.ceil((megabytes * MIB) / recordBytes);
  const records = ['--topic', topic, '--num-records', `${count}`, '--record-size', `${recordBytes}`];
  const producer = [`bootstrap.servers=${brokers.join(',')}`, 'acks=all', `batch.size=${MIB}`, 'linger.ms=5'];
  const said = await kafkaTool('ProducerPerformance', [
    ...records,
    '--throughput',
    '-1',
    '--producer-props',
    ...producer,
  ]);
  const last = said.trim().split('\n').at(-1) ?? '';
  const [, perSecond, rate] = /([\d.]+) records\/sec \(([\d.]+) MB\/sec\)/.exec(last) ?? [];
  if (perSecond === undefined) throw new Error(`the tool said: ${said}`);
  return { recordBytes, recordsPerSecond: Math.round(Number(perSecond)), mibPerSecond: Number(rate) };
}

/** kafkajs as its documentation says: one record in each send, the next after its answer, as a journal must be written. */
export async function kafkajsRate(
  connection: KafkaConnection,
  topic: string,
  recordBytes: number,
  seconds: number,
): Promise<Rate> {
  const value = randomBytes(recordBytes);
  return withProducer(connection, async (producer) => {
    const send = () => producer.send({ topic, acks: -1, messages: [{ partition: 0, value }] });
    for (let i = 0; i < 20; i++) await send();
    const began = performance.now();
    let count = 0;
    for (; performance.now() - began < seconds * 1_000; count++) await send();
    return rateOf(recordBytes, count, performance.now() - began);
  });
}

function rateOf(recordBytes: number, count: number, ms: number): Rate {
  const recordsPerSecond = (count * 1_000) / ms;
  const mibPerSecond = Math.round(((recordsPerSecond * recordBytes) / MIB) * 10) / 10;
  return { recordBytes, recordsPerSecond: Math.round(recordsPerSecond), mibPerSecond };
}

/** Uses a plain producer of kafkajs. */
export async function withProducer<T>(
  { brokers }: KafkaConnection,
  use: (producer: Producer) => Promise<T>,
): Promise<T> {
  const kafka = new kafkajs.Kafka({ brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING });
  const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
  await producer.connect();
  try {
    return await use(producer);
  } finally {
    await producer.disconnect();
  }
}
