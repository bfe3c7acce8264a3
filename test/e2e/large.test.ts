import { expect } from 'vitest';
import { fanOutDag, flatDag } from '../support/fabric/dags.js';
import { it } from '../support/fabric/fabric.js';
import { checkHistory } from '../support/fabric/history.js';
import { Program, testProgram } from '../support/fabric/program.js';

it('a fan-out of 10,000 children', async ({ fabric }) => {
  Program.start([...testProgram('noop-executor'), fabric.url, 'noop', 'noop', '256']);
  const client = fabric.client();
  const { dagId } = await client.submit(fanOutDag('noop', 10_000));
  const dag = await client.wait(dagId);
  expect(dag).toMatchObject({ state: 'succeeded', jobsTotal: 10_002 });
  let expected = 0;
  for await (const { index, state, output } of client.children<number>(dagId, 'each')) {
    expect([index, state, output]).toEqual([expected, 'succeeded', expected]);
    expected++;
  }
  expect(expected).toBe(10_000);
  await checkHistory(fabric, client, dag);
});

it('a submission of 20,000 jobs, one of which waits for all others', async ({ fabric }) => {
  Program.start([...testProgram('noop-executor'), fabric.url, 'noop', 'noop', '256']);
  const client = fabric.client();
  const flat = flatDag('noop', 19_999);
  const last = { id: 'last', executorClass: 'noop', after: flat.jobs.map(({ id }) => id) };
  const { dagId } = await client.submit({ ...flat, jobs: [...flat.jobs, last] });
  const dag = await client.wait(dagId);
  expect(dag).toMatchObject({ state: 'succeeded', jobsTotal: 20_000 });
  const { jobs } = await checkHistory(fabric, client, dag);
  const latest = Math.max(...jobs.slice(0, -1).map(({ endedAtMs }) => endedAtMs ?? Number.POSITIVE_INFINITY));
  expect(jobs.at(-1)?.readyAtMs).toBeGreaterThanOrEqual(latest);
});
