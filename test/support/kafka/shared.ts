/** The broker that all tests of the project `kafka` share; each test uses topics of its own. */
import { randomBytes } from 'node:crypto';
import { type beforeEach, inject } from 'vitest';
import type { KafkaConnection } from '../../../src/kafka/links/connection.js';
import { makeTopics } from '../../../src/kafka/topics/admin.js';
import { MAX_RECORD_BYTES } from '../../../src/kafka/topics/topic-plan.js';
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

/**
 * Starts a proxy before the shared broker, and gives how the broker is reached through it. There is a place for each file
 * that runs at once; it takes one that nobody has, as Vitest may number two workers alike where one kind of tests follows
 * another.
 */
export async function proxiedKafka(): Promise<{ proxy: KafkaProxy; connection: KafkaConnection }> {
  const shared = inject('kafka');
  if ('missing' in shared) throw new Error(`no Kafka: ${shared.missing}`);
  for (const { port, tells } of shared.proxied) {
    const proxy = await startProxy({ listenOn: tells, forwardTo: port });
    if (proxy !== null) return { proxy, connection: { brokers: [`127.0.0.1:${tells}`], clientId: 'marie-test' } };
  }
  throw new Error('every place before the broker is taken');
}

/** A name that no other test uses. */
export function freshName(what: string): string {
  return `${what}-${randomBytes(4).toString('hex')}`;
}

export interface TopicOptions {
  readonly partitions?: number;
  readonly config?: Readonly<Record<string, string>>;
}

/** Makes a topic, and waits until its partitions can be asked. */
export function makeTopic(
  connection: KafkaConnection,
  name: string,
  { partitions = 1, config = {} }: TopicOptions = {},
): Promise<void> {
  const settings = { 'max.message.bytes': String(MAX_RECORD_BYTES), ...config };
  return makeTopics(connection, [{ name, partitions, replicas: 1, settings }]);
}
