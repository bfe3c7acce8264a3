/** Why a job failed is what its executor said, or else the reason of the fabric. */
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { FabricClient } from '../../../src/client/index.js';
import { defineExecutor, runExecutors } from '../../../src/executor/index.js';
import { quietLog } from '../../support/quiet-log.js';
import { marieInTurn } from './in-turn.js';
import { openWorld, type World } from './world.js';

const marie = marieInTurn();

let world: World;

beforeAll(async () => {
  world = await openWorld();
  await world.prepare('acme', 'failed');
});
afterAll(() => world?.close());

it('marie get says it, in text and as data', async () => {
  const of = ['invoice-17', '--tenant', 'acme', '--url', world.url];
  const { code, stdout } = await marie(['get', ...of]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/\n\nfailed split \(attempt 1\) bad-pdf: no pages\n$/);
  const json = JSON.parse((await marie(['get', ...of, '--json'])).stdout) as { failures: unknown };
  expect(json.failures).toEqual([{ job: 'split', attempt: 1, code: 'bad-pdf', message: 'no pages' }]);
});

it('marie jobs and marie get --jobs give its code as the reason', async () => {
  const of = ['--tenant', 'acme', '--url', world.url, '--json'];
  const listed = JSON.parse((await marie(['jobs', 'invoice-17', '--state', 'failed', ...of])).stdout);
  expect(listed.jobs).toMatchObject([{ job: 'split', reason: 'bad-pdf', permille: 0 }]);
  const dag = JSON.parse((await marie(['get', 'invoice-17', '--jobs', ...of])).stdout);
  expect(dag.jobs[0]).toMatchObject({ job: 'split', state: 'failed', reason: 'bad-pdf' });
  const graph = JSON.parse((await marie(['graph', 'invoice-17', ...of])).stdout);
  expect(graph.nodes[0]).toMatchObject({ job: 'split', reason: 'bad-pdf' });
});

it('the next command works as it is suggested, for another tenant of another fabric', async () => {
  const listed = await marie(['list', '--tenant', 'acme', '--url', world.url]);
  const next = /^next: marie (.*) {2}\(/m.exec(listed.stderr)?.[1] ?? '';
  expect(next).toMatch(/^get \S+ --url http:\S+ --tenant acme$/);
  expect(await marie(next.split(' '))).toMatchObject({ code: 0 });
  const got = await marie(['get', 'invoice-17', '--tenant', 'acme', '--url', world.url]);
  expect(got.stderr).toContain(`next: marie retry invoice-17 --url ${world.url} --tenant acme`);
});

it('marie get says the reason of the fabric where no executor failed the last attempt', async () => {
  const client = new FabricClient({ url: world.url, tenant: 'acme' });
  const jobs = [
    { id: 'list', kind: 'signal' as const },
    { id: 'page', kind: 'noop' as const, after: ['list'], fanOut: { over: { from: 'list', at: '/pages' } } },
    { id: 'slow', executorClass: 'slow', timeoutMs: 300 },
  ];
  const slow = defineExecutor({
    class: 'slow',
    slots: 1,
    run: (ctx) => setTimeout(60_000, null, { signal: ctx.signal }),
  });
  const { url } = world;
  const running = await runExecutors({ url, id: 'slow', executors: [slow], handleSignals: false, log: quietLog() });
  onTestFinished(() => running.close());
  await client.submit({ id: 'untold', failurePolicy: 'continue', jobs });
  await client.controls.signal('untold', 'list', { page: 'not a list' });
  await client.wait('untold');
  await client.close();
  const { stdout } = await marie(['get', 'untold', '--tenant', 'acme', '--url', world.url]);
  expect(stdout).toMatch(/\nfailed page invalid-fan-out: A fan-out .*\n/);
  expect(stdout).toMatch(/\nfailed slow \(attempt 1\) timed-out: An attempt ran longer .*\n/);
});

it('the client has it, and none of a job that has not failed, or that is not there', async () => {
  const client = new FabricClient({ url: world.url, tenant: 'acme' });
  expect(await client.failure('invoice-17', 'split')).toEqual({ attempt: 1, code: 'bad-pdf', message: 'no pages' });
  for (const job of ['merge', 'nobody', 'page[7]']) {
    await expect(client.failure('invoice-17', job)).rejects.toMatchObject({ code: 'not-found', status: 404 });
  }
  await client.close();
});

it('marie get says it of children of a fan-out too, the first of them, and that there are more', async () => {
  const client = new FabricClient({ url: world.url, tenant: 'acme' });
  const page = { id: 'page', executorClass: 'splitter', fanOut: { count: 12 }, inputs: { pdf: { value: 'bad' } } };
  await client.submit({ id: 'pages', failurePolicy: 'continue', jobs: [page] });
  await client.wait('pages');
  await client.close();
  const of = ['pages', '--tenant', 'acme', '--url', world.url];
  const told = Array.from({ length: 10 }, (_, n) => `page[${n}]`);
  for (const more of [[], ['--jobs']]) {
    const json = JSON.parse((await marie(['get', ...of, ...more, '--json'])).stdout);
    expect(json.failures.map(({ job }: { job: string }) => job)).toEqual(told);
    expect(json.moreFailures).toBe(true);
  }
  const { stdout } = await marie(['get', ...of]);
  expect(stdout).toContain('failed page[9] (attempt 1) bad-pdf: no pages\n… and more: ');
  const lister = /: marie (.*) lists them all\n$/.exec(stdout)?.[1] ?? '';
  const listed = await marie([...lister.split(' '), '--tenant', 'acme', '--url', world.url, '--json']);
  expect(JSON.parse(listed.stdout).jobs.map(({ job }: { job: string }) => job)).toContain('page[11]');
});
