/** Producers and executors of the TypeScript SDK on a cell's topics: no call goes to a gateway. */
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { FabricError } from '../../../src/client/index.js';
import { defineExecutor, JobError, type RunningExecutors, runExecutors } from '../../../src/executor/index.js';
import { topicName } from '../../../src/kafka/topics/names.js';
import { PartitionWriter } from '../../../src/kafka/writing/partition-writer.js';
import { connectTopics } from '../../../src/topics/index.js';
import { type Cell, startCell } from '../../support/kafka/cell.js';
import { needsKafka, sharedKafka } from '../../support/kafka/shared.js';
import { PATIENT_MS } from '../../support/patience.js';
import { quietLog } from '../../support/quiet-log.js';

beforeEach((context) => needsKafka(context));

async function connect({ name }: Cell, tenant = 'default') {
  const topics = await connectTopics({ brokers: sharedKafka().brokers, cell: name, tenant });
  onTestFinished(() => topics.close());
  return topics;
}

const words = defineExecutor({
  class: 'words',
  slots: 2,
  async run(ctx, { text, item }: { text?: string; item?: string }) {
    ctx.progress(0.5, 'reading');
    if (text === 'large') await ctx.blobs.put('more than an output');
    if (text === 'bad') throw new JobError('unreadable', 'no words', { retryable: false });
    const read = item ?? text ?? '';
    return { lines: read.split('\n'), count: read.split(/\s+/).length };
  },
});

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

function run(topics: Awaited<ReturnType<typeof connect>>, executor = words): Promise<RunningExecutors> {
  return runExecutors({
    topics,
    executors: [executor as never],
    id: 'by-topics',
    log: quietLog(),
    handleSignals: false,
  });
}

it('submits, executes, follows and ends DAGs by the topics alone', async () => {
  const cell = await startCell();
  const fabric = await cell.start();
  const topics = await connect(cell);
  const running = await run(topics);
  const submitted = await topics.submit({ id: 'texts', idempotencyKey: 'once', ...TEXTS });
  expect(submitted).toMatchObject({ dagId: 'texts', duplicate: false });
  expect(await topics.wait('texts')).toMatchObject({ dag: submitted.dag, state: 'succeeded' });
  expect(await topics.submit({ id: 'texts', idempotencyKey: 'once', ...TEXTS })).toEqual({
    ...submitted,
    duplicate: true,
  });

  // What the other side of the fabric says of it.
  const client = fabric.client();
  expect(await client.output('texts', 'line[2]')).toMatchObject({ count: 3 });
  expect(await client.output('texts', 'end')).toMatchObject({ count: 2 });

  const types: string[] = [];
  for await (const { type, dagId } of topics.lifecycle({ dag: 'texts' })) {
    types.push(type);
    expect(dagId).toBe('texts');
    if (type === 'DagSucceeded') break;
  }
  expect(types[0]).toBe('DagAccepted');
  // The fan-out counts beside its three children.
  expect(types.filter((type) => type === 'JobSucceeded')).toHaveLength(6);

  const bad = await topics.submit({ jobs: [{ id: 'a', executorClass: 'words', inputs: { text: { value: 'bad' } } }] });
  expect(await topics.wait(bad.dagId)).toMatchObject({ state: 'failed' });
  expect(await client.failure(bad.dagId, 'a')).toMatchObject({ code: 'unreadable', message: 'no words' });

  // Blobs are the one thing that a gateway is needed for.
  const job = { id: 'a', executorClass: 'words', inputs: { text: { value: 'large' } } };
  const large = await topics.submit({ jobs: [job] });
  expect(await topics.wait(large.dagId)).toMatchObject({ state: 'failed' });
  expect((await client.failure(large.dagId, 'a')).message).toContain('no-gateway');

  const cycle = topics.submit({ jobs: [{ id: 'a', kind: 'noop', after: ['a'] }] });
  await expect(cycle).rejects.toThrow(FabricError);
  await expect(cycle).rejects.toMatchObject({ code: 'self-loop', status: 422 });

  await running.close();
  const states = async () => (await client.operations.executors()).map(({ state }) => state);
  await expect.poll(states).toEqual(['left']);
});

it('goes on where a dispatch can not be read: one for others is none of its business, its own job fails for good', async () => {
  const cell = await startCell();
  const fabric = await cell.start();
  const topics = await connect(cell);
  const running = await run(topics);
  const [executor] = running.executors;
  const writer = new PartitionWriter(sharedKafka(), topicName(cell.name, 'dispatches'), 0, PATIENT_MS);
  /** Writes a dispatch as the topic has it, with something in it that is no JSON. */
  const write = (to: string, token: string) => {
    const headers = { schema: 'Dispatch@1', 'content-type': 'application/json', executor: to };
    const value = Buffer.from(`{"type":"dispatch","token":"${token}","inputs":{"i":\ufeff1}}`);
    return writer.write([{ key: '1', value, headers }]);
  };
  await write('somebody-else', `${cell.name}.9.0.1.9`);

  // The token of the first lease: its record comes before the fabric's own, whose repeat is then left out.
  await write(executor!.id, `${cell.name}.1.0.1.1`);
  const own = await topics.submit({ jobs: [{ id: 'a', executorClass: 'words', inputs: { text: { value: 'x' } } }] });
  expect(own.dag).toBe(1);
  expect(await topics.wait(own.dagId)).toMatchObject({ state: 'failed' });
  expect(await fabric.client().failure(own.dagId, 'a')).toMatchObject({ code: 'dispatch-unreadable' });
  const next = await topics.submit({ jobs: [{ id: 'a', executorClass: 'words', inputs: { text: { value: 'x' } } }] });
  expect(await topics.wait(next.dagId)).toMatchObject({ state: 'succeeded' });
  writer.close();
  await running.close();
});

it('stops what is cancelled, sits out a change of the leader, and gives way to its successor', async () => {
  const cell = await startCell();
  const [first, second] = [await cell.start(), await cell.start()];
  const topics = await connect(cell);
  let stopped = 0;
  const patient = defineExecutor({
    class: 'patient',
    slots: 4,
    async run(ctx, { ms }: { ms?: number }) {
      await sleep(ms ?? 0, undefined, { signal: ctx.signal }).catch(() => {
        stopped += 1;
        throw ctx.signal.reason;
      });
      return null;
    },
  });
  const running = await run(topics, patient as never);
  const job = (ms: number) => ({ id: 'a', executorClass: 'patient', inputs: { ms: { value: ms } } });
  const { dagId } = await topics.submit({ jobs: [job(300_000)] });
  const client = second.client();
  await expect.poll(async () => (await client.job(dagId, 'a')).state).toBe('running');
  await client.controls.cancel(dagId);
  await expect.poll(() => stopped).toBe(1);
  expect(await topics.wait(dagId)).toMatchObject({ state: 'cancelled' });

  await first.kill();
  const again = await topics.submit({ jobs: [job(0)] });
  expect(await topics.wait(again.dagId)).toMatchObject({ state: 'succeeded' });

  // Another process registers under the same id.
  const successor = await run(await connect(cell), patient as never);
  await expect(running.closed).rejects.toMatchObject({ code: 'stale-incarnation' });
  await successor.close();
});

it('who is replaced over the same topics is told, and its leave is nothing to its successor', async () => {
  const cell = await startCell();
  const client = (await cell.start()).client();
  const topics = await connect(cell);
  const endless = defineExecutor({
    class: 'words',
    slots: 1,
    run: (ctx) => sleep(300_000, null, { signal: ctx.signal }),
  });
  const older = await run(topics, endless as never);
  const job = { id: 'a', executorClass: 'words', inputs: { text: { value: 'two words' } } };
  const { dagId } = await topics.submit({ jobs: [job] });
  await expect.poll(async () => (await client.job(dagId, 'a')).state).toBe('running');
  const leaving = older.close();
  const offered = async () => (await client.operations.executors()).map(({ slots }) => slots);
  await expect.poll(offered).toEqual([0]);

  const newer = await run(topics);
  expect(await topics.wait(dagId)).toMatchObject({ state: 'succeeded' });
  await expect(older.closed).rejects.toMatchObject({ code: 'stale-incarnation' });
  await leaving;
  const again = await topics.submit({ jobs: [job] });
  expect(await topics.wait(again.dagId)).toMatchObject({ state: 'succeeded' });
  await newer.close();
});
