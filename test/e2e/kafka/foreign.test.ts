import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { DOCUMENT_CLASSES, DOCUMENT_JOBS, documentSubmission } from '../../../bench/support/dags.js';
import { encodeBody } from '../../../src/catalogue/codec.js';
import { Code } from '../../../src/catalogue/generated/codes.js';
import type { JobSpec } from '../../../src/catalogue/generated/types.js';
import { Framing } from '../../../src/kafka/framing.js';
import { registerSchemas } from '../../../src/kafka/registry.js';
import { deleteRecordsBefore, growTopics } from '../../../src/kafka/topics/admin.js';
import { topicName } from '../../../src/kafka/topics/names.js';
import { PartitionWriter } from '../../../src/kafka/writing/partition-writer.js';
import { makeCellTopics, PARTITIONS, startCell } from '../../support/kafka/cell.js';
import { header, recordsOfTopic } from '../../support/kafka/check-topics.js';
import { limitRecords } from '../../support/kafka/limit-records.js';
import {
  checkMeanwhile,
  endingOfExample,
  followedMoving,
  leavingOfExample,
  offersOfExample,
  runExample,
  startExample,
  startFollower,
  startOddExecutor,
} from '../../support/kafka/python.js';
import { startRegistry } from '../../support/kafka/registry.js';
import { freshName, needsKafka, proxiedKafka, sharedKafka } from '../../support/kafka/shared.js';
import { job, submission } from '../../support/kernel/build.js';
import { PATIENT_MS } from '../../support/patience.js';

beforeEach((context) => needsKafka(context));

/** A submission as Avro, which no edge has looked at. */
function avro(dagId: string, more: Partial<JobSpec>): Uint8Array {
  const dag = submission(dagId, [job('a', more)]);
  return new Framing().frame(Code.SubmitDag, encodeBody(Code.SubmitDag, dag));
}

const valued = (value: Buffer) => ({ inputs: [{ name: 'i', value, uri: null, from: null, at: null }] });

/** What no input is: each must be refused, and the partition go on. */
const POISON: readonly (readonly [string, Uint8Array | null, Readonly<Record<string, string>>])[] = [
  ['nothing', null, {}],
  ['bad UTF-8 as JSON', Buffer.from([0x7b, 0xff, 0x7d]), { 'content-type': 'application/json' }],
  ['no JSON', Buffer.from('{"jobs": ['), { 'content-type': 'application/json' }],
  ['an unknown field', Buffer.from('{"jobs": [], "__proto__": 1, "x": 2}'), { 'content-type': 'application/json' }],
  ['deep JSON', Buffer.from('['.repeat(10_000)), { 'content-type': 'application/json' }],
  ['a wrong first byte', Buffer.from([7, 1, 2, 3]), {}],
  ['an unknown number of a registry', Buffer.from([0, 0, 0, 0, 9, 1]), {}],
  ['Avro with a byte order mark before JSON', avro('bom', valued(Buffer.from('\ufeff1'))), {}],
  ['Avro with deep JSON', avro('deep', valued(Buffer.from('['.repeat(3_000) + ']'.repeat(3_000)))), {}],
  ['Avro with a signal that nobody can name', avro('mute', { kind: 'signal', signalName: '' }), {}],
  ['an unknown fingerprint', Buffer.from('c301000102030405060700', 'hex'), {}],
];

it('a Python program submits a DAG by the topic, follows it to its end, and joins slots to leases', async () => {
  const cell = await startCell();
  const fabric = await cell.start();
  cell.runExecutors(fabric, DOCUMENT_CLASSES);
  const topic = topicName(cell.name, 'submissions');
  const writer = new PartitionWriter(sharedKafka(), topic, 0, PATIENT_MS);
  await writer.write(POISON.map(([, value, headers]) => ({ key: null, value, headers })));
  writer.close();

  const file = join(cell.folder, 'dag.json');
  writeFileSync(file, JSON.stringify(documentSubmission('from-python')));
  const brokers = sharedKafka().brokers.join(',');
  expect(await runExample('submit.py', [brokers, cell.name, file])).toHaveLength(1);
  const counts = await runExample('per_minute.py', [brokers, cell.name, 'from-python']);
  expect(counts.at(-1)).toBe('ended DagSucceeded@1');
  const succeeded = counts
    .filter((line) => line.includes(' JobSucceeded@1 '))
    .map((line) => Number(line.split(' ')[2]));
  expect(succeeded.reduce((sum, count) => sum + count, 0)).toBe(DOCUMENT_JOBS);
  const leases = await runExample('occupancy.py', [brokers, cell.name, String(DOCUMENT_JOBS)]);
  expect(leases).toHaveLength(DOCUMENT_JOBS);
  expect(leases.every((line) => /^token \d+ executor \d+ \d+ ms \S+/.test(line))).toBe(true);

  // What can't be read was refused, each with its reason; nothing stopped.
  const refusals = (await recordsOfTopic(topicName(cell.name, 'refusals'))).flat();
  // A record may be there twice: its id tells.
  const ids = refusals.map((record) => `${header(record, 'turn')}:${header(record, 'index')}`);
  expect(new Set(ids).size).toBe(POISON.length);
  expect(await fabric.client().wait('from-python')).toMatchObject({ state: 'succeeded' });
});

it('Python programs say that there is no such cell, and read partitions that are added while they run', async () => {
  const brokers = sharedKafka().brokers.join(',');
  const cell = freshName('c');
  await expect(runExample('per_minute.py', [brokers, cell, 'any'])).rejects.toThrow(`marie.${cell}.lifecycle`);
  await expect(runExample('check_journal.py', [brokers, cell])).rejects.toThrow(`marie.${cell}.dispatches`);
  await makeCellTopics(sharedKafka(), cell);
  const follower = await startFollower(brokers, cell, 'lifecycle');
  await follower.saying('nothing');
  const name = topicName(cell, 'lifecycle');
  await growTopics(sharedKafka(), [{ name, partitions: PARTITIONS + 1, replicas: 1, settings: {} }]);
  for (const [partition, key] of [
    [0, 'known'],
    [PARTITIONS, 'added'],
  ] as const) {
    const writer = new PartitionWriter(sharedKafka(), name, partition, PATIENT_MS);
    const headers = { turn: '1', index: `${partition}`, schema: 'DagSucceeded@1' };
    await writer.write([{ key, value: Buffer.alloc(0), headers }]);
    writer.close();
    await follower.saying(key);
  }
});

it('a Python program whose position is gone from a topic ends with that, and leaves nothing out without a word', async () => {
  const brokers = sharedKafka().brokers.join(',');
  const cell = freshName('c');
  await makeCellTopics(sharedKafka(), cell);
  const name = topicName(cell, 'lifecycle');
  const writer = new PartitionWriter(sharedKafka(), name, 0, PATIENT_MS);
  onTestFinished(() => writer.close());
  const write = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) {
      const headers = { turn: key, index: '0', schema: 'DagSucceeded@1' };
      await writer.write([{ key, value: Buffer.alloc(0), headers }]);
    }
  };
  const follower = await startFollower(brokers, cell, 'lifecycle');
  await write('1001', '1002');
  await follower.saying('1002');
  process.kill(follower.pid, 'SIGSTOP');
  // It may have been given the first of these.
  await write('1003', '1004', '1005', '1006');
  await deleteRecordsBefore(sharedKafka(), name, 0, 5);
  process.kill(follower.pid, 'SIGCONT');
  await write('1007');
  expect(await follower.exited).toMatchObject({ code: 1 });
  expect(follower.said).toContain('out of range');
});

/** A DAG whose jobs hand texts on: one job's lines are the children of the next. */
const TEXTS = {
  jobs: [
    { id: 'split', executorClass: 'words', inputs: { text: { value: 'one two\nthree\nfour five six' } } },
    { id: 'line', executorClass: 'words', after: ['split'], fanOut: { over: { from: 'split', at: '/lines' } } },
    {
      id: 'end',
      executorClass: 'words',
      after: ['split', 'line'],
      inputs: { text: { from: 'split', at: '/lines/0' } },
    },
  ],
};

it('Python programs submit, execute, follow and finish a DAG by the topics and the registry alone', async () => {
  const registry = await startRegistry();
  await registerSchemas(registry);
  const cell = await startCell({ registry: { url: registry.url } });
  const fabric = await cell.start();
  const brokers = sharedKafka().brokers.join(',');
  const executor = await startExample('executor.py', [brokers, cell.name, 'from-topics', 'words', '2', registry.url]);
  const file = join(cell.folder, 'texts.json');
  const submit = async (id: string) => {
    writeFileSync(file, JSON.stringify({ id, ...TEXTS }));
    await runExample('submit.py', [brokers, cell.name, file]);
    expect((await runExample('per_minute.py', [brokers, cell.name, id])).at(-1)).toBe('ended DagSucceeded@1');
  };
  const client = fabric.client();
  await expect.poll(async () => (await client.operations.executors()).length).toBe(1);
  // Deeper than Python reads: it says so of that token, which was never granted, and goes on.
  const writer = new PartitionWriter(sharedKafka(), topicName(cell.name, 'dispatches'), 0, PATIENT_MS);
  const deep = '['.repeat(100_000) + ']'.repeat(100_000);
  const value = Buffer.from(`{"type":"dispatch","token":"${cell.name}.9.0.1.9","inputs":{"i":${deep}}}`);
  const headers = { schema: 'Dispatch@1', executor: 'from-topics', turn: '1', index: '0' };
  await writer.write([{ key: '9', value, headers }]);
  writer.close();
  await expect.poll(async () => (await recordsOfTopic(topicName(cell.name, 'refusals'))).flat().length).toBe(1);

  await submit('texts');
  expect(await client.output('texts', 'line[2]')).toMatchObject({ words: 3 });
  expect(await client.output('texts', 'end')).toMatchObject({ words: 2 });

  // The registry is asked once: nothing of the fabric, and nothing that knows its schemas by now, needs it any more.
  await registry.stop();
  await submit('without-registry');
  expect(await executor.end('SIGTERM')).toMatchObject({ code: 0 });
  expect(executor.said).toBe('');
  const states = async () => (await client.operations.executors()).map(({ state }) => state);
  await expect.poll(states).toEqual(['left']);
});

it('the executor on the topics goes on after it stood still, and ends where another process has its id', async () => {
  const cell = await startCell();
  const client = (await cell.start()).client();
  const args = [sharedKafka().brokers.join(','), cell.name, 'twin', 'words', '2'];
  const first = await startExample('executor.py', args);
  const states = async () => (await client.operations.executors()).map(({ state }) => state);
  await expect.poll(states).toEqual(['live']);
  process.kill(first.pid, 'SIGSTOP');
  await expect.poll(states).toEqual(['lost']);
  process.kill(first.pid, 'SIGCONT');
  await expect.poll(states).toEqual(['live']);
  await client.submit({ id: 'afterwards', ...TEXTS });
  expect(await client.wait('afterwards')).toMatchObject({ state: 'succeeded' });

  const REPLACED = 'another process has registered under this id\n';
  const second = await startExample('executor.py', args);
  expect(await first.exited).toMatchObject({ code: 1 });
  expect(first.said).toBe(REPLACED);

  process.kill(second.pid, 'SIGSTOP');
  await expect.poll(states).toEqual(['lost']);
  const third = await startExample('executor.py', args);
  await expect.poll(states).toEqual(['live']);
  process.kill(second.pid, 'SIGCONT');
  expect(await second.exited).toMatchObject({ code: 1 });
  expect(second.said).toBe(REPLACED);
  await client.submit({ id: 'by-the-third', ...TEXTS });
  expect(await Promise.race([client.wait('by-the-third'), third.exited])).toMatchObject({ state: 'succeeded' });
  expect(await third.end('SIGTERM')).toMatchObject({ code: 0 });
});

it('the executor on the topics keeps its session where a broker falls silent, as a machine without power does', async () => {
  const { proxy, connection } = await proxiedKafka();
  onTestFinished(() => proxy.close());
  const cell = await startCell();
  const client = (await cell.start()).client();
  const executor = await startExample('executor.py', [...connection.brokers, cell.name, 'kept', 'words', '2']);
  await expect.poll(async () => (await client.operations.executors()).map(({ state }) => state)).toEqual(['live']);
  let unheard = 1;
  proxy.fate = () => (unheard-- > 0 ? 'unheard' : 'pass');
  await client.submit({ id: 'meanwhile', ...TEXTS });
  expect(await client.wait('meanwhile')).toMatchObject({ state: 'succeeded' });
  expect(unheard).toBeLessThan(0);
  const events = (await recordsOfTopic(topicName(cell.name, 'lifecycle'))).flat();
  expect(events.map((event) => header(event, 'schema'))).not.toContain('ExecutorLost@1');
  expect(await executor.end('SIGTERM')).toMatchObject({ code: 0 });
});

/** The number of the request by which records are read. */
const FETCH = 1;
/** How long librdkafka waits for a silent broker unless it is told. */
const SILENT_MS = 60_000;

it('the executor on the topics hears dispatches again where a broker falls silent that it reads them from', async () => {
  const { proxy, connection } = await proxiedKafka();
  onTestFinished(() => proxy.close());
  const cell = await startCell();
  const client = (await cell.start()).client();
  const executor = await startExample('executor.py', [...connection.brokers, cell.name, 'deaf', 'words', '2']);
  await expect.poll(async () => (await client.operations.executors()).map(({ state }) => state)).toEqual(['live']);
  let unheard = 1;
  proxy.hears = (request) => request !== FETCH || unheard-- <= 0;
  await expect.poll(() => unheard).toBeLessThan(1);
  const { atMs } = await client.submit({ id: 'meanwhile', ...TEXTS });
  const { endedAtMs } = await client.wait('meanwhile');
  expect(endedAtMs! - atMs).toBeLessThan(SILENT_MS);
  expect(await executor.end('SIGTERM')).toMatchObject({ code: 0 });
});

it('the executor on the topics that ends by an error tells its work to stop', async () => {
  expect(await endingOfExample()).toEqual(['not written', 'told True']);
});

it('Python programs begin to follow also while another broker comes to lead a partition', async () => {
  expect(await followedMoving()).toEqual(['from 7']);
});

it('the check of a journal finds nothing wrong with what a cell publishes meanwhile', async () => {
  expect(await checkMeanwhile()).toEqual(['0 turns, epoch 0, 0 DAGs, 0 dispatches, 0 void records, 0 problems']);
});

/** What an attempt is said to have failed with, by the job whose work ends in that way. */
const ODD_ENDS: Readonly<Record<string, object>> = {
  'odd-text': { code: 'ValueError', message: 'ValueError: no file ?.pdf' },
  exit: { code: 'SystemExit', message: 'SystemExit: 3' },
  mute: { code: 'Mute' },
  'no-json': { code: 'TypeError' },
  large: { code: 'KafkaException' },
  'large-for-topic': { code: 'MSG_SIZE_TOO_LARGE' },
};
/** So large may callbacks be where the last one of them ends. */
const CALLBACK_BYTES = 100_000;

/** How writing so many bytes to a topic is refused; null: it is not. */
async function refusalOf(topic: string, bytes: number): Promise<string | null> {
  const writer = new PartitionWriter(sharedKafka(), topic, 0, PATIENT_MS);
  const written = writer.write([{ key: null, value: Buffer.alloc(bytes), headers: {} }]);
  const refusal = await written.then(
    () => null,
    ({ code }) => code,
  );
  writer.close();
  return refusal;
}

it('the executor on the topics tells of every attempt, however its work ends, and then leaves', async () => {
  const cell = await startCell();
  const fabric = await cell.start();
  const executor = await startOddExecutor([sharedKafka().brokers.join(','), cell.name, 'odd', 'odd', '8']);
  const client = fabric.client();
  await limitRecords(cell.name, 'callbacks', CALLBACK_BYTES);
  await expect.poll(() => refusalOf(topicName(cell.name, 'callbacks'), CALLBACK_BYTES)).toBe('payload-too-large');
  const jobs = Object.keys(ODD_ENDS).map((id) => ({ id, executorClass: 'odd', retry: { maxAttempts: 1 } }));
  const { dagId } = await client.submit({ id: 'odd-ends', failurePolicy: 'continue', jobs });
  const failures = () => Promise.all(jobs.map(({ id }) => client.failure(dagId, id).catch(() => null)));
  await expect.poll(failures).toMatchObject(Object.values(ODD_ENDS));
  expect(await executor.end('SIGTERM')).toMatchObject({ code: 0 });
  expect(executor.said).toBe('');
});

it('the executor on the topics offers no slots where it has to register while it leaves', async () => {
  expect(await offersOfExample()).toEqual(['RegisterExecutor 2', 'RegisterExecutor 0']);
});

it('the executor on the topics ends when it is told to, also where the brokers are gone for good', async () => {
  expect(await leavingOfExample()).toEqual(['left']);
});
