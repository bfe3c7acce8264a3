/** A partition whose brokers are all away, among others that are led: what can be had of the others goes on. */
import { beforeEach, expect, it } from 'vitest';
import type { KafkaConnection } from '../../../src/kafka/links/connection.js';
import { SharedReader } from '../../../src/kafka/reading/shared-reader.js';
import { findTopics, findTopicsWithContent, makeTopics } from '../../../src/kafka/topics/admin.js';
import { PartitionWriter } from '../../../src/kafka/writing/partition-writer.js';
import { SharedWriter } from '../../../src/kafka/writing/shared-writer.js';
import { metadataAnswer, topicsAsked } from '../../support/kafka/metadata-answer.js';
import type { KafkaProxy } from '../../support/kafka/proxy.js';
import { freshName, makeTopic, needsKafka, proxiedKafka, sharedKafka } from '../../support/kafka/shared.js';
import { PATIENT_MS } from '../../support/patience.js';

const METADATA = 3;
const READ = { maxWaitMs: 0, maxBytes: 1024 * 1024 };
const NO_LEADER = {
  code: 'kafka-unavailable',
  maybeDone: false,
  message: expect.stringContaining('has no leader now'),
};

let topic: string;
let proxy: KafkaProxy;
let connection: KafkaConnection;
let port: number;

beforeEach(async (context) => {
  needsKafka(context);
  topic = freshName('leaderless');
  await makeTopic(sharedKafka(), topic, { partitions: 2 });
  ({ proxy, connection } = await proxiedKafka());
  port = Number(connection.brokers[0]!.split(':')[1]);
  return () => proxy.close();
});

const recordOf = (text: string) => ({ key: null, value: Buffer.from(text), headers: {} });

it('the others are written and read, whoever asks for it beside them', async () => {
  proxy.answers = (apiKey, request) => {
    if (apiKey !== METADATA) return null;
    return metadataAnswer(
      port,
      topicsAsked(request).map((name) => ({ name, isLed: [true, false] })),
    );
  };
  const alone = new PartitionWriter(connection, topic, 0, PATIENT_MS);
  await alone.write([recordOf('a')]);
  alone.close();
  const writer = new SharedWriter(connection, { timeoutMs: PATIENT_MS, everyMs: 0 });
  const write = (partition: number, text: string) => writer.write(topic, partition, () => [recordOf(text)]);
  const reader = new SharedReader(connection);
  const parts = [reader.partition(topic, 0), reader.partition(topic, 1)];
  for (const text of ['b', 'c']) {
    const ends = await Promise.allSettled([write(1, 'never'), write(0, text)]);
    expect(ends).toMatchObject([{ reason: NO_LEADER }, { status: 'fulfilled' }]);
  }
  const ends = await Promise.allSettled(parts.map((part) => part.read(0, READ)));
  expect(ends).toMatchObject([{ value: { next: 3, end: 3 } }, { reason: NO_LEADER }]);
  await expect(parts[1]!.bounds()).rejects.toMatchObject(NO_LEADER);
  writer.close();
  reader.close();
});

it('keeps nobody from looking at the settings of its topic: a process that starts does that', async () => {
  proxy.answers = (apiKey) =>
    apiKey === METADATA ? metadataAnswer(port, [{ name: topic, isLed: [true, false] }]) : null;
  const [found] = await findTopics(connection, [topic]);
  expect(found).toMatchObject({ name: topic, partitions: 2, settings: { 'compression.type': expect.any(String) } });
  await expect(findTopicsWithContent(connection, [topic])).rejects.toMatchObject({ code: 'kafka-unavailable' });
});

it("somebody else's keeps no topics from being looked at and made", async () => {
  const foreign = { name: 'foreign', isLed: [false] };
  // Who asks for topics by their names hears of those alone.
  proxy.answers = (apiKey, request) => {
    if (apiKey !== METADATA || topicsAsked(request).length > 0) return null;
    return metadataAnswer(port, [foreign, { name: topic, isLed: [true, true] }]);
  };
  const found = await findTopicsWithContent(connection, [topic]);
  expect(found).toMatchObject([{ name: topic, partitions: 2, isEmpty: true }]);
  const made = freshName('made');
  await makeTopics(connection, [{ name: made, partitions: 1, replicas: 1, settings: {} }]);
  const writer = new PartitionWriter(connection, made, 0, PATIENT_MS);
  await writer.write([recordOf('a')]);
  writer.close();
});
