/** Brokers that have not heard of a topic, or of who leads it, for as long as the news takes: it passes by itself. */
import { beforeEach, describe, expect, it } from 'vitest';
import { growTopics, makeTopics } from '../../../src/kafka/admin.js';
import type { KafkaConnection } from '../../../src/kafka/connection.js';
import { PartitionWriter } from '../../../src/kafka/partition-writer.js';
import { offsetsRefused } from '../../support/kafka/offsets-answer.js';
import type { KafkaProxy } from '../../support/kafka/proxy.js';
import { freshName, needsKafka, proxiedKafka } from '../../support/kafka/shared.js';
import { PATIENT_MS } from '../../support/patience.js';

const OFFSETS = 2;
/** More than the client itself tries. */
const TIMES = 20;
const UNHEARD_OF: readonly (readonly [string, number])[] = [
  ['UNKNOWN_TOPIC_OR_PARTITION', 3],
  ['LEADER_NOT_AVAILABLE', 5],
  ['NOT_LEADER_OR_FOLLOWER', 6],
];

let proxy: KafkaProxy;
let connection: KafkaConnection;

beforeEach(async (context) => {
  needsKafka(context);
  ({ proxy, connection } = await proxiedKafka());
  return () => proxy.close();
});

describe.each(UNHEARD_OF)('topics are waited for while a leader answers %s', (_name, errorCode) => {
  it('that are made, and that are given more partitions', async () => {
    let left = TIMES;
    proxy.answers = (apiKey, request) => (apiKey === OFFSETS && left-- > 0 ? offsetsRefused(request, errorCode) : null);
    const wish = { name: freshName('made'), partitions: 2, replicas: 1, settings: {} };
    await makeTopics(connection, [wish]);
    expect(left).toBeLessThan(0);
    left = TIMES;
    const grown = { ...wish, partitions: 3 };
    await growTopics(connection, [grown]);
    expect(left).toBeLessThan(0);
    const writer = new PartitionWriter(connection, wish.name, 2, PATIENT_MS);
    await writer.write([{ key: null, value: Buffer.from('a'), headers: {} }]);
    writer.close();
  });
});
