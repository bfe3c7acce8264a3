/** `/readyz` says whether work is taken: not while the brokers are away, but for a moment. */
import { beforeEach, expect, it } from 'vitest';
import { Cell, makeCellTopics } from '../../support/kafka/cell.js';
import { freshName, needsKafka, proxiedKafka, sharedKafka } from '../../support/kafka/shared.js';
import { PATIENT } from '../../support/patience.js';

beforeEach((context) => needsKafka(context));

/** Shorter than an input is tried. */
const BLIP_MS = 1_500;

it('leader and standby are not ready while nothing can be taken, and stay ready over a blip', async () => {
  const { proxy, connection } = await proxiedKafka();
  const name = freshName('c');
  await makeCellTopics(sharedKafka(), name);
  const cell = new Cell(name, connection, {});
  const processes = [await cell.start(), await cell.start()];
  const statuses = () => Promise.all(processes.map(async ({ url }) => (await fetch(`${url}/readyz`)).status));
  await expect.poll(statuses, PATIENT).toEqual([200, 200]);

  proxy.isUp = false;
  for (const until = performance.now() + BLIP_MS; performance.now() < until; )
    expect(await statuses()).toEqual([200, 200]);
  proxy.isUp = true;
  await processes[0]!.client().submit({ jobs: [{ id: 'only', kind: 'noop' }] });
  expect(await statuses()).toEqual([200, 200]);

  proxy.isUp = false;
  await expect.poll(statuses, PATIENT).toEqual([503, 503]);
  const problem = await (await fetch(`${processes[0]!.url}/readyz`)).json();
  expect(problem).toMatchObject({
    code: 'not-ready',
    detail: expect.stringContaining('brokers have been out of reach'),
  });
  const body = JSON.stringify({ jobs: [{ id: 'only', kind: 'noop' }] });
  const headers = { 'content-type': 'application/json' };
  expect((await fetch(`${processes[0]!.url}/v1/dags`, { method: 'POST', body, headers })).status).toBe(503);
  proxy.isUp = true;
  await expect.poll(statuses, PATIENT).toEqual([200, 200]);
  for (const one of processes) await one.stop();
  await proxy.close();
});
