/** Many partitions, and one request at a time to a broker for all of them. */
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import type { KafkaConnection } from '../../../src/kafka/links/connection.js';
import { writeBatch } from '../../../src/kafka/protocol/record-batch.js';
import { Scratch } from '../../../src/kafka/protocol/scratch.js';
import { SharedReader } from '../../../src/kafka/reading/shared-reader.js';
import { SharedWriter } from '../../../src/kafka/writing/shared-writer.js';
import { recordsOfTopic } from '../../support/kafka/check-topics.js';
import type { KafkaProxy } from '../../support/kafka/proxy.js';
import { bodyAt } from '../../support/kafka/request-body.js';
import { freshName, makeTopic, needsKafka, proxiedKafka, sharedKafka } from '../../support/kafka/shared.js';
import { PATIENT_MS } from '../../support/patience.js';

const PARTITIONS = 4;
const ALL = Array.from({ length: PARTITIONS }, (_, partition) => partition);
const PRODUCE = 0;
const FETCH = 1;
const AWAY = { code: 'kafka-unavailable' };
const READ = { maxWaitMs: 2_000, maxBytes: 1024 * 1024 };

let topic: string;
let proxy: KafkaProxy;
let connection: KafkaConnection;
/** How many requests of a kind the broker has had. */
let requests: Map<number, number>;
/** How long it was asked to wait for records, in ms. */
let waits: number[];

beforeEach(async (context) => {
  needsKafka(context);
  topic = freshName('lanes');
  await makeTopic(sharedKafka(), topic, { partitions: PARTITIONS, config: { 'max.message.bytes': '100000' } });
  ({ proxy, connection } = await proxiedKafka());
  requests = new Map();
  proxy.hears = (apiKey) => {
    requests.set(apiKey, (requests.get(apiKey) ?? 0) + 1);
    return true;
  };
  waits = [];
  proxy.answers = (apiKey, request) => {
    if (apiKey === FETCH) waits.push(request.readInt32BE(bodyAt(request) + 4));
    return null;
  };
  return () => proxy.close();
});

function newWriter(everyMs = 0): SharedWriter {
  const writer = new SharedWriter(connection, { timeoutMs: PATIENT_MS, everyMs });
  onTestFinished(() => writer.close());
  return writer;
}

function newReader(): SharedReader {
  const reader = new SharedReader(connection);
  onTestFinished(() => reader.close());
  return reader;
}

const recordOf = (text: string) => ({ key: null, value: Buffer.from(text), headers: {} });
const textsOf = (records: readonly { readonly value: Buffer | null }[]) => records.map(({ value }) => String(value));

function write(writer: SharedWriter, partition: number, ...texts: string[]): Promise<void> {
  return writer.write(topic, partition, () => texts.map(recordOf));
}

async function written(): Promise<readonly (readonly string[])[]> {
  return (await recordsOfTopic(topic)).map(textsOf);
}

it('what is written to several partitions at the same time leaves in one request', async () => {
  const writer = newWriter();
  await write(writer, 0, 'first');
  await Promise.all(ALL.map((partition) => write(writer, partition, `a${partition}`, `b${partition}`)));
  expect(requests.get(PRODUCE)).toBe(2);
  expect(await written()).toEqual([
    ['first', 'a0', 'b0'],
    ['a1', 'b1'],
    ['a2', 'b2'],
    ['a3', 'b3'],
  ]);
});

it('a request that follows soon waits, and takes along what comes meanwhile', async () => {
  const everyMs = 300;
  const writer = newWriter(everyMs);
  const began = performance.now();
  await write(writer, 0, 'first');
  const waiting = ['early'];
  const second = writer.write(topic, 0, () => waiting.map(recordOf));
  const third = write(writer, 1, 'beside');
  waiting.push('late');
  await Promise.all([second, third]);
  // Timers may be a little early.
  expect(performance.now() - began).toBeGreaterThan(everyMs - 5);
  expect(requests.get(PRODUCE)).toBe(2);
  expect(await written()).toEqual([['first', 'early', 'late'], ['beside'], [], []]);
});

it('nothing to write is no request', async () => {
  const writer = newWriter();
  await write(writer, 0);
  expect(requests.get(PRODUCE)).toBeUndefined();
});

it('a partition that refuses its records leaves the others as they are', async () => {
  const writer = newWriter();
  await write(writer, 3, 'first');
  const tooLarge = 'x'.repeat(200_000);
  const ends = await Promise.allSettled([
    write(writer, 0, 'fine'),
    write(writer, 1, tooLarge),
    write(writer, 2, 'too'),
  ]);
  expect(ends).toMatchObject([
    { status: 'fulfilled' },
    { reason: { code: 'payload-too-large', maybeDone: false } },
    { status: 'fulfilled' },
  ]);
  expect(requests.get(PRODUCE)).toBe(2);
  await write(writer, 1, 'small');
  expect(await written()).toEqual([['fine'], ['small'], ['too'], ['first']]);
});

it('all of it is written, or it is said that it may not be', async () => {
  const writer = newWriter();
  const batches = ALL.map((partition) => ({ topic, partition, records: [recordOf(`${partition}`)] }));
  proxy.fate = () => 'lose-answer';
  expect(await writer.writeAll(batches)).toMatchObject(ALL.map(() => ({ ...AWAY, maybeDone: true })));
  proxy.fate = () => 'pass';
  expect(await writer.writeAll(batches)).toEqual(ALL.map(() => null));
  expect(await written()).toEqual(ALL.map((partition) => [`${partition}`, `${partition}`]));
});

it('after a fault new connections are made, and the old ones end', async () => {
  const writer = newWriter();
  await write(writer, 0, 'before');
  const before = proxy.connections;
  proxy.fate = () => 'lose-request';
  await expect(write(writer, 0, 'lost')).rejects.toMatchObject(AWAY);
  proxy.fate = () => 'pass';
  await write(writer, 0, 'after');
  await expect.poll(() => proxy.connections).toBeLessThanOrEqual(before);
  expect((await written())[0]).toEqual(['before', 'after']);
});

it('partitions are read by one request, which is answered when any of them has a record', async () => {
  const writer = newWriter();
  const reader = newReader();
  const parts = ALL.map((partition) => reader.partition(topic, partition));
  await Promise.all(parts.map((part) => part.bounds()));
  const readAll = () => Promise.all(parts.map((part) => part.read(0, READ)));
  const first = readAll();
  await expect.poll(() => requests.get(FETCH)).toBe(1);
  const writing = write(writer, 2, 'a', 'b');
  let found = await first;
  let rounds = 1;
  // Where writing takes longer than the broker waits, it is asked again.
  for (; found.every(({ records }) => records.length === 0); rounds++) found = await readAll();
  await writing;
  expect(found.map(({ records }) => textsOf(records))).toEqual([[], [], ['a', 'b'], []]);
  expect(found.map(({ next }) => next)).toEqual([0, 0, 2, 0]);
  expect(requests.get(FETCH)).toBe(rounds);
  expect(waits).toEqual(Array.from({ length: rounds }, () => READ.maxWaitMs));
});

it('each partition gives its own records, in their order, whichever is asked first', async () => {
  const writer = newWriter();
  for (const partition of ALL) await write(writer, partition, `${partition}a`, `${partition}b`);
  const reader = newReader();
  const parts = ALL.map((partition) => reader.partition(topic, partition));
  for (let round = 0; round < 2 * PARTITIONS; round++) {
    const found = await Promise.all(parts.map((part, partition) => part.read(partition % 2, READ)));
    expect(found.map(({ records }) => textsOf(records))).toEqual([['0a', '0b'], ['1b'], ['2a', '2b'], ['3b']]);
  }
});

it('a position that is not there is the fault of its partition alone', async () => {
  await write(newWriter(), 0, 'a');
  const reader = newReader();
  const [first, second] = [reader.partition(topic, 0), reader.partition(topic, 1)];
  const ends = await Promise.allSettled([first.read(0, READ), second.read(7, READ)]);
  expect(ends).toMatchObject([
    { value: { records: [{ offset: 0 }], next: 1 } },
    { reason: { code: 'kafka-records-gone', maybeDone: false } },
  ]);
});

it.each(['gzip', 'snappy', 'lz4', 'zstd'])('records are read that brokers compress by %s', async (compression) => {
  const compressed = freshName(compression);
  await makeTopic(sharedKafka(), compressed, { config: { 'compression.type': compression } });
  const texts = ['small', 'x'.repeat(500_000), Array.from({ length: 40_000 }, (_, n) => n * n).join()];
  await newWriter().write(compressed, 0, () => texts.map(recordOf));
  const part = newReader().partition(compressed, 0);
  expect(textsOf((await part.read(0, READ)).records)).toEqual(texts);
});

it('records that can not be read are the fault of their partition alone', async () => {
  proxy.answers = (apiKey) => (apiKey === FETCH ? answerOf(topic, [batchOf('a', 0), batchOf('b', 5)]) : null);
  const reader = newReader();
  const parts = [0, 1].map((partition) => reader.partition(topic, partition));
  const found = await Promise.allSettled(parts.map((part) => part.read(0, READ)));
  expect(found).toMatchObject([
    { value: { next: 1 } },
    { reason: { code: 'kafka-unsafe', message: expect.stringMatching(`^${topic}/1 .*codec 5`) } },
  ]);
});

/** A batch of one record, said to be compressed by a codec. */
function batchOf(text: string, codec: number): Buffer {
  const out = new Scratch();
  writeBatch(out, [recordOf(text)], 0);
  const batch = out.taken();
  batch.writeInt16BE(codec, 21);
  return batch;
}

/** An answer to Fetch 10: what partitions from 0 on have, of one topic. */
function answerOf(topic: string, batches: readonly Buffer[]): Buffer {
  const out = new Scratch();
  out.reserve(1024);
  out.int32(0); // not held back
  out.int16(0); // no error
  out.int32(0); // no session
  out.int32(1);
  out.int16(topic.length);
  out.raw(Buffer.from(topic));
  out.int32(batches.length);
  for (const [partition, batch] of batches.entries()) {
    out.int32(partition);
    out.int16(0);
    for (const position of [1, 1, 0]) out.int64(position); // its ends and its start
    out.int32(0); // no transaction was given up
    out.int32(batch.length);
    out.raw(batch);
  }
  return out.taken();
}

it('a broker does not wait for long while a partition is not asked for: it may be, at any time', async () => {
  await write(newWriter(), 1, 'a');
  const reader = newReader();
  const [early, late] = [reader.partition(topic, 0), reader.partition(topic, 1)];
  await early.bounds();
  expect((await early.read(0, READ)).records).toEqual([]);
  expect(textsOf((await late.read(0, READ)).records)).toEqual(['a']);
  late.close();
  late.close();
  await early.read(0, { ...READ, maxWaitMs: 300 });
  expect(waits).toEqual([20, 20, 300]);
});

it('what waits ends when all is closed, and nothing is asked for afterwards', async () => {
  const reader = newReader();
  const part = reader.partition(topic, 0);
  const read = part.read(0, READ);
  await expect.poll(() => requests.get(FETCH)).toBe(1);
  reader.close();
  await expect(read).rejects.toMatchObject(AWAY);
  await expect(part.read(0, READ)).rejects.toMatchObject(AWAY);
  const writer = newWriter();
  writer.close();
  await expect(write(writer, 0, 'a')).rejects.toMatchObject({ ...AWAY, maybeDone: false });
  await expect.poll(() => proxy.connections).toBe(0);
});
