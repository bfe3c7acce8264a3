/** Inputs on their way to a topic, before brokers that fail. */
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { sealInput } from '../../src/catalogue/codec.js';
import { Code } from '../../src/catalogue/generated/codes.js';
import { KafkaInbox, type KafkaInboxParts } from '../../src/inbox/kafka/inbox.js';
import { TopicWriter } from '../../src/inbox/kafka/topic-writer.js';
import { InboxFull, NotReady } from '../../src/inbox/port.js';
import { KafkaFault } from '../../src/kafka/fault.js';
import type { OutgoingRecord } from '../../src/kafka/protocol/record-batch.js';
import { SharedWriter } from '../../src/kafka/writing/shared-writer.js';
import { job, submission } from '../support/kernel/build.js';
import { PATIENT } from '../support/patience.js';

const MEBIBYTE = 1024 * 1024;
const TIME_MS = 5_000;

/** What brokers make of the next attempts: null is fine; `sent` is whether the request left before it failed. */
type Attempt = { readonly fault: KafkaFault; readonly sent: boolean } | null;

const REFUSED: Attempt = { fault: new KafkaFault('kafka-unavailable', 'no broker answers', false), sent: false };
const UNANSWERED: Attempt = { fault: new KafkaFault('kafka-unavailable', 'no answer', true), sent: true };
const UNHEARD_OF: Attempt = { fault: new KafkaFault('kafka-topic-missing', 'no such topic', false), sent: true };
const DENIED: Attempt = { fault: new KafkaFault('kafka-denied', 'not let in', false), sent: false };
const TOO_LARGE: Attempt = { fault: new KafkaFault('payload-too-large', 'too large', false), sent: true };

let now: number;
let held: number;
let attempts: number;
/** Bytes of the largest batch that the topic takes. */
let most: number;
let next: () => Attempt;
let written: string[];
/** What it told of records that are refused. */
let told: (string | null)[];
/** What became of each record that failed: its name, the code, and whether it may be there. */
let failed: [string, string, boolean][];
let writer: TopicWriter;

beforeEach(() => {
  now = 0;
  held = 0;
  attempts = 0;
  most = Number.POSITIVE_INFINITY;
  next = () => null;
  written = [];
  failed = [];
  told = [];
  writer = new TopicWriter({
    writer: {
      async write(_topic: string, _partition: number, take: () => readonly OutgoingRecord[]) {
        attempts += 1;
        const attempt = next();
        if (attempt !== null && !attempt.sent) throw attempt.fault;
        const records = take();
        if (attempt !== null) throw attempt.fault;
        if (records.reduce((sum, { value }) => sum + value!.length, 0) > most) throw TOO_LARGE!.fault;
        written.push(...records.map(({ key }) => key!));
      },
    },
    topic: 'marie.c.submissions',
    partition: 0,
    nowMs: () => now,
    onHeld: (bytes) => {
      held += bytes;
    },
    onRefused: (fault) => void told.push(fault?.code ?? null),
  });
  return () => writer.close();
});

function write(key: string, bytes = 10, isOver = () => false): void {
  writer.write({
    record: { key, value: Buffer.alloc(bytes), headers: {} },
    untilMs: now + TIME_MS,
    isOver,
    failed: ({ code }, mayBeThere) => void failed.push([key, code, mayBeThere]),
  });
}

const SENDER = { inputId: 'input', receivedAtMs: 0, principal: null, traceparent: null };

function newInbox({
  submissions = 1,
  ...options
}: Partial<KafkaInboxParts> & { readonly submissions?: number }): KafkaInbox {
  return new KafkaInbox({
    connection: { brokers: ['127.0.0.1:1'], clientId: 'marie-test' },
    cell: 'c',
    partitions: { submissions, callbacks: 1, controls: 1 },
    nowMs: () => now,
    after: () => () => undefined,
    ...options,
  });
}

async function until(condition: () => void): Promise<void> {
  await vi.waitFor(condition, PATIENT);
}

it('writes again, in order, until it is there', async () => {
  const before = [REFUSED, UNANSWERED, UNHEARD_OF];
  next = () => before[attempts - 1] ?? null;
  for (const key of ['a', 'b', 'c']) write(key);
  await until(() => expect(written).toEqual(['a', 'b', 'c']));
  expect(failed).toEqual([]);
  expect(held).toBe(0);
});

describe('whoever is told that it was not written', () => {
  it('is told so by a fault before anything was sent', async () => {
    next = () => REFUSED;
    write('a');
    await until(() => expect(attempts).toBeGreaterThan(1));
    now = TIME_MS;
    await until(() => expect(failed).toEqual([['a', 'kafka-unavailable', false]]));
  });

  it('is told that it may be there if any attempt may have written it, whatever the last one came to', async () => {
    next = () => (attempts === 1 ? UNANSWERED : REFUSED);
    write('a');
    await until(() => expect(attempts).toBeGreaterThan(2));
    write('b');
    now = TIME_MS;
    await until(() => expect(failed).toHaveLength(2));
    expect(failed).toEqual([
      ['a', 'kafka-unavailable', true],
      ['b', 'kafka-unavailable', false],
    ]);
  });

  it('is told so at once where trying again is of no use', async () => {
    next = () => DENIED;
    for (const key of ['a', 'b']) write(key);
    await until(() => expect(failed.map(([key]) => key)).toEqual(['a', 'b']));
    next = () => null;
    write('c');
    await until(() => expect(told).toEqual(['kafka-denied', null]));
  });

  it('hears no end of that from records that nobody needs any more, and are not written', async () => {
    next = () => DENIED;
    write('a');
    await until(() => expect(told).toEqual(['kafka-denied']));
    next = () => null;
    const before = attempts;
    write('b', 10, () => true);
    await until(() => expect(attempts).toBeGreaterThan(before));
    expect(told).toEqual(['kafka-denied']);
    write('c');
    await until(() => expect(told).toEqual(['kafka-denied', null]));
  });

  it('is only who was in the request that was refused', async () => {
    next = () => (attempts === 1 ? TOO_LARGE : null);
    write('a', 2 * MEBIBYTE);
    write('b');
    await until(() => expect(written).toEqual(['b']));
    expect(failed).toEqual([['a', 'payload-too-large', false]]);
    expect(held).toBe(0);
  });
});

it('is not refused for others that are too large together with it, or by themselves: it goes in a smaller batch', async () => {
  most = 100_000;
  const keys = Array.from({ length: 30 }, (_, i) => `${i}`);
  for (const key of keys) write(key, key === '20' ? 2 * most : most / 3);
  await until(() => expect(written).toHaveLength(29));
  expect(written).toEqual(keys.filter((key) => key !== '20'));
  expect(failed).toEqual([['20', 'payload-too-large', false]]);
  expect(held).toBe(0);
});

it('keeps nothing of records whose time is up, however many wait behind one another', async () => {
  next = () => REFUSED;
  const count = 10;
  for (let i = 0; i < count; i++) write(`${i}`, MEBIBYTE);
  expect(held).toBeGreaterThanOrEqual(count * MEBIBYTE);
  let isOver = false;
  write('gone', MEBIBYTE, () => isOver);
  await until(() => expect(attempts).toBeGreaterThan(1));
  isOver = true;
  now = TIME_MS;
  const before = attempts;
  await until(() => expect(failed).toHaveLength(count));
  expect(attempts).toBeLessThanOrEqual(before + 1);
  expect(held).toBe(0);
});

it('an inbox tells of a topic to which it may not write, not of each of its partitions', async () => {
  vi.spyOn(SharedWriter.prototype, 'write').mockRejectedValue(DENIED!.fault);
  onTestFinished(() => void vi.restoreAllMocks());
  const parts = new Map<string, number>();
  const inbox = newInbox({ submissions: 12, onFault: (part) => parts.set(part, (parts.get(part) ?? 0) + 1) });
  const dags = Array.from({ length: 30 }, (_, i) => submission(`dag-${i}`, [job('a', {})]));
  const ends = dags.map((dag) => inbox.put(sealInput(Code.SubmitDag, SENDER, dag)));
  expect((await Promise.allSettled(ends)).every(({ status }) => status === 'rejected')).toBe(true);
  expect([...parts.keys()]).toEqual(['writing submissions']);
  expect(parts.get('writing submissions')).toBeGreaterThan(6);
  inbox.close('the test is over');
});

it('an inbox before brokers that are away takes so many bytes and no more, until those have failed', async () => {
  const inbox = newInbox({ maxHeldBytes: 50 });
  const ends: unknown[] = [];
  const put = (): void => {
    const outcome = inbox.put(sealInput(Code.AcceptClock, SENDER, { clockAtMs: 0 }));
    outcome.catch((error) => ends.push(error));
  };
  for (let i = 0; i < 10; i++) put();
  await until(() => expect(ends.length).toBeGreaterThan(0));
  expect(ends.every((end) => end instanceof InboxFull)).toBe(true);
  expect(ends.length).toBeLessThan(10);
  expect(new Set(ends).size).toBe(1);
  now = TIME_MS;
  await until(() => expect(ends).toHaveLength(10));
  expect(ends.at(-1)).toBeInstanceOf(NotReady);
  put();
  now = 2 * TIME_MS;
  await until(() => expect(ends).toHaveLength(11));
  expect(ends.at(-1)).toBeInstanceOf(NotReady);
  inbox.close('the test is over');
});
