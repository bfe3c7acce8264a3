/** What a signal keeps of the waits that heard it: a process's own lives through all of them. */
import { getEventListeners } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it, onTestFinished } from 'vitest';
import { orAborted } from '../../../src/client/adapters/http.js';
import type { Calls } from '../../../src/client/calls.js';
import { FabricError } from '../../../src/client/errors.js';
import { FabricClient } from '../../../src/client/index.js';
import { type Machine, sleep } from '../../../src/client/ports.js';
import { pause } from '../../../src/client/retry.js';
import { waitFor } from '../../../src/client/wait.js';
import { ScriptedServer, send } from '../../support/scripted-server.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** More than the test itself leaves, for each wait; what knows of a wait takes more, however little it knows. */
const FEW_BYTES = 200;

/** Whose time passes at once. */
const machine: Machine = {
  nowMs: () => 0,
  after: (_ms, callback) => {
    queueMicrotask(callback);
    return () => undefined;
  },
  soon: queueMicrotask,
  random: () => 0.5,
  uuid: () => 'id',
  processName: () => 'test',
};

async function bytesLeftBy(run: () => Promise<unknown>, times: number): Promise<number> {
  const settled = async (): Promise<number> => {
    // What is only weakly held stays until the loop has turned.
    await new Promise((resolve) => setTimeout(resolve, 10));
    collect();
    return process.memoryUsage().heapUsed;
  };
  await run();
  const before = await settled();
  for (let i = 0; i < times; i++) {
    await run();
    if (i % 1_000 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  return ((await settled()) - before) / times;
}

it('a pause leaves nothing with the signals that could have ended it', async () => {
  const closing = new AbortController().signal;
  const { signal } = new AbortController();
  const tries = { machine, closing, patience: { attempts: 1, baseMs: 1, maxMs: 1 } };
  const run = async (): Promise<void> => {
    for (let i = 0; i < 10; i++) await pause(tries, 1, signal);
  };
  expect(await bytesLeftBy(run, 2_000)).toBeLessThan(FEW_BYTES);
  expect(getEventListeners(closing, 'abort')).toEqual([]);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

it('nor does the wait for a DAG, however often it was read', async () => {
  const closing = new AbortController().signal;
  const { signal } = new AbortController();
  const states = ['open', 'open', 'succeeded'];
  let reads = 0;
  const refused = new FabricError({ code: 'not-found', status: 404, detail: 'no stream here' });
  const http = {
    json: async ({ path }: { path: string }) =>
      path === '/v1/cell' ? { cell: 'main', turn: 1 } : { dagId: 'd', state: states[reads++ % states.length] },
    send: () => Promise.reject(refused),
  };
  const patience = { attempts: 1, baseMs: 1, maxMs: 1 };
  const calls = { machine, closing, patience, tenant: 'default', http } as unknown as Calls;
  expect(await bytesLeftBy(() => waitFor(calls, 'd', { signal }), 5_000)).toBeLessThan(FEW_BYTES);
  expect(reads).toBe(states.length * 5_001);
  expect(getEventListeners(closing, 'abort')).toEqual([]);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

it.each([0, 1, 2])('a wait ends with the reason of whichever of its signals is aborted: %d', async (which) => {
  const controllers = [new AbortController(), new AbortController(), new AbortController()];
  const signals = controllers.map(({ signal }) => signal);
  const cancelled: boolean[] = [];
  const never: Machine = { ...machine, after: () => () => cancelled.push(true) };
  const waiting = sleep(never, 1, ...signals, undefined);
  controllers[which]!.abort(`reason ${which}`);
  await expect(waiting).rejects.toBe(`reason ${which}`);
  expect(cancelled).toEqual([true]);
  for (const signal of signals) expect(getEventListeners(signal, 'abort')).toEqual([]);
  await expect(sleep(never, 1, ...signals)).rejects.toBe(`reason ${which}`);
});

it('a hundred calls that wait at once are no leak that Node warns of', async () => {
  const server = await ScriptedServer.start();
  const client = new FabricClient({ url: server.url });
  const caller = new AbortController();
  const warnings: Error[] = [];
  const warned = (warning: Error): void => void warnings.push(warning);
  process.on('warning', warned);
  onTestFinished(async () => {
    process.off('warning', warned);
    await client.close();
    await server.stop();
  });
  server.json('GET', /cell$/, 200, { cell: 'main', turn: 1 });
  server.on('GET', /dags\//, (_request, response, count) =>
    send(response, 200, { dagId: 'd', state: count < 200 ? 'open' : 'succeeded' }),
  );
  const waits = [{}, { signal: caller.signal }].flatMap((options) =>
    Array.from({ length: 50 }, (_, i) => client.wait(`d-${i}`, options)),
  );
  // Those that no client of HTTP makes, as submissions by the topics.
  const { signal } = new AbortController();
  waits.push(...Array.from({ length: 50 }, () => orAborted(client.wait('d-0'), signal)));
  expect(await Promise.all(waits)).toHaveLength(150);
  expect(warnings).toEqual([]);
});
