/** What a turn's records may come to: brokers take no batch that is larger than the largest record may be. */
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { CauseCode, Code } from '../../src/catalogue/generated/codes.js';
import type { EventEntry } from '../../src/catalogue/generated/types.js';
import { dispatchLine } from '../../src/edge/dispatch-lines.js';
import { readMessage } from '../../src/executor/read-message.js';
import { KafkaFault } from '../../src/kafka/fault.js';
import type { Framing } from '../../src/kafka/framing.js';
import type { PartitionRecords } from '../../src/kafka/protocol/produce.js';
import { MAX_RECORD_BYTES } from '../../src/kafka/topics/topic-plan.js';
import { topicSources } from '../../src/main/kafka/topic-sources.js';
import { MAX_DISPATCH_BYTES, type Projected, recordsOf } from '../../src/outbox/kafka/project.js';
import { TopicPublisher } from '../../src/outbox/kafka/publisher.js';
import type { AcceptedTurn } from '../../src/outbox/port.js';
import { PATIENT } from '../support/patience.js';

const MIB = 1024 * 1024;
const CELL = 'main';
const TOO_LARGE = new KafkaFault('payload-too-large', 'too large', false);
const AWAY = new KafkaFault('kafka-unavailable', 'no answer', true);
/** What the events say is another test's. */
const framingOfNothing = { frame: () => Buffer.alloc(0) } as unknown as Framing;

const turnOf = (turn: number, entries: readonly EventEntry[] = []): AcceptedTurn => ({
  cell: CELL,
  epoch: 1,
  turn,
  hash: new Uint8Array(32),
  atMs: turn,
  entries,
});

/** Publishes turns whose records these are; gives what was written at once, in order, as bytes and keys by partition. */
async function published(
  records: (turn: number) => readonly Projected[],
  turns: number,
  fromJournal: boolean,
  refusal: (batch: PartitionRecords) => KafkaFault | null = () => null,
) {
  const written: (readonly PartitionRecords[])[] = [];
  let failure: Error | null = null;
  const publisher = new TopicPublisher(
    {
      cell: CELL,
      writer: {
        writeAll: async (batches: readonly PartitionRecords[]) => {
          const faults = batches.map(refusal);
          written.push(batches.filter((_, i) => faults[i] === null));
          return faults;
        },
        close: () => undefined,
      } as never,
      partitions: { leases: 1, slots: 1, dispatches: 1, lifecycle: 1, refusals: 1, timings: 1 },
      project: async function* ({ turn }) {
        yield records(turn);
      },
      read: async function* (from) {
        for (let turn = from; turn <= turns; turn++) yield turnOf(turn);
      },
      monotonicMs: () => 0,
      onFatal: (error) => {
        failure = error;
      },
    },
    0,
    fromJournal ? turns : 0,
  );
  if (!fromJournal) for (let turn = 1; turn <= turns; turn++) publisher.add(turnOf(turn));
  publisher.start();
  onTestFinished(() => publisher.stop());
  await vi.waitFor(() => expect(failure !== null || publisher.published === turns).toBe(true), PATIENT);
  if (failure !== null) throw failure;
  return written;
}

function projected(key: string, bytes: number, headers: Readonly<Record<string, string>> = {}): Projected {
  return { topic: 'dispatches', record: { key, value: Buffer.alloc(bytes), headers } };
}

const keysIn = (written: readonly (readonly PartitionRecords[])[]) =>
  written.flatMap((batches) => batches.flatMap(({ records }) => records.map(({ key }) => key)));

/** Bytes of the largest batch: keys, values and headers. */
function largest(written: readonly (readonly PartitionRecords[])[]): number {
  const sizes = written.flat().map(({ records }) => {
    const texts = records.flatMap(({ headers }) => Object.entries(headers).flat());
    return records.reduce((sum, { value }) => sum + value!.length, 0) + texts.join('').length;
  });
  return Math.max(...sizes);
}

describe.each([
  ['as it comes', false],
  ['from the journal', true],
])('what is published %s', (_whence, fromJournal) => {
  it('is written bit by bit where one turn has more than brokers take at once', async () => {
    const sizes = [1, 9 * MIB, 1, 5 * MIB, 4 * MIB, 1];
    const written = await published(
      (turn) => sizes.map((bytes, i) => projected(`${turn}/${i}`, bytes)),
      2,
      fromJournal,
    );
    expect(largest(written)).toBeLessThan(MAX_RECORD_BYTES);
    expect(keysIn(written)).toEqual([1, 2].flatMap((turn) => sizes.map((_, i) => `${turn}/${i}`)));
  });

  it('is written in smaller batches to topics that take no large ones; what has no room alone is told of', async () => {
    const most = 5000;
    const takesSmall = ({ records }: PartitionRecords): KafkaFault | null => {
      const bytes = records.reduce((sum, { value }) => sum + value!.length, 0);
      return bytes > most ? TOO_LARGE : null;
    };
    const many = (turn: number) => Array.from({ length: 100 }, (_, i) => projected(`${turn}/${i}`, 999));
    const written = await published(many, 3, fromJournal, takesSmall);
    expect(keysIn(written)).toEqual([1, 2, 3].flatMap((turn) => many(turn).map(({ record }) => record.key)));
    const large = published(() => [projected('a', most + 1)], 1, fromJournal, takesSmall);
    await expect(large).rejects.toMatchObject({
      code: 'kafka-unsafe',
      message: expect.stringContaining('max.message'),
    });
  });

  it('is written once where only another topic takes no large batches, or is away; that is not forgotten', async () => {
    let [refused, small] = [0, 0];
    const refusal = ({ topic, records }: PartitionRecords): KafkaFault | null => {
      if (!topic.endsWith('.lifecycle')) return null;
      if (records.length > 3) {
        refused += 1;
        return TOO_LARGE;
      }
      small += 1;
      return small === 3 ? AWAY : null;
    };
    const keys = Array.from({ length: 20 }, (_, i) => `${i}`);
    const both = (turn: number) =>
      keys.flatMap((key): readonly Projected[] => {
        const one = projected(`${turn}/${key}`, MIB / 40);
        return [one, { ...one, topic: 'lifecycle' }];
      });
    const written = await published(both, 5, fromJournal, refusal);
    const all = [1, 2, 3, 4, 5].flatMap((turn) => keys.map((key) => `${turn}/${key}`));
    const to = (topic: string) => written.map((batches) => batches.filter((one) => one.topic.endsWith(topic)));
    expect(keysIn(to('.dispatches'))).toEqual(all);
    expect(keysIn(to('.lifecycle'))).toEqual(all);
    expect(refused).toBeLessThan(5);
  });

  it('is counted with its headers', async () => {
    const headers = { 'dag-id': 'd'.repeat(250), tenant: 't'.repeat(250) };
    const small = (turn: number) => Array.from({ length: 100 }, (_, i) => projected(`${turn}/${i}`, 8, headers));
    const written = await published(small, 300, fromJournal);
    expect(largest(written)).toBeLessThan(2 * MIB);
    expect(keysIn(written)).toHaveLength(30_000);
  });
});

describe('dispatches', () => {
  const place = (token: number) => ({ token, dag: 1, job: token });
  const numbers = ['lane', 'cost', 'priority', 'tenantTag', 'dagFinish', 'rank', 'freeAfter', 'runnerUpDag'];
  const more = ['runnerUpJob', 'decidedBy', 'runnerUpValue'];
  const evidence = { ...Object.fromEntries([...numbers, ...more].map((name) => [name, 0])), backfill: false };
  const event = (code: number, body: object) => ({ code, cause: CauseCode.plan, body }) as unknown as EventEntry;
  const granted = (token: number) => [
    event(Code.LeaseGranted, { ...place(token), attempt: 1, executor: 1 }),
    event(Code.JobDispatched, { ...place(token), evidence, deadline: null }),
  ];
  const view = (token: number, inputsJson: string) => ({
    token: `main-1-0-1-${token}`,
    tenant: 'default',
    dagId: 'd',
    job: 'j',
    child: null,
    childCount: null,
    attempt: 1,
    executorClass: 'x',
    slots: 1,
    timeoutMs: null,
    inputsJson,
    itemJson: null,
  });

  it('with inputs that have no room in a record are told as what can not be read', () => {
    const json = dispatchLine(view(7, `{"a":"${'x'.repeat(MAX_DISPATCH_BYTES)}"}`), null);
    const dispatches = new Map([[7, { executor: 'e', json }]]);
    const [, , record] = recordsOf(turnOf(1, granted(7)), {
      framing: framingOfNothing,
      nameOfDag: () => null,
      dispatches,
    });
    expect(record!.record.headers['schema']).toBe('Dispatch@1');
    const text = record!.record.value!.toString();
    expect(readMessage(text)).toMatchObject({ type: 'unreadable', token: 'main-1-0-1-7' });
    expect(readMessage(text)).toMatchObject({ detail: expect.stringContaining('too large') });
  });

  it.each([100, 3])(
    'are resolved few at a time, all of them, each after its event; %d at once at most',
    async (most) => {
      const tokens = Array.from({ length: 100 }, (_, i) => i + 1);
      const asked: number[] = [];
      const views = {
        nameOf: async () => null,
        idOfExecutor: () => 'e',
        dispatches: async (some: readonly number[]) => {
          asked.push(some.length);
          return some.slice(0, most).map((token) => view(token, '{}'));
        },
      };
      const sources = topicSources(CELL, framingOfNothing, { views, journal: null } as never);
      const found: (readonly Projected[])[] = [];
      for await (const part of sources.project(turnOf(1, tokens.flatMap(granted)))) found.push(part);
      expect(Math.max(...asked)).toBeLessThan(50);
      const own = found.flat().filter(({ topic }) => topic === 'dispatches');
      expect(own.map(({ record }) => `${record.headers['schema']} ${record.key}`)).toEqual(
        tokens.flatMap((token) => [`JobDispatched@1 ${token}`, `Dispatch@1 ${token}`]),
      );
    },
  );
});
