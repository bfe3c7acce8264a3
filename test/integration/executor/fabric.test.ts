import { describe, expect, it, onTestFinished } from 'vitest';
import type { JobSubmission } from '../../../src/client/index.js';
import { type ExecutorDefinition, type RunningExecutors, runExecutors } from '../../../src/executor/index.js';
import { checkConfig } from '../../../src/main/config/config.js';
import { type RunningFabric, up } from '../../../src/main/up.js';
import { temporaryFolder } from '../../support/fabric/fabric.js';
import { quietLog } from '../../support/quiet-log.js';
import { clientOf } from '../gateway/setup.js';
import { gate, untilAborted } from './setup.js';

const JSON_HEADERS = { 'content-type': 'application/json' };

async function startFabric(data: string, port = 0): Promise<RunningFabric> {
  const fabric = await up({ ...checkConfig({ data, port }), acceptClock: true });
  let closed: Promise<void> | null = null;
  const close = (): Promise<void> => {
    closed ??= fabric.close();
    return closed;
  };
  onTestFinished(close);
  return { ...fabric, close };
}

async function startExecutor(
  url: string,
  id: string,
  run: ExecutorDefinition['run'],
  slots = 2,
): Promise<RunningExecutors> {
  const running = await runExecutors({
    url,
    id,
    executors: [{ class: 'test', slots, run }],
    handleSignals: false,
    sessionMs: 30_000,
    log: quietLog(),
  });
  onTestFinished(() => running.close(0));
  return running;
}

const job = (fields: Partial<JobSubmission> = {}): { jobs: JobSubmission[] } => ({
  jobs: [{ id: 'a', executorClass: 'test', ...fields }],
});

describe('executors on a real fabric', () => {
  it('stop their work when its DAG is cancelled, and only then is the slot free', async () => {
    const fabric = await startFabric(temporaryFolder());
    const client = clientOf(fabric);
    const started = gate();
    const stopped = gate();
    const ended = gate();
    await startExecutor(fabric.url, 'e', async ({ signal }) => {
      started.open();
      await untilAborted(signal).catch(() => undefined);
      stopped.open();
      await ended.opened;
    });
    const { dagId } = await client.submit(job());
    await started.opened;
    await client.controls.cancel(dagId, 'no longer needed');
    await stopped.opened;
    expect((await client.wait(dagId)).state).toBe('cancelled');
    const slots = async () => (await client.operations.classes())[0];
    expect(await slots()).toMatchObject({ slotsFree: 1, slotsReclaiming: 1 });
    ended.open();
    while ((await slots())?.slotsFree !== 2) await new Promise(setImmediate);
  });

  it('keep their work over a restart of the fabric, which takes its result once', async () => {
    const data = temporaryFolder();
    const first = await startFabric(data);
    const client = clientOf(first);
    const started = gate();
    const finish = gate();
    let runs = 0;
    await startExecutor(first.url, 'e', async () => {
      runs++;
      started.open();
      await finish.opened;
      return 'kept';
    });
    const { dagId } = await client.submit(job());
    await started.opened;
    await first.close();
    finish.open();
    await startFabric(data, Number(new URL(first.url).port));
    expect(await client.wait(dagId)).toMatchObject({ state: 'succeeded' });
    expect(await client.output(dagId, 'a')).toBe('kept');
    expect(runs).toBe(1);
    expect((await client.jobs(dagId))[0]?.attempt).toBe(1);
    await client.close();
  });

  it('that come back under their id as another process have lost what they do not list', async () => {
    const fabric = await startFabric(temporaryFolder());
    const client = clientOf(fabric);
    const started = gate();
    const old = await startExecutor(fabric.url, 'e', ({ signal }) => {
      started.open();
      return untilAborted(signal);
    });
    const { dagId } = await client.submit(job());
    await started.opened;
    await startExecutor(fabric.url, 'e', () => 'second');
    await expect(old.closed).rejects.toMatchObject({ code: 'stale-incarnation' });
    expect(await client.wait(dagId)).toMatchObject({ state: 'succeeded' });
    expect(await client.output(dagId, 'a')).toBe('second');
  });

  it('are not drained by a process whose place they have taken', async () => {
    const fabric = await startFabric(temporaryFolder());
    const client = clientOf(fabric);
    const running = await startExecutor(fabric.url, 'e', () => 'done');
    const drain = (body: object) =>
      fetch(`${fabric.url}/v1/executors/e/drain`, {
        method: 'POST',
        headers: JSON_HEADERS,
        body: JSON.stringify(body),
      });
    const refused = await drain({ incarnation: 'the one before' });
    expect([refused.status, await refused.json()]).toMatchObject([409, { code: 'stale-incarnation' }]);
    expect((await client.operations.executors())[0]?.state).toBe('live');
    const incarnation = (await client.operations.executors())[0]?.incarnation;
    expect((await drain({ incarnation })).status).toBe(200);
    await running.closed;
  });

  it('give back on a drain what others then do', async () => {
    const fabric = await startFabric(temporaryFolder());
    const client = clientOf(fabric);
    const started = gate();
    const leaving = await startExecutor(fabric.url, 'leaving', ({ signal }) => {
      started.open();
      return untilAborted(signal);
    });
    const { dagId } = await client.submit(job());
    await started.opened;
    await leaving.close(0);
    await startExecutor(fabric.url, 'staying', () => 'done');
    expect(await client.wait(dagId)).toMatchObject({ state: 'succeeded' });
    expect((await client.operations.executors()).filter(({ state }) => state === 'live')).toHaveLength(1);
  });

  it('drain when an operator says so', async () => {
    const fabric = await startFabric(temporaryFolder());
    const client = clientOf(fabric);
    const running = await startExecutor(fabric.url, 'e', () => null);
    await client.operations.drain('e');
    await running.closed;
  });

  it('have a time-out that stops the attempt and tries again', async () => {
    const fabric = await startFabric(temporaryFolder());
    const client = clientOf(fabric);
    const attempts: number[] = [];
    await startExecutor(fabric.url, 'e', ({ signal, job: { attempt } }) => {
      attempts.push(attempt);
      return attempt === 1 ? untilAborted(signal) : 'second';
    });
    // On a machine that stands still for so long, a later one may take too long as well.
    const retry = { maxAttempts: 10, backoff: { baseMs: 1, maxMs: 1 } };
    const { dagId } = await client.submit(job({ timeoutMs: 300, retry }));
    expect(await client.wait(dagId)).toMatchObject({ state: 'succeeded' });
    expect(attempts.slice(0, 2)).toEqual([1, 2]);
  });

  it('stop the attempt that took too long, though the next one has begun already', async () => {
    const fabric = await startFabric(temporaryFolder());
    const client = clientOf(fabric);
    const stopped = gate();
    await startExecutor(fabric.url, 'e', async ({ signal, job: { attempt } }) => {
      if (attempt > 1) return 'second';
      await untilAborted(signal).finally(stopped.open);
      return 'first';
    });
    // Without a backoff the turn that ends an attempt dispatches the next one, too.
    const retry = { maxAttempts: 10, backoff: { baseMs: 0, maxMs: 0 } };
    const { dagId } = await client.submit(job({ timeoutMs: 300, retry }));
    expect(await client.wait(dagId)).toMatchObject({ state: 'succeeded' });
    await stopped.opened;
  });

  it('are told to stop what they list by the token under which they have it, whatever the fabric still knows', async () => {
    const fabric = await startFabric(temporaryFolder());
    const post = (path: string, body: object): Promise<unknown> => {
      const request = { method: 'POST', headers: JSON_HEADERS, body: JSON.stringify(body) };
      return fetch(`${fabric.url}/v1/executors/e/${path}`, request).then((answer) => answer.json());
    };
    const poll = async (): Promise<readonly { readonly type: string; readonly token: string }[]> => {
      const answer = await fetch(`${fabric.url}/v1/executors/e/dispatches?incarnation=one&waitMs=10000&max=1`);
      return ((await answer.json()) as { messages: [] }).messages;
    };
    const registration = { incarnation: 'one', group: 'default', class: 'test', slots: 1, sessionMs: 60_000 };
    await post('register', { ...registration, held: [] });
    const { dagId } = await clientOf(fabric).submit(job());
    const [dispatch] = await poll();
    const { token } = dispatch!;
    await post('callbacks?incarnation=one', { type: 'complete', token, output: 1 });
    expect(await clientOf(fabric).wait(dagId)).toMatchObject({ state: 'succeeded' });
    await post('register', { ...registration, held: [{ token, slots: 1 }] });
    expect(await poll()).toEqual([{ type: 'stop', token }]);
  });

  it('pass large outputs on, and collections in order', async () => {
    const fabric = await startFabric(temporaryFolder());
    const client = clientOf(fabric);
    const running = await runExecutors({
      url: fabric.url,
      handleSignals: false,
      log: quietLog(),
      executors: [
        {
          class: 'page',
          slots: 8,
          run: (_ctx, { index }) => ({ index: index ?? 77, text: index === 3 ? 'x'.repeat(300_000) : 'x' }),
        },
        { class: 'large', slots: 1, run: () => ({ text: 'x'.repeat(300_000), deep: { '/': [5, 6] } }) },
        {
          class: 'merge',
          slots: 1,
          async run({ collection, collectionItem }, { pages, whole, part, none }) {
            const lengths: number[] = [];
            for await (const page of collection<{ index: number; text: string }>(pages)) lengths.push(page.text.length);
            const item = await collectionItem<{ index: number }>(pages, 9);
            const { text } = whole as { text: string };
            return {
              count: collection(pages).count,
              lengths: lengths.slice(2, 5),
              item: item?.index,
              large: [text.length, part, none],
            };
          },
        },
      ],
    });
    onTestFinished(() => running.close(0));
    const { dagId } = await client.submit({
      jobs: [
        { id: 'page', executorClass: 'page', fanOut: { count: 12 } },
        { id: 'large', executorClass: 'large' },
        {
          id: 'merge',
          executorClass: 'merge',
          after: ['page', 'large'],
          inputs: {
            pages: { from: 'page' },
            whole: { from: 'large' },
            part: { from: 'large', at: '/deep/~1/1' },
            none: { from: 'large', at: '/deep/none' },
          },
        },
      ],
    });
    expect(await client.wait(dagId)).toMatchObject({ state: 'succeeded' });
    expect(await client.output(dagId, 'merge')).toEqual({
      count: 12,
      lengths: [1, 300_000, 1],
      item: 9,
      large: [300_000, 6, null],
    });
  });

  it('name a collection, a large output and a part of it as the protocol says', async () => {
    const fabric = await startFabric(temporaryFolder());
    const client = clientOf(fabric);
    const output = { text: 'x'.repeat(300_000) };
    const any: ExecutorDefinition = { class: 'any', slots: 2, run: () => output };
    const running = await runExecutors({ url: fabric.url, handleSignals: false, log: quietLog(), executors: [any] });
    onTestFinished(() => running.close(0));
    const base = `${fabric.url}/v1/executors/raw`;
    const registration = JSON.stringify({ incarnation: 'r1', class: 'raw', slots: 1 });
    await fetch(`${base}/register`, { method: 'POST', headers: JSON_HEADERS, body: registration });
    await client.submit({
      id: 'wire',
      jobs: [
        { id: 'page', executorClass: 'any', fanOut: { count: 1 } },
        { id: 'large', executorClass: 'any' },
        {
          id: 'last',
          executorClass: 'raw',
          after: ['page', 'large'],
          inputs: { pages: { from: 'page' }, whole: { from: 'large' }, part: { from: 'large', at: '/text' } },
        },
      ],
    });
    const poll = await fetch(`${base}/dispatches?incarnation=r1&waitMs=20000`);
    const { messages } = (await poll.json()) as { messages: { inputs: Record<string, Record<string, unknown>> }[] };
    const { pages, whole, part } = messages[0]?.inputs ?? {};
    const uri = '/v1/dags/wire/jobs/page/children?tenant=default';
    expect(pages).toEqual({ collection: { dagId: 'wire', job: 'page', count: 1, uri } });
    const blob = {
      uri: expect.stringMatching(/^blob:sha256:[0-9a-f]{64}$/),
      sha256: expect.any(String),
      bytes: 300_011,
    };
    expect([whole, part]).toEqual([{ blob }, { blob, at: '/text' }]);
    const children = await (await fetch(`${fabric.url}${uri}&from=0&limit=10`)).text();
    expect(JSON.parse(children)).toEqual({ index: 0, state: 'succeeded', blob });
  });
});
