/** Brokers that have not heard of a topic, or of who leads it, for as long as the news takes: it passes by itself. */
import { beforeEach, describe, expect, it } from 'vitest';
import { sealInput } from '../../../src/catalogue/codec.js';
import { Code } from '../../../src/catalogue/generated/codes.js';
import { KafkaInbox } from '../../../src/inbox/kafka/inbox.js';
import { openKafkaJournal } from '../../../src/journal/kafka/open.js';
import type { KafkaConnection } from '../../../src/kafka/links/connection.js';
import { growTopics, makeTopics } from '../../../src/kafka/topics/admin.js';
import { topicName } from '../../../src/kafka/topics/names.js';
import { PartitionWriter } from '../../../src/kafka/writing/partition-writer.js';
import { SharedWriter } from '../../../src/kafka/writing/shared-writer.js';
import { TopicPublisher } from '../../../src/outbox/kafka/publisher.js';
import { Turns } from '../../../src/topics/turns.js';
import { turnAfter } from '../../contract/journal-support/turns.js';
import { makeCellTopics, startCell } from '../../support/kafka/cell.js';
import { produceRefused } from '../../support/kafka/produce-answer.js';
import type { KafkaProxy } from '../../support/kafka/proxy.js';
import { fetchRefused, offsetsRefused } from '../../support/kafka/refused-answers.js';
import { freshName, needsKafka, proxiedKafka, sharedKafka } from '../../support/kafka/shared.js';
import { PATIENT_MS } from '../../support/patience.js';

const PRODUCE = 0;
const FETCH = 1;
const OFFSETS = 2;
const UNKNOWN_TOPIC_OR_PARTITION = 3;
/** More than the client itself tries. */
const TIMES = 20;
const UNHEARD_OF: readonly (readonly [string, number])[] = [
  ['UNKNOWN_TOPIC_OR_PARTITION', UNKNOWN_TOPIC_OR_PARTITION],
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

describe('a broker that has just come to lead a partition and has not heard of it is asked again', () => {
  let cell: string;
  let parts: { readonly connection: KafkaConnection; readonly cell: string };

  beforeEach(async () => {
    cell = freshName('c');
    await makeCellTopics(sharedKafka(), cell);
    parts = { connection, cell };
    left = 3;
    proxy.answers = (apiKey, request) =>
      apiKey === PRODUCE && left-- > 0 ? produceRefused(request, UNKNOWN_TOPIC_OR_PARTITION) : null;
  });
  /** How many requests to write are still to be refused. */
  let left: number;

  it('by who publishes what was decided', async () => {
    const fatal: Error[] = [];
    const publisher = new TopicPublisher(
      {
        cell,
        writer: new SharedWriter(connection, { timeoutMs: PATIENT_MS, everyMs: 0 }),
        partitions: { leases: 1, slots: 1, dispatches: 1, lifecycle: 1, refusals: 1, timings: 1 },
        project: async function* ({ turn }) {
          yield [{ topic: 'leases' as const, record: { key: `${turn}`, value: null, headers: {} } }];
        },
        read: () => {
          throw new Error('everything is in memory');
        },
        monotonicMs: () => performance.now(),
        onFatal: (error) => void fatal.push(error),
      },
      0,
      0,
    );
    publisher.start();
    publisher.add({ cell, epoch: 1, turn: 1, hash: new Uint8Array(32), atMs: 1, entries: [] });
    await expect.poll(() => [publisher.published, fatal]).toEqual([1, []]);
    expect(left).toBeLessThan(0);
    await publisher.stop();
  });

  it('by who hands in an input', async () => {
    const partitions = { submissions: 1, callbacks: 1, controls: 1 };
    const inbox = new KafkaInbox({ ...parts, partitions, nowMs: () => 0, after: () => () => undefined });
    const sender = { inputId: 'input', receivedAtMs: 0, principal: null, traceparent: null };
    const ends: unknown[] = [];
    inbox.put(sealInput(Code.AcceptClock, sender, { clockAtMs: 0 })).catch((error) => ends.push(error));
    await expect.poll(() => [left < 0, ends]).toEqual([true, []]);
    inbox.close('the test is over');
  });
});

describe('a journal that its broker has not heard of for a while', () => {
  /** So many requests for records are refused. */
  let left: number;

  beforeEach(() => {
    left = 0;
    proxy.answers = (apiKey, request) =>
      apiKey === FETCH && left-- > 0 ? fetchRefused(request, UNKNOWN_TOPIC_OR_PARTITION) : null;
  });

  it('is followed on by who uses the topics alone', async () => {
    const cell = freshName('c');
    await makeCellTopics(sharedKafka(), cell);
    const topic = topicName(cell, 'journal');
    const leading = await openKafkaJournal({ connection: sharedKafka(), topic, cell });
    const turns = new Turns(connection, cell).from(1, AbortSignal.timeout(PATIENT_MS));
    for (const expected of [1, 2]) {
      left = 3;
      const { bytes, hash } = turnAfter(leading.head(), { cell });
      await leading.append(bytes, hash);
      expect((await turns.next()).value).toMatchObject({ turn: expected });
      expect(left).toBeLessThan(0);
    }
    await turns.return(undefined);
    await leading.close();
  });

  it('is followed on by a standby, which leads when it must', async () => {
    const cell = await startCell();
    const first = await cell.start();
    const second = await cell.start(undefined, { brokers: connection.brokers });
    const client = second.client();
    const dag = { jobs: [{ id: 'only', kind: 'noop' as const }] };
    await client.wait((await client.submit(dag)).dagId);
    left = Number.MAX_SAFE_INTEGER;
    await second.program.saying('"part":"journal","code":"kafka-topic-missing"');
    left = 0;
    await second.program.saying('no longer waits for the brokers');
    await first.kill();
    await client.wait((await client.submit(dag)).dagId);
    expect((await second.stop()).code).toBe(0);
  });
});
