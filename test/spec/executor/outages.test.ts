/** Blobs and collections that a job reads or writes, while a proxy answers in the fabric's place. */
import type { ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { defineExecutor, type JobContext, type Log, runExecutors } from '../../../src/executor/index.js';
import {
  ANSWERS,
  BLOB,
  callbacks,
  DISPATCH,
  OTHER,
  PAGE,
  say,
  startProxiedFabric,
  startScriptedFabric,
  TOKEN,
} from '../../support/fabric/scripted-fabric.js';
import { PATIENT } from '../../support/patience.js';
import { type Answer, send } from '../../support/scripted-server.js';

const COLLECTION = { collection: { dagId: 'one', job: 'pages', count: 1 } };
const LARGE = 'x'.repeat(300 * 1024);

/** What an outage looks like by which a proxy finds no fabric, and then the answer. */
const OUTAGE: readonly ((response: ServerResponse) => void)[] = [
  (response) => response.destroy(),
  (response) => send(response, 404, '404 page not found'),
  (response) => send(response, 500, '<html>Internal Server Error</html>'),
  (response) => send(response, 302, '', { location: 'https://login.example/' }),
  (response) => send(response, 200, '<html>Please log in</html>'),
];

/** An outage while it asks, and then the answer. */
const PROBES: readonly ((response: ServerResponse) => void)[] = [
  ...OUTAGE,
  (response) => send(response, 409, { code: 'stale-incarnation' }),
];

/** What was warned of, by its words. */
const warned = new Set<string | undefined>();

const silent: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: (_: unknown, message?: string) => void warned.add(message),
  error: () => undefined,
  child: () => silent,
};

type Run = (ctx: JobContext, input: Record<string, unknown>) => unknown;

/** The callbacks of one job, whose requests but those of the session's are answered by `answer`. */
async function calledBack(run: Run, inputs: object, answer: Answer): Promise<() => object[]> {
  const fabric = await startScriptedFabric({
    dispatches: (_, response) => {
      say(response, { ...DISPATCH, inputs });
      const pings = setInterval(() => say(response, { type: 'ping' }), 100);
      response.on('close', () => clearInterval(pings));
    },
    blobs: answer,
  });
  fabric.on('GET', /\/(blobs\/[0-9a-f]{64}|children)$/, answer);
  const executor = defineExecutor({ class: 'odd', slots: 1, run });
  const executors = await runExecutors({
    url: fabric.url,
    id: 'odd',
    executors: [executor],
    handleSignals: false,
    log: silent,
  });
  onTestFinished(() => executors.close());
  return () => callbacks(fabric);
}

it.each<[string, Run, object, string, unknown]>([
  ['a file', async (ctx) => String(await ctx.blobs.get(BLOB)), {}, PAGE, PAGE],
  ['what it stores', (ctx) => ctx.blobs.put(PAGE), {}, JSON.stringify(BLOB), BLOB],
  [
    'a child',
    (ctx, { pages }) => ctx.collectionItem(pages, 0),
    { pages: COLLECTION },
    '{"index":0,"state":"succeeded","output":7}',
    7,
  ],
])('sits out an outage: %s', async (_what, run, inputs, answer, output) => {
  warned.clear();
  const said = await calledBack(run, inputs, (_, response, count) =>
    (OUTAGE[count] ?? ((r) => send(r, 200, answer)))(response),
  );
  await expect.poll(said, PATIENT).toContainEqual({ type: 'complete', token: TOKEN, output });
  expect(warned).toContain('a blob or a collection is asked for again');
});

it('sits out an outage: the beginning of a file that is read as it comes', async () => {
  const noPage = OUTAGE.slice(0, -1);
  const run: Run = async (ctx) => text(await ctx.blobs.stream(BLOB));
  const said = await calledBack(run, {}, (_, response, count) =>
    (noPage[count] ?? ((r) => send(r, 200, PAGE)))(response),
  );
  await expect.poll(said, PATIENT).toContainEqual({ type: 'complete', token: TOKEN, output: PAGE });
});

it('sits out an outage: a large output', async () => {
  const said = await calledBack(
    () => LARGE,
    {},
    (_, response, count) => (OUTAGE[count] ?? ((r) => send(r, 201, BLOB)))(response),
  );
  await expect.poll(said, PATIENT).toContainEqual(expect.objectContaining({ type: 'complete', token: TOKEN }));
});

it.each([
  ['what the proxy refuses of a request', 413, '<html>413 Request Entity Too Large</html>', 'http-413'],
  ['what the fabric refuses', 404, JSON.stringify({ code: 'blob-not-found', detail: 'no blob' }), 'blob-not-found'],
  ['other bytes again and again', 200, 'page 0ne', 'other digest'],
])('fails its attempt for %s', async (_what, status, text, why) => {
  const said = await calledBack(
    (ctx) => ctx.blobs.get(BLOB),
    {},
    (_, response) => send(response, status, text),
  );
  const failed = { type: 'fail', token: TOKEN, message: expect.stringContaining(why) };
  await expect.poll(said, PATIENT).toContainEqual(expect.objectContaining(failed));
});

it('keeps its session where a proxy answers its callbacks: only the fabric knows that there is none', async () => {
  const fabric = await startScriptedFabric({
    callbacks: (request, response, count) =>
      count === 0 ? send(response, 404, '404 page not found') : ANSWERS.callbacks(request, response, count),
  });
  const executor = defineExecutor({ class: 'odd', slots: 1, run: () => 1 });
  const options = { url: fabric.url, id: 'odd', executors: [executor], handleSignals: false, log: silent };
  const executors = await runExecutors(options);
  onTestFinished(() => executors.close());
  const complete = { type: 'complete', token: TOKEN, output: 1 };
  const sent = (): object[] => callbacks(fabric).filter((line) => 'output' in line);
  await expect.poll(sent, PATIENT).toEqual([complete, complete]);
  expect(fabric.seen.filter(({ path }) => path.endsWith('/register'))).toHaveLength(1);
});

it('does not take its id back where a proxy answers whether another process has it', async () => {
  const fabric = await startScriptedFabric({
    dispatches: (_, response) => void response.end(),
    probe: (_, response, count) => (PROBES[count] ?? PROBES.at(-1)!)(response),
  });
  const executor = defineExecutor({ class: 'odd', slots: 1, run: () => 1 });
  const options = { url: fabric.url, id: 'odd', executors: [executor], handleSignals: false, log: silent };
  const executors = await runExecutors(options);
  await expect(executors.closed).rejects.toMatchObject({ code: 'stale-incarnation' });
  expect(fabric.seen.filter(({ path }) => path.endsWith('/register'))).toHaveLength(1);
});

/** The callbacks that a fabric takes behind a proxy that refuses requests, and those that it is sent. */
async function takenBehind(status: number, refuses: (body: string, count: number) => boolean) {
  const { fabric, taken } = await startProxiedFabric(status, refuses);
  const run: Run = (_, { text }) => text;
  const executors = await runExecutors({
    url: fabric.url,
    id: 'odd',
    executors: [defineExecutor({ class: 'odd', slots: 2, run })],
    handleSignals: false,
    log: silent,
  });
  onTestFinished(() => executors.close());
  return { taken, sent: () => callbacks(fabric) };
}

const HELLO = { type: 'complete', token: TOKEN, output: 'hello' };
const GOODBYE = { type: 'complete', token: OTHER.token, output: 'goodbye' };
const FAILED = expect.objectContaining({ type: 'fail' });

it.each([400, 403])('sits out a proxy that answers all callbacks with %i for a while', async (status) => {
  const { taken, sent } = await takenBehind(status, (_, count) => count < 6);
  await expect.poll(() => taken, PATIENT).toEqual(expect.arrayContaining([HELLO, GOODBYE]));
  expect(sent()).not.toContainEqual(FAILED);
});

it.each([
  [400, ['hello']],
  [403, ['hello']],
  [403, ['hello', '<html>']],
])('fails the job whose output a proxy refuses with %i, and reports the others: %j', async (status, refused) => {
  const { taken } = await takenBehind(status, (body) => refused.some((text) => body.includes(text)));
  const failed = expect.objectContaining({ type: 'fail', token: TOKEN, code: `http-${status}` });
  await expect.poll(() => taken, PATIENT).toEqual(expect.arrayContaining([GOODBYE, failed]));
});
