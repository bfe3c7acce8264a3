/** What becomes of calls when the client is closed: none goes on, and none begins. */
import { getEventListeners, once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { Http } from '../../../src/client/adapters/http.js';
import { FabricClient } from '../../../src/client/index.js';
import { ScriptedServer, send } from '../../support/scripted-server.js';

let server: ScriptedServer;
let client: FabricClient;

beforeEach(async () => {
  server = await ScriptedServer.start();
  client = new FabricClient({ url: server.url, patience: { attempts: 100, baseMs: 10, maxMs: 100 } });
});

afterEach(() => server.stop());

const CLOSED = { code: 'aborted', status: 0, message: 'aborted: the client is closed', retryable: false };

async function readAll(events: AsyncIterable<unknown>): Promise<void> {
  for await (const _event of events);
}

it('the lifecycle ends with an error while it waits for events', async () => {
  server.on('GET', /lifecycle$/, (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(': welcome\n\n', () => void client.close());
  });
  await expect(readAll(client.lifecycle({ lastEventId: 'main:1:0' }))).rejects.toMatchObject(CLOSED);
});

it('somebody who waits for a DAG is told', async () => {
  server.json('GET', /cell$/, 200, { cell: 'main', turn: 1 });
  server.json('GET', /dags\/d$/, 200, { dagId: 'd', state: 'open', jobs: [] });
  server.on('GET', /lifecycle$/, (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(': welcome\n\n', () => void client.close());
  });
  await expect(client.wait('d')).rejects.toMatchObject(CLOSED);
});

it.each([
  ['before there is an answer', () => void client.close()],
  ['in the middle of the answer', begun],
])('a call under way rejects, %s', async (_when, answer) => {
  server.on('GET', /./, (_request, response) => answer(response));
  await expect(client.get('d')).rejects.toMatchObject(CLOSED);
  expect(server.seen).toHaveLength(1);
});

it.each([
  ['an output', () => client.output('d', 'a')],
  ['a blob', () => client.blobs.get(`blob:sha256:${'0'.repeat(64)}`)],
  ['children', () => readAll(client.children('d', 'a'))],
])('%s that is being read rejects', async (_what, call) => {
  server.on('GET', /./, (_request, response) => begun(response));
  await expect(call()).rejects.toMatchObject(CLOSED);
});

const BUSY = { type: '/errors/not-ready', code: 'not-ready', status: 503, title: 'busy', detail: 'not yet' };

it.each([
  ['a call', () => client.get('d')],
  ['a call that has a signal, too,', () => client.get('d', new AbortController().signal)],
  ['a control', () => client.operations.setPolicy('fair@1')],
  ['an output', () => client.output('d', 'a')],
  ['a blob', () => client.blobs.put('text')],
  ['children', () => readAll(client.children('d', 'a'))],
  ['somebody who waits for a DAG', () => client.wait('d')],
])('%s that would be tried again later rejects at once', async (_what, call) => {
  server.on('GET', /lifecycle$/, () => undefined);
  for (const method of ['GET', 'PUT', 'POST']) {
    server.on(method, /./, (_request, response) => {
      send(response, 503, BUSY, { 'retry-after': '300' });
      setTimeout(() => client.close(), 50);
    });
  }
  await expect(call()).rejects.toMatchObject(CLOSED);
});

it.each([
  ['all of them', 503, BUSY, CLOSED],
  ['one of them', 200, { problem: { ...BUSY, retryAfterMs: 300_000 } }, BUSY],
])('many submissions of which %s would be tried again later end at once', async (_what, status, body, problem) => {
  server.on('POST', /dags$/, (_request, response) => {
    send(response, status, `${JSON.stringify(body)}\n`, { 'retry-after': '300' });
    setTimeout(() => client.close(), 50);
  });
  const { code } = problem;
  expect(await client.submitMany([{ id: 'd', jobs: [] }])).toMatchObject([{ problem: { code } }]);
});

it('a call that begins afterwards rejects at once', async () => {
  await client.close();
  await expect(client.get('d')).rejects.toMatchObject(CLOSED);
  await expect(readAll(client.lifecycle({ lastEventId: 'main:1:0' }))).rejects.toMatchObject(CLOSED);
  expect(server.seen).toEqual([]);
});

/** Sends the head of an answer and a part of its body; then the client is closed. */
function begun(response: ServerResponse): void {
  response.writeHead(200, { 'content-length': '1000' });
  response.write('{"dagId":', () => void setTimeout(() => client.close(), 50));
}

it('a connection that comes about slowly is given up: nothing keeps the process', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  // Who says nothing ends no handshake.
  const silent = createServer();
  const connection = once(silent, 'connection') as Promise<[Socket]>;
  await once(silent.listen(0, '127.0.0.1'), 'listening');
  const { port } = silent.address() as AddressInfo;
  const slow = new FabricClient({ url: `https://127.0.0.1:${port}` });
  const call = expect(slow.get('d')).rejects.toMatchObject(CLOSED);
  const [socket] = await connection;
  const ended = once(
    socket.on('error', () => undefined),
    'close',
  );
  await slow.close();
  await Promise.all([call, ended]);
  expect(vi.getTimerCount()).toBe(0);
  silent.close();
});

it('what ends connections that come about slowly keeps none that has been: a client makes any number', async () => {
  server.on('GET', /./, (_request, response) => send(response, 200, {}, { connection: 'close' }));
  const http = new Http(server.url);
  for (let i = 0; i < 3; i++) await http.text({ method: 'GET', path: '/' });
  expect(getEventListeners(http.closing, 'abort')).toEqual([]);
  await http.close();
});
