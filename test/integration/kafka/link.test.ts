/** What is awaited of brokers always ends. */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { KafkaConnection } from '../../../src/kafka/links/connection.js';
import { PartitionReader } from '../../../src/kafka/reading/partition-reader.js';
import { findTopics } from '../../../src/kafka/topics/admin.js';
import { PartitionWriter } from '../../../src/kafka/writing/partition-writer.js';
import { metadataAnswer } from '../../support/kafka/metadata-answer.js';
import { type KafkaProxy, startProxy } from '../../support/kafka/proxy.js';
import { freshName, makeTopic, needsKafka, proxiedKafka, sharedKafka } from '../../support/kafka/shared.js';
import { freePort } from '../../support/ports.js';

const SOON_MS = 500;
/** For what must succeed: machines are slow. */
const LATE_MS = 10_000;
const HOUR_MS = 3_600_000;
/** What the line of a test needs longer for than an answer may take: 2 s to write it, 10 s to read it. */
const SLOW_BYTES = 2_000_000;
/** Requests of Kafka's protocol. */
const FETCH = 1;
const METADATA = 3;
const SASL_HANDSHAKE = 17;
const SASL_AUTHENTICATE = 36;
/** The answer to a handshake: no error, and one mechanism, PLAIN. */
const LETS_PLAIN_IN = Buffer.from('0000000000010005504c41494e', 'hex');
const RECORD = { key: null, value: Buffer.from('a'), headers: {} };
const AWAY = { code: 'kafka-unavailable' };

let topic: string;
let proxy: KafkaProxy;
let connection: KafkaConnection;

beforeEach(async (context) => {
  needsKafka(context);
  topic = freshName('link');
  await makeTopic(sharedKafka(), topic);
  ({ proxy, connection } = await proxiedKafka());
  return () => proxy.close();
});
afterEach(() => void vi.useRealTimers());

function writer(to = connection, timeoutMs = SOON_MS): PartitionWriter {
  return new PartitionWriter(to, topic, 0, timeoutMs);
}

it('what was closed is not opened again', async () => {
  const own = writer();
  own.close();
  await expect(own.write([RECORD])).rejects.toMatchObject({ ...AWAY, maybeDone: false });
  const reader = new PartitionReader(connection, topic, 0, false);
  reader.close();
  await expect(reader.bounds()).rejects.toMatchObject(AWAY);
  expect(proxy.connections).toBe(0);
});

it.each([
  ['itself', () => false],
  ['who leads what', (apiKey: number) => apiKey !== METADATA],
])('a broker that takes connections and tells nothing of %s is given up', async (_what, hears) => {
  proxy.hears = hears;
  const own = writer();
  await expect(own.write([RECORD])).rejects.toMatchObject({ ...AWAY, maybeDone: false });
  own.close();
});

it('a broker that does not give its records is given up', async () => {
  proxy.hears = (apiKey) => apiKey !== FETCH;
  const reader = new PartitionReader(connection, topic, 0, false);
  await expect(reader.read(0, { maxWaitMs: 0, maxBytes: 1024 })).rejects.toMatchObject(AWAY);
  reader.close();
});

it('an address of which a broker tells and where nobody answers is told of', async () => {
  const silent = createServer((socket) => socket.on('error', () => undefined).once('data', () => socket.destroy()));
  await once(silent.listen(0, '127.0.0.1'), 'listening');
  const { port } = silent.address() as AddressInfo;
  proxy.answers = (apiKey) => (apiKey === METADATA ? metadataAnswer(port, [{ name: topic, isLed: [true] }]) : null);
  await expect(findTopics(connection, [topic])).rejects.toMatchObject({
    ...AWAY,
    message: `the topics could not be looked at: Closed connection (127.0.0.1:${port})`,
  });
  silent.close();
});

it('a broker that is silent is passed over for another', async () => {
  proxy.hears = () => false;
  const both = { ...connection, brokers: [...connection.brokers, ...sharedKafka().brokers] };
  for (let first = 0; first < both.brokers.length; first++) {
    const own = writer(both, LATE_MS);
    await own.write([RECORD]);
    own.close();
  }
});

it('a broker that was named alone may be away: others of which it has told are asked', async () => {
  const [tells = ''] = connection.brokers;
  const port = await freePort('127.0.0.1');
  const named = await startProxy({ listenOn: port, forwardTo: Number(tells.split(':')[1]) });
  const own = writer({ ...connection, brokers: [`127.0.0.1:${port}`] }, LATE_MS);
  await own.write([RECORD]);
  await named?.close();
  own.drop();
  expect((await own.write([RECORD])).offset).toBe(1);
  own.close();
});

it.each(['says nothing', 'resets the connection'])('a broker that %s while a client proves who it is', async (what) => {
  proxy.answers = (apiKey) => (apiKey === SASL_HANDSHAKE ? LETS_PLAIN_IN : null);
  proxy.hears = (apiKey) => {
    if (apiKey !== SASL_AUTHENTICATE) return true;
    if (what === 'resets the connection') proxy.reset();
    return false;
  };
  const credentials = { mechanism: 'plain', username: 'somebody', password: 'something' } as const;
  const own = writer({ ...connection, credentials });
  await expect(own.write([RECORD])).rejects.toMatchObject({ ...AWAY, maybeDone: false });
  own.close();
});

it('a slow line takes long for what is large: it is written, and read, all the same', async () => {
  const own = writer();
  const reader = new PartitionReader(connection, topic, 0, false);
  await own.write([RECORD]);
  proxy.bytesPerMs = 1000;
  const large = { ...RECORD, value: Buffer.alloc(SLOW_BYTES, 'a') };
  expect(await own.write([large])).toMatchObject({ offset: 1 });
  proxy.bytesPerMs = 200;
  const { records } = await reader.read(1, { maxWaitMs: 0, maxBytes: 1024 });
  expect(records.map(({ value }) => value?.length)).toEqual([SLOW_BYTES]);
  own.close();
  reader.close();
});

it('a clock that is set back makes nobody wait', async () => {
  const own = writer(connection, LATE_MS);
  await own.write([RECORD]);
  proxy.fate = () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - HOUR_MS });
    return 'unheard';
  };
  await expect(own.write([RECORD])).rejects.toMatchObject({ ...AWAY, maybeDone: true });
  own.close();
});
