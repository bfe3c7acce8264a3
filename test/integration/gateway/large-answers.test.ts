/** Answers that are larger than memory should hold at once: they come in parts, as fast as they are taken. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { expect } from 'vitest';
import { until } from '../../support/fabric/fabric.js';
import { RawExecutor } from '../../support/fabric/raw-executor.js';
import { clientOf, it, type startFabric } from './setup.js';

const COUNT = 60;
const TEXT = 'x'.repeat(200 * 1024);
const MIB = 1024 * 1024;

type Fabric = Awaited<ReturnType<typeof startFabric>>;

/** A fan-out whose children have ended, each with a large output. */
async function fanOut(fabric: Fabric): Promise<void> {
  const executor = await RawExecutor.start(fabric.url, 'e', 'large', COUNT);
  await clientOf(fabric).submit({
    id: 'd',
    jobs: [
      { id: 'f', executorClass: 'large', fanOut: { count: COUNT } },
      { id: 'after', kind: 'signal', after: ['f'] },
    ],
  });
  await until(() => executor.dispatched.length === COUNT);
  for (const dispatched of executor.dispatched) await executor.complete(dispatched, `${dispatched.job} ${TEXT}`);
}

it('children with their outputs stand in memory only as far as somebody reads them', async ({ fabric }) => {
  await fanOut(fabric);
  const path = '/v1/dags/d/jobs/f/children?limit=1000';
  const responses: ServerResponse[] = [];
  const note = (message: unknown): void => {
    responses.push((message as { response: ServerResponse }).response);
  };
  subscribe('http.server.request.start', note);
  const { hostname, port } = new URL(fabric.url);
  const socket = connect(Number(port), hostname);
  socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`);
  await once(socket, 'readable');
  unsubscribe('http.server.request.start', note);
  socket.pause();
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(responses).toHaveLength(1);
  expect(responses[0]?.writableLength).toBeLessThan(2 * MIB);
  socket.destroy();

  const answer = await fetch(fabric.url + path);
  expect(Number(answer.headers.get('marie-turn'))).toBeGreaterThan(0);
  expect(answer.headers.get('marie-children')).toBe(String(COUNT));
  const lines = (await answer.text()).trimEnd().split('\n');
  const children = lines.map((line) => JSON.parse(line) as { index: number; state: string; output: string });
  expect(children.map(({ index }) => index)).toEqual(Array.from({ length: COUNT }, (_, index) => index));
  expect(children.every(({ index, output }) => output === `f[${index}] ${TEXT}`)).toBe(true);

  const head = await fetch(fabric.url + path, { method: 'HEAD' });
  const typeOf = ({ status, headers }: Response) => [status, headers.get('content-type'), headers.has('marie-turn')];
  expect(typeOf(head)).toEqual(typeOf(answer));
  expect(await head.text()).toBe('');
});
