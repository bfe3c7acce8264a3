/** Credentials for a proxy in front of the fabric, which every client has from MARIE_HEADERS. */
import { request as ask, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FabricClient } from '../../../src/client/index.js';
import { runExecutors } from '../../../src/executor/index.js';
import { hasPython } from '../../support/fabric/python.js';
import { ANSWERS, callbacks, runExecutor, startScriptedFabric, TOKEN } from '../../support/fabric/scripted-fabric.js';
import { quietLog } from '../../support/quiet-log.js';
import { send } from '../../support/scripted-server.js';
import { atEnd, marie, startFabricHere } from './setup.js';

const SECRET = 'c2VjcmV0';
const HEADERS = `X-Team: scans\nAuthorization: Bearer ${SECRET}\n`;

/** A fabric behind a proxy that lets nobody through without the token; its address. */
async function startGuarded(): Promise<string> {
  const fabric = await startFabricHere();
  const proxy = createServer((request, response) => {
    const { method, headers, url } = request;
    const isAllowed = headers.authorization === `Bearer ${SECRET}` && headers['x-team'] === 'scans';
    if (!isAllowed) return void response.writeHead(401).end('<html>Who are you?</html>');
    const onwards = ask(new URL(url ?? '/', fabric.url), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      pipeline(answer, response, () => undefined);
    });
    pipeline(request, onwards, () => undefined);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  atEnd(async () => {
    proxy.closeAllConnections();
    await new Promise((resolve) => proxy.close(resolve));
  });
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}

beforeEach(() => void vi.stubEnv('MARIE_HEADERS', HEADERS));
afterEach(() => void vi.unstubAllEnvs());

function clientOf(url: string): FabricClient {
  const client = new FabricClient({ url, patience: { attempts: 1 } });
  atEnd(() => client.close());
  return client;
}

const DAG = { id: 'scan', jobs: [{ id: 'page', executorClass: 'ocr', inputs: { text: { value: 'page one' } } }] };

it('a client, and an executor, come through the proxy', async () => {
  const url = await startGuarded();
  const client = clientOf(url);
  await client.submit(DAG);
  const run = (_: unknown, { text }: { text: string }) => text.repeat(50_000);
  const executors = [{ class: 'ocr', slots: 1, run }];
  const running = await runExecutors({ url, id: 'e', executors, handleSignals: false, log: quietLog() });
  atEnd(() => running.close(0));
  expect(await client.wait('scan')).toMatchObject({ state: 'succeeded' });
  expect(await client.output('scan', 'page')).toHaveLength(400_000);
});

it('a program may renew them while it runs', async () => {
  const client = clientOf(await startGuarded());
  vi.stubEnv('MARIE_HEADERS', HEADERS.replace(SECRET, 'expired'));
  await expect(client.submit(DAG)).rejects.toMatchObject({ status: 401 });
  vi.stubEnv('MARIE_HEADERS', HEADERS);
  await client.submit(DAG);
});

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython)('an executor in Python comes through it', async () => {
  const url = await startGuarded();
  const client = clientOf(url);
  await client.submit(DAG);
  await runExecutor({ url }, 'Executor(sys.argv[1], "p", "ocr", lambda job: job.input("text") * 50_000).serve()\n');
  expect(await client.wait('scan')).toMatchObject({ state: 'succeeded' });
  expect(await client.output('scan', 'page')).toHaveLength(400_000);
});

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython)('an executor in Python that has none of them ends', async () => {
  vi.stubEnv('MARIE_HEADERS', '');
  const executor = await runExecutor(
    { url: await startGuarded() },
    'Executor(sys.argv[1], "p", "ocr", lambda job: 7).serve()\n',
  );
  await executor.exited;
  expect(executor.said).toContain('http-401');
});

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython)('an executor in Python takes them nowhere else, where a proxy sends it there', async () => {
  const elsewhere = await startScriptedFabric();
  const locations = [elsewhere.url, 'http://['];
  const fabric = await startScriptedFabric({
    dispatches(request, response, count) {
      const location = locations[count];
      if (location === undefined) ANSWERS.dispatches(request, response, count);
      else send(response, 302, '', { location });
    },
  });
  await runExecutor(fabric, 'Executor(sys.argv[1], "p", "odd", lambda job: 7).serve()\n');
  const complete = { type: 'complete', token: TOKEN, output: 7 };
  await expect.poll(() => callbacks(fabric)).toContainEqual(complete);
  expect(fabric.seen.every(({ headers }) => headers.authorization === `Bearer ${SECRET}`)).toBe(true);
  expect(elsewhere.seen).toEqual([]);
});

it('a command comes through it, says what is missing, and what is no header', async () => {
  const url = await startGuarded();
  const list = (env: string) => marie(['list', '--url', url], { env: { MARIE_HEADERS: env } });
  expect(await list(HEADERS)).toMatchObject({ code: 0 });
  const refused = await list('');
  expect(refused.code).toBe(3);
  expect(refused.stderr).toContain('the credentials in MARIE_HEADERS');
  const wrong = await list(SECRET);
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain('MARIE_HEADERS has a line that is no header');
  expect(wrong.stderr).not.toContain(SECRET);
});

it.each([
  'secret',
  'Authorization',
  'Authorization: ',
  ': secret',
  'Author ization: secret',
  'A: secret\u{7}',
  'A: sécret',
])('a client is not made with %j, and does not show it', (headers) => {
  vi.stubEnv('MARIE_HEADERS', headers);
  const make = () => new FabricClient({ url: 'http://127.0.0.1:1' });
  expect(make).toThrow(new TypeError('MARIE_HEADERS has a line that is no header, `Name: value`'));
});
