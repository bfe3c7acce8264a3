import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs from 'kafkajs';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { sealInput } from '../../../src/catalogue/codec.js';
import { Code } from '../../../src/catalogue/generated/codes.js';
import { KafkaInbox } from '../../../src/inbox/kafka/inbox.js';
import { KafkaInputs } from '../../../src/inbox/kafka/source.js';
import { FateOpen } from '../../../src/inbox/port.js';
import { KafkaFault } from '../../../src/kafka/fault.js';
import { Framing } from '../../../src/kafka/framing.js';
import { topicName } from '../../../src/kafka/topics/names.js';
import { PartitionWriter } from '../../../src/kafka/writing/partition-writer.js';
import { SharedWriter } from '../../../src/kafka/writing/shared-writer.js';
import { systemClocks, systemTimers } from '../../../src/main/adapters/system.js';
import { recordsOf } from '../../../src/outbox/kafka/project.js';
import { TopicPublisher } from '../../../src/outbox/kafka/publisher.js';
import type { AcceptedTurn } from '../../../src/outbox/port.js';
import { makeCellTopics, PARTITIONS } from '../../support/kafka/cell.js';
import { header, recordsOfTopic } from '../../support/kafka/check-topics.js';
import { freshName, needsKafka, proxiedKafka, sharedKafka } from '../../support/kafka/shared.js';
import { PATIENT, PATIENT_MS } from '../../support/patience.js';
import { inboxContract } from '../inbox.js';
import { outboxContract } from '../outbox.js';

beforeEach((context) => needsKafka(context));

const { monotonicMs } = systemClocks;
const UNHEARD_MS = 1500;
/** Inputs that are read ahead; those of the answers under way come on top. */
const AHEAD = 65_536;

/** What is wrong fails the test by what it waits for; nothing is thrown into the void. */
const onFatal = (error: Error): void => console.error(error);

async function newCell() {
  const cell = freshName('c');
  await makeCellTopics(sharedKafka(), cell);
  const counts = { submissions: PARTITIONS, callbacks: PARTITIONS, controls: 1 };
  return { cell, connection: sharedKafka(), framing: new Framing(), partitions: counts };
}

inboxContract('Kafka', async () => {
  const parts = await newCell();
  const readJson = (): never => {
    throw new Error('nothing here is JSON');
  };
  const inbox = new KafkaInbox({ ...parts, nowMs: monotonicMs, after: systemTimers.after });
  const source = new KafkaInputs({ ...parts, edge: { readJson, check: () => undefined }, onFatal, monotonicMs });
  source.open(new Map());
  return { inbox, source, accept: (turn) => inbox.accept(turn) };
});

it('callbacks that an open transaction of somebody holds back are known of, not read to their end, and told of', async () => {
  const parts = await newCell();
  const faults = new Map<string, KafkaFault | null>();
  const source = new KafkaInputs({
    ...parts,
    edge: { readJson: () => null as never, check: () => undefined },
    onFatal,
    onFault: (part, fault) => void faults.set(part, fault),
    monotonicMs: () => 1000 * monotonicMs(), // a minute goes by quickly
  });
  onTestFinished(() => source.close());
  source.open(new Map());
  await expect.poll(() => source.isCaughtUp, PATIENT).toBe(true);
  const kafka = new kafkajs.Kafka({ brokers: [...parts.connection.brokers], logLevel: kafkajs.logLevel.NOTHING });
  const producer = kafka.producer({ transactionalId: parts.cell, idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  onTestFinished(() => producer.disconnect());
  const transaction = await producer.transaction();
  const topic = topicName(parts.cell, 'callbacks');
  await transaction.send({ topic, acks: -1, messages: [{ partition: 0, value: 'held back' }] });
  await expect.poll(() => source.isCaughtUp, PATIENT).toBe(false);
  expect(source.waiting).toBe(0);
  await expect.poll(() => faults.get('callbacks/0')?.code, PATIENT).toBe('kafka-held-back');
  await transaction.abort();
  await expect.poll(() => source.isCaughtUp, PATIENT).toBe(true);
  await expect.poll(() => faults.get('callbacks/0'), PATIENT).toBe(null);
  expect(source.waiting).toBe(0);
});

it('of a backlog so much is read ahead, and the rest when that is taken', async () => {
  const parts = await newCell();
  const topic = topicName(parts.cell, 'submissions');
  const writer = new PartitionWriter(parts.connection, topic, 0, PATIENT_MS);
  onTestFinished(() => writer.close());
  const records = Array.from({ length: 2_000 }, () => ({ key: null, value: Buffer.alloc(250), headers: {} }));
  const backlog = 40 * records.length;
  for (let written = 0; written < backlog; written += records.length) await writer.write(records);
  const edge = { readJson: () => null as never, check: () => undefined };
  const source = new KafkaInputs({ ...parts, edge, onFatal, monotonicMs });
  onTestFinished(() => source.close());
  source.open(new Map());
  await expect.poll(() => source.waiting, PATIENT).toBeGreaterThanOrEqual(AHEAD);
  // While somebody else reads all of it, it reads no further.
  expect((await recordsOfTopic(topic))[0]).toHaveLength(backlog);
  expect(source.waiting).toBeLessThan(backlog);
  let taken = 0;
  await expect
    .poll(() => (taken += source.take(backlog, backlog * records[0]!.value.length).length), PATIENT)
    .toBe(backlog);
});

it('that callbacks could not be read is known while it lasts, and told of afterwards', async () => {
  const parts = await newCell();
  const { proxy, connection } = await proxiedKafka();
  onTestFinished(() => proxy.close());
  const edge = { readJson: () => null as never, check: () => undefined };
  const source = new KafkaInputs({ ...parts, connection, edge, onFatal, monotonicMs });
  onTestFinished(() => source.close());
  const unheard: number[] = [];
  source.onUnheard = (from, to) => void unheard.push(to - from);
  source.open(new Map());
  await expect.poll(() => source.isCaughtUp, PATIENT).toBe(true);
  // Its first answers may have been late.
  unheard.length = 0;
  proxy.isUp = false;
  await expect.poll(() => source.isCaughtUp, PATIENT).toBe(false);
  await sleep(UNHEARD_MS);
  expect(unheard).toEqual([]);
  proxy.isUp = true;
  await expect.poll(() => source.isCaughtUp, PATIENT).toBe(true);
  expect(unheard).toHaveLength(PARTITIONS);
  for (const ms of unheard) expect(ms).toBeGreaterThanOrEqual(UNHEARD_MS);
});

it('an inbox that has ended answers who still waits, for whom no turn will come', async () => {
  const parts = await newCell();
  const inbox = new KafkaInbox({ ...parts, nowMs: monotonicMs, after: systemTimers.after });
  const sender = { inputId: 'input-1', receivedAtMs: 0, principal: null, traceparent: null };
  const waiting = inbox.put(sealInput(Code.AcceptClock, sender, { clockAtMs: 0 }));
  inbox.close('the fabric is stopping');
  inbox.end();
  await expect(waiting).rejects.toBeInstanceOf(FateOpen);
});

/** An outbox that goes on after turn `published`, of a journal that has turns up to `head`. */
async function newPublisher(published: number, head: number, read: (fromTurn: number) => AsyncIterable<AcceptedTurn>) {
  const { cell, connection, framing } = await newCell();
  const topics = ['leases', 'slots', 'dispatches', 'lifecycle', 'refusals'] as const;
  const partitions = { ...Object.fromEntries(topics.map((topic) => [topic, PARTITIONS])), timings: 1 } as Record<
    (typeof topics)[number] | 'timings',
    number
  >;
  const publisher = new TopicPublisher(
    {
      cell,
      writer: new SharedWriter(connection, { timeoutMs: 5_000, everyMs: 0 }),
      partitions,
      project: async function* (turn) {
        yield recordsOf(turn, { framing, nameOfDag: () => null, dispatches: new Map() });
      },
      read,
      monotonicMs,
      onFatal,
    },
    published,
    head,
  );
  publisher.start();
  onTestFinished(() => publisher.stop());
  return { cell, publisher };
}

outboxContract('Kafka', async (published) => {
  const { cell, publisher } = await newPublisher(published, published, () => {
    throw new Error('everything is in memory');
  });
  return {
    publisher: { published: () => publisher.published, publish: (turn) => publisher.add(turn) },
    async told() {
      const records = (await recordsOfTopic(topicName(cell, 'leases'))).flat();
      const all = records.map((record) => ({
        turn: Number(header(record, 'turn')),
        index: Number(header(record, 'index')),
        key: String(record.key),
      }));
      const ids = new Set<string>();
      return all.filter(({ turn, index }) => ids.size < ids.add(`${turn}:${index}`).size);
    },
  };
});

it('an outbox goes on after brokers were away while it read from the journal what it is behind with', async () => {
  let reads = 0;
  const { publisher } = await newPublisher(0, 2, async function* (fromTurn) {
    reads += 1;
    if (reads === 1) throw new KafkaFault('kafka-unavailable', 'no broker answers', false);
    for (let turn = fromTurn; turn <= 2; turn++)
      yield { cell: 'c', epoch: 1, turn, hash: new Uint8Array(32), atMs: turn, entries: [] };
  });
  await expect.poll(() => publisher.published).toBe(2);
  expect(reads).toBe(2);
});
