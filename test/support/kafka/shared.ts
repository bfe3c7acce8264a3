/** The broker that all tests of the project `kafka` share; each test uses topics of its own. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { type beforeEach, inject } from 'vitest';
import type { KafkaConnection } from '../../../src/kafka/connection.js';
import { type KafkaProxy, startProxy } from './proxy.js';

type TestContext = Parameters<Parameters<typeof beforeEach>[0]>[0];

/** Skips the test, loudly, where there is no broker. */
export function needsKafka(context: TestContext): void {
  const shared = inject('kafka');
  if ('missing' in shared) context.skip(`no Kafka: ${shared.missing}`);
}

/** How the shared broker is reached. */
export function sharedKafka(): KafkaConnection {
  const shared = inject('kafka');
  if ('missing' in shared) throw new Error(`no Kafka: ${shared.missing}`);
  return { brokers: shared.addresses, clientId: 'marie-test' };
}

/** Starts a proxy before the shared broker, and gives how the broker is reached through it. */
export async function proxiedKafka(): Promise<{ proxy: KafkaProxy; connection: KafkaConnection }> {
  const shared = inject('kafka');
  if ('missing' in shared) throw new Error(`no Kafka: ${shared.missing}`);
  const { port, tells } = shared.proxied;
  const proxy = await startProxy({ listenOn: tells, forwardTo: port });
  return { proxy, connection: { brokers: [`127.0.0.1:${tells}`], clientId: 'marie-test' } };
}

/** A name that no other test uses. */
export function freshName(what: string): string {
  return `${what}-${randomBytes(4).toString('hex')}`;
}

export interface TopicOptions {
  readonly partitions?: number;
  readonly config?: Readonly<Record<string, string>>;
}

/** Makes a topic, and waits until its partitions have leaders. */
export async function makeTopic(
  { brokers }: KafkaConnection,
  topic: string,
  { partitions = 1, config = {} }: TopicOptions = {},
): Promise<void> {
  const kafka = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  try {
    const configEntries = Object.entries({ 'max.message.bytes': String(12 * 1024 * 1024), ...config });
    await admin.createTopics({
      waitForLeaders: false,
      topics: [
        { topic, numPartitions: partitions, configEntries: configEntries.map(([name, value]) => ({ name, value })) },
      ],
    });
    // The client's own wait gives up at a broker that has not heard of the topic yet.
    while (!(await hasLeaders(admin, topic))) await sleep(20);
  } finally {
    await admin.disconnect();
  }
}

async function hasLeaders(admin: Admin, topic: string): Promise<boolean> {
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    return topics.every(({ partitions }) => partitions.length > 0 && partitions.every(({ leader }) => leader >= 0));
  } catch {
    return false;
  }
}
