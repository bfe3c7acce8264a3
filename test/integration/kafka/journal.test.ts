/** What only a journal on Kafka meets: outcomes that are unknown, writers that don't know of one another. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openKafkaJournal } from '../../../src/journal/kafka/open.js';
import type { SharedJournal } from '../../../src/journal/port.js';
import type { KafkaFault } from '../../../src/kafka/fault.js';
import type { KafkaConnection } from '../../../src/kafka/links/connection.js';
import { PartitionReader } from '../../../src/kafka/reading/partition-reader.js';
import { PartitionWriter } from '../../../src/kafka/writing/partition-writer.js';
import { appendTurns, CELL, inputsAfter, readAll, turnAfter } from '../../contract/journal-support/turns.js';
import { produceRefused } from '../../support/kafka/produce-answer.js';
import type { Fate, KafkaProxy } from '../../support/kafka/proxy.js';
import { freshName, makeTopic, needsKafka, proxiedKafka, sharedKafka } from '../../support/kafka/shared.js';
import { PATIENT_MS } from '../../support/patience.js';

const PRODUCE = 0;
let topic: string;
const opened: SharedJournal[] = [];
/** What the journals of a test have said that they wait for. */
const told: (KafkaFault | null)[] = [];

beforeEach(async (context) => {
  needsKafka(context);
  told.length = 0;
  topic = freshName('journal');
  await makeTopic(sharedKafka(), topic, { config: { 'message.timestamp.type': 'LogAppendTime' } });
});
afterEach(async () => {
  for (const journal of opened.splice(0)) await journal.close();
});

async function open(connection: KafkaConnection = sharedKafka(), covered?: { turn: number; hash: Uint8Array }) {
  const onFault = (fault: KafkaFault | null): void => void told.push(fault);
  const where = { connection, topic, cell: CELL, appendTimeoutMs: PATIENT_MS, onFault };
  const journal = await openKafkaJournal(covered === undefined ? where : { ...where, covered });
  opened.push(journal);
  return journal;
}

/** How many records the topic holds, whether they count or not. */
async function recordsInTopic(): Promise<number> {
  const reader = new PartitionReader(sharedKafka(), topic, 0, false);
  const { end } = await reader.bounds();
  reader.close();
  return end;
}

async function turnsOf(journal: SharedJournal): Promise<number[]> {
  return (await readAll(journal)).map(({ turn }) => turn);
}

async function writeRaw(value: Uint8Array): Promise<void> {
  const writer = new PartitionWriter(sharedKafka(), topic, 0, PATIENT_MS);
  await writer.write([{ key: null, value, headers: {} }]);
  writer.close();
}

describe('an append of which nothing is known', () => {
  let proxy: KafkaProxy;
  let journal: SharedJournal;
  const fates: Fate[] = [];
  beforeEach(async () => {
    const proxied = await proxiedKafka();
    proxy = proxied.proxy;
    proxy.fate = () => fates.shift() ?? 'pass';
    journal = await open(proxied.connection);
    await appendTurns(journal, [10, 10]);
    return () => proxy.close();
  });

  it('has landed when only the answer was lost: it is not written again', async () => {
    fates.push('lose-answer');
    await appendTurns(journal, [10, 10]);
    expect(await recordsInTopic()).toBe(4);
    expect(await turnsOf(await open())).toEqual([1, 2, 3, 4]);
  });

  it('has not landed when the request was lost: the same bytes are written again', async () => {
    fates.push('lose-request');
    const [third] = await appendTurns(journal, [10, 10]);
    expect(await recordsInTopic()).toBe(4);
    expect((await readAll(journal, 3))[0]!.hash).toEqual(third!.hash);
  });

  it('may land late: both copies are in the log, and one counts', async () => {
    fates.push('late');
    await appendTurns(journal, [10]);
    proxy.deliver();
    await expect.poll(recordsInTopic).toBe(4);
    await appendTurns(journal, [10, 10]);
    expect(await recordsInTopic()).toBe(6);
    expect(await turnsOf(journal)).toEqual([1, 2, 3, 4, 5]);
    expect(await turnsOf(await open())).toEqual([1, 2, 3, 4, 5]);
  });

  it('may take several attempts, of every kind', async () => {
    fates.push('lose-request', 'late', 'lose-request', 'lose-answer', 'lose-request', 'lose-answer');
    await appendTurns(journal, [10, 10, 10]);
    proxy.deliver();
    await expect.poll(recordsInTopic).toBe(6);
    expect(await turnsOf(await open())).toEqual([1, 2, 3, 4, 5]);
  });

  it('waits while no broker is there, and goes on when one is', async () => {
    proxy.isUp = false;
    const append = appendTurns(journal, [10]);
    setTimeout(() => {
      proxy.isUp = true;
    }, 700);
    await append;
    expect(await turnsOf(journal)).toEqual([1, 2, 3]);
  });

  it('is given up when the journal is closed meanwhile', async () => {
    proxy.isUp = false;
    const append = appendTurns(journal, [10]);
    const refused = expect(append).rejects.toMatchObject({ code: 'append-failed' });
    await journal.close();
    await refused;
    expect(await turnsOf(await open())).toEqual([1, 2]);
  });

  /** The next produce requests are refused with a code, and don't reach the broker. */
  function refuse(errorCode: number, times: number): void {
    let left = times;
    proxy.answers = (apiKey, request) => (apiKey === PRODUCE && left-- > 0 ? produceRefused(request, errorCode) : null);
  }

  it.each([
    ['NOT_LEADER_OR_FOLLOWER', 6],
    ['LEADER_NOT_AVAILABLE', 5],
    ['REQUEST_TIMED_OUT', 7],
    ['NOT_ENOUGH_REPLICAS', 19],
    ['NOT_ENOUGH_REPLICAS_AFTER_APPEND', 20],
    ['KAFKA_STORAGE_ERROR', 56],
    ['UNKNOWN_TOPIC_OR_PARTITION', 3],
    ['UNKNOWN_SERVER_ERROR', -1],
    ['INVALID_PRODUCER_EPOCH', 47],
    ['a code that nobody knows', 999],
  ])('goes on after a broker has answered %s, and says what it waited for', async (_name, errorCode) => {
    refuse(errorCode, 2);
    await appendTurns(journal, [10]);
    expect(await recordsInTopic()).toBe(3);
    expect(told.filter((fault) => fault !== null).length).toBeGreaterThanOrEqual(2);
    expect(told.at(-1)).toBeNull();
  });

  it.each([
    ['MESSAGE_TOO_LARGE', 10, 'kafka-unsafe'],
    ['TOPIC_AUTHORIZATION_FAILED', 29, 'kafka-denied'],
  ])('ends when a broker has answered %s', async (_name, errorCode, code) => {
    refuse(errorCode, 1);
    await expect(appendTurns(journal, [10])).rejects.toMatchObject({ code });
    expect(await recordsInTopic()).toBe(2);
  });

  it('leaves no connection behind when the journal is closed while it is on its way', async () => {
    proxy.fate = () => {
      void journal.close();
      return 'lose-answer';
    };
    await expect(appendTurns(journal, [10])).rejects.toMatchObject({ code: 'append-failed' });
    await expect.poll(() => proxy.connections).toBe(0);
    expect(await turnsOf(await open())).toEqual([1, 2, 3]);
  });
});

describe('two writers', () => {
  it('a turn of a higher epoch voids that of a leader who does not know of it, for every reader', async () => {
    const old = await open();
    await appendTurns(old, [10, 10]);
    const young = await open();
    const elected = turnAfter(young.head(), { epoch: 2 });
    await young.append(elected.bytes, elected.hash);
    const late = turnAfter(old.head());
    const refusal = await old.append(late.bytes, late.hash).catch((error) => error);
    expect(refusal).toMatchObject({ code: 'turn-voided', message: "another leader's turn 3 is in the journal" });
    expect(old.head()).toMatchObject({ turn: 3, epoch: 2 });
    // The void record lies between: the leader finds out that nobody else leads, and goes on.
    await appendTurns(young, [10]);
    expect(await recordsInTopic()).toBe(5);
    for (const reader of [old, young, await open()]) {
      while (!(await reader.follow(0)).isAtEnd) {
        // Nothing is done with what follows.
      }
      expect(await turnsOf(reader)).toEqual([1, 2, 3, 4]);
    }
  });

  it('the one that wins the same turn leads, the other hears of it', async () => {
    const first = await open();
    await appendTurns(first, [10]);
    const second = await open();
    const mine = turnAfter(first.head(), { epoch: 2 });
    const theirs = turnAfter(second.head(), { epoch: 2, at: 999 });
    const outcomes = await Promise.allSettled([
      first.append(mine.bytes, mine.hash),
      second.append(theirs.bytes, theirs.hash),
    ]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const winner = outcomes[0]!.status === 'fulfilled' ? mine : theirs;
    expect(Buffer.from((await readAll(await open(), 2))[0]!.hash)).toEqual(Buffer.from(winner.hash));
  });

  it('a reader stops at the head, although the topic has more: what comes after is for `follow`', async () => {
    const leader = await open();
    await appendTurns(leader, [10, 10]);
    const standby = await open();
    await appendTurns(leader, [10, 10]);
    expect(await turnsOf(standby)).toEqual([1, 2]);
    expect((await standby.follow(0)).records.map(({ turn }) => turn)).toEqual([3, 4]);
    expect(await turnsOf(standby)).toEqual([1, 2, 3, 4]);
  });

  it('a standby follows what the leader appends', async () => {
    const leader = await open();
    const standby = await open();
    expect(await standby.follow(0)).toEqual({ records: [], isAtEnd: true });
    const waiting = standby.follow(2000);
    const before = Date.now();
    const [one] = await appendTurns(leader, [10]);
    const { records, appendedAtMs } = await waiting;
    expect(appendedAtMs).toBeGreaterThanOrEqual(before);
    expect(appendedAtMs).toBeLessThanOrEqual(Date.now());
    expect(records.map(({ hash }) => Buffer.from(hash))).toEqual([Buffer.from(one!.hash)]);
    expect(standby.head()).toEqual(leader.head());
  });
});

describe('opening', () => {
  it('begins at the turn of the store, and knows which inputs were taken before it', async () => {
    const journal = await open();
    const records = await appendTurns(journal, [10, 10, 10, 10]);
    const { turn, hash } = records[1]!;
    const again = await open(sharedKafka(), { turn, hash });
    expect(again.head()).toEqual(journal.head());
    const next = turnAfter(again.head(), { inputs: [inputsAfter(again.head(), 'api', 1)] });
    await again.append(next.bytes, next.hash);
  });

  it('refuses a store that stands for what the topic does not have', async () => {
    const [, second] = await appendTurns(await open(), [10, 10]);
    const ahead = { code: 'journal-ahead' };
    for (const turn of [3, 4, 100]) {
      await expect(open(sharedKafka(), { turn, hash: second!.hash })).rejects.toMatchObject(ahead);
    }
    await expect(open(sharedKafka(), { turn: 2, hash: Buffer.alloc(32, 1) })).rejects.toMatchObject(ahead);
  });

  it('finds turns among void records', async () => {
    const journal = await open();
    const records = await appendTurns(journal, [10, 10, 10]);
    for (const { bytes } of [...records, ...records]) await writeRaw(bytes);
    await appendTurns(journal, [10, 10]);
    for (const from of [1, 2, 3, 4, 5]) {
      expect((await readAll(journal, from)).map(({ turn }) => turn)).toEqual([1, 2, 3, 4, 5].slice(from - 1));
    }
    const { turn, hash } = (await readAll(journal, 4))[0]!;
    expect((await open(sharedKafka(), { turn, hash })).head()).toEqual(journal.head());
  });

  it('stops at what is no turn, at a turn of a later format, and at another chain', async () => {
    const journal = await open();
    const [, second] = await appendTurns(journal, [10, 10]);
    await writeRaw(turnAfter(journal.head(), { prev: Buffer.alloc(32, 5) }).bytes);
    await expect(open()).rejects.toMatchObject({ code: 'journal-damaged', turn: 3, file: topic, offset: 2 });
    await expect(journal.follow(0)).rejects.toMatchObject({ code: 'journal-damaged' });
    await expect(open(sharedKafka(), second)).rejects.toMatchObject({ code: 'journal-damaged' });
  });

  it.each([
    ['what is no turn', Buffer.from('{"a": 1}'), 'unknown-version'],
    ['nothing', Buffer.alloc(0), 'journal-damaged'],
    ['a turn of a later format', Buffer.from([64, 1, 2]), 'unknown-version'],
  ])('stops at %s', async (_what, bytes, code) => {
    await writeRaw(bytes);
    await expect(open()).rejects.toMatchObject({ code });
  });

  it('refuses the journal of another cell', async () => {
    await writeRaw(turnAfter((await open()).head(), { cell: 'other' }).bytes);
    await expect(open()).rejects.toMatchObject({ code: 'journal-foreign-cell' });
  });

  it('says so when there is no topic, and when there are no brokers', async () => {
    const nowhere = { ...sharedKafka(), brokers: ['127.0.0.1:1'] };
    await expect(open(nowhere)).rejects.toMatchObject({ code: 'kafka-unavailable' });
    topic = freshName('missing');
    await expect(open()).rejects.toMatchObject({ code: 'kafka-topic-missing' });
  });
});
