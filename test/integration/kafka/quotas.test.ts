/** A broker that holds a client to its quota of bytes or requests: it gives nothing for a while, and says for how long. */
import { beforeEach, expect, it } from 'vitest';
import { openKafkaJournal } from '../../../src/journal/kafka/open.js';
import type { KafkaFault } from '../../../src/kafka/fault.js';
import type { KafkaConnection } from '../../../src/kafka/links/connection.js';
import { PartitionReader } from '../../../src/kafka/reading/partition-reader.js';
import { SharedReader } from '../../../src/kafka/reading/shared-reader.js';
import { PartitionWriter } from '../../../src/kafka/writing/partition-writer.js';
import { SharedWriter } from '../../../src/kafka/writing/shared-writer.js';
import { appendTurns, CELL, readAll } from '../../contract/journal-support/turns.js';
import type { KafkaProxy } from '../../support/kafka/proxy.js';
import { freshName, makeTopic, needsKafka, proxiedKafka, sharedKafka } from '../../support/kafka/shared.js';
import { kafkaTool } from '../../support/kafka/tools.js';
import { PATIENT_MS } from '../../support/patience.js';

const FETCH = 1;
const READ = { maxWaitMs: 0, maxBytes: 1024 * 1024 };
const AWAY = { code: 'kafka-unavailable' };
const THROTTLED_MS = 100;
const HOUR_MS = 3_600_000;
const BYTES_PER_SECOND = 20_000;
const REQUEST_MS = 1000;

let topic: string;
let proxy: KafkaProxy;
let connection: KafkaConnection;
/** How many requests for records have been answered with nothing. */
let throttled: number;

beforeEach(async (context) => {
  needsKafka(context);
  topic = freshName('quotas');
  await makeTopic(sharedKafka(), topic, { config: { 'message.timestamp.type': 'LogAppendTime' } });
  ({ proxy, connection } = await proxiedKafka());
  throttled = 0;
  return () => proxy.close();
});

/** So many requests for records are answered as a broker answers who has had enough: with no partition at all. */
function throttle(times: number, ms = THROTTLED_MS): void {
  proxy.answers = (apiKey) => {
    if (apiKey !== FETCH || throttled >= times) return null;
    throttled += 1;
    const answer = Buffer.alloc(4 + 2 + 4 + 4);
    answer.writeInt32BE(ms, 0);
    return answer;
  };
}

async function writeOne(): Promise<void> {
  const writer = new PartitionWriter(sharedKafka(), topic, 0, PATIENT_MS);
  await writer.write([{ key: null, value: Buffer.from('a'), headers: {} }]);
  writer.close();
}

it('is waited for, by the same connections, and nobody hears of a fault', async () => {
  await writeOne();
  const alone = new PartitionReader(connection, topic, 0, true);
  const together = new SharedReader(connection);
  for (const reader of [alone, together.partition(topic, 0)]) {
    await reader.read(0, READ);
    const connections = proxy.connections;
    throttled = 0;
    throttle(3);
    const began = performance.now();
    const { records, next, end } = await reader.read(0, READ);
    expect([records.map(({ value }) => String(value)), next, end]).toEqual([['a'], 1, 1]);
    expect(throttled).toBe(3);
    // Timers may be a little early.
    expect(performance.now() - began).toBeGreaterThan(3 * (THROTTLED_MS - 5));
    expect(proxy.connections).toBe(connections);
  }
  alone.close();
  together.close();
});

it('a journal is opened and read all the same', async () => {
  const writing = await openKafkaJournal({ connection: sharedKafka(), topic, cell: CELL });
  await appendTurns(writing, [10, 10, 10]);
  await writing.close();
  throttle(5);
  const told: (KafkaFault | null)[] = [];
  const onFault = (fault: KafkaFault | null): void => void told.push(fault);
  const journal = await openKafkaJournal({ connection, topic, cell: CELL, onFault });
  expect((await readAll(journal)).map(({ turn }) => turn)).toEqual([1, 2, 3]);
  await journal.follow(0);
  expect(throttled).toBe(5);
  expect(told.filter((fault) => fault !== null)).toEqual([]);
  await journal.close();
});

it('is what a real broker does', async () => {
  const clientId = freshName('client');
  const [broker = ''] = sharedKafka().brokers;
  const whose = ['--entity-type', 'clients', '--entity-name', clientId];
  const quota = ['--alter', '--add-config', `consumer_byte_rate=${BYTES_PER_SECOND}`];
  await kafkaTool('ConfigCommand', ['--bootstrap-server', broker, ...quota, ...whose]);
  const writer = new PartitionWriter(sharedKafka(), topic, 0, PATIENT_MS);
  const value = Buffer.alloc(10_000);
  // It counts over eleven seconds: a client gets as many seconds' worth at once.
  const count = (15 * BYTES_PER_SECOND) / value.length;
  for (let i = 0; i < count; i++) await writer.write([{ key: null, value, headers: {} }]);
  writer.close();
  const began = performance.now();
  const reader = new PartitionReader({ ...sharedKafka(), clientId }, topic, 0, true);
  let next = 0;
  while (next < count) ({ next } = await reader.read(next, { maxWaitMs: 0, maxBytes: value.length }));
  reader.close();
  expect(performance.now() - began).toBeGreaterThan(1_000);
});

it('of what is written is told, where a request is given up because of it', async () => {
  const clientId = freshName('client');
  const [broker = ''] = sharedKafka().brokers;
  const whose = ['--entity-type', 'clients', '--entity-name', clientId];
  const quota = ['--alter', '--add-config', `producer_byte_rate=${BYTES_PER_SECOND / 10}`];
  await kafkaTool('ConfigCommand', ['--bootstrap-server', broker, ...quota, ...whose]);
  const records = [{ key: null, value: Buffer.alloc(100_000), headers: {} }];
  const alone = new PartitionWriter({ ...sharedKafka(), clientId }, topic, 0, REQUEST_MS);
  const together = new SharedWriter({ ...sharedKafka(), clientId }, { timeoutMs: REQUEST_MS, everyMs: 0 });
  for (const write of [() => alone.write(records), () => together.write(topic, 0, () => records)]) {
    await write();
    const late = { ...AWAY, message: expect.stringMatching(/the brokers hold this client to its quota/) };
    await expect(write()).rejects.toMatchObject(late);
  }
  alone.close();
  together.close();
});

it('keeps nobody from closing', async () => {
  throttle(1, HOUR_MS);
  const reader = new PartitionReader(connection, topic, 0, true);
  const read = expect(reader.read(0, READ)).rejects.toMatchObject(AWAY);
  await expect.poll(() => throttled).toBe(1);
  reader.close();
  await read;
});
