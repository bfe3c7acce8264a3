/** Files that come slowly, more of them at once than there are connections for calls: all else goes on. */
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { FabricClient } from '../../../src/client/index.js';
import { defineExecutor, type JobContext, runExecutors } from '../../../src/executor/index.js';
import {
  ANSWERS,
  BLOB,
  callbacks,
  DISPATCH,
  PAGE,
  say,
  startScriptedFabric,
  TOKEN,
} from '../../support/fabric/scripted-fabric.js';
import { PATIENT } from '../../support/patience.js';
import { quietLog } from '../../support/quiet-log.js';
import type { Answer } from '../../support/scripted-server.js';

const MANY = 70;
const tokens = Array.from({ length: MANY }, (_, index) => TOKEN.replace(/1$/, `${index + 1}`));

/** The beginning of a file, of which no more comes. */
const begun: Answer = (_, response) => void response.writeHead(200, { 'content-length': PAGE.length }).write('page');

it.each<[string, (ctx: JobContext) => Promise<unknown>]>([
  ['whole', (ctx) => ctx.blobs.get(BLOB)],
  ['as it comes', async (ctx) => text(await ctx.blobs.stream(BLOB))],
])('an executor whose jobs wait for a file that they read %s gives signs of life', async (_how, run) => {
  const fabric = await startScriptedFabric({
    dispatches: (request, response, count) => {
      ANSWERS.dispatches(request, response, count);
      say(response, ...tokens.map((token) => ({ ...DISPATCH, token })));
    },
  });
  fabric.on('GET', /\/blobs\/[0-9a-f]{64}$/, begun);
  const executor = defineExecutor({ class: 'odd', slots: MANY, run });
  const options = { url: fabric.url, id: 'odd', executors: [executor], handleSignals: false, log: quietLog() };
  const executors = await runExecutors(options);
  onTestFinished(() => executors.close(0));
  const asked = (): number => fabric.seen.filter(({ path }) => path.includes('/blobs/')).length;
  await expect.poll(asked, PATIENT).toBeGreaterThanOrEqual(64);
  const before = callbacks(fabric).length;
  await expect.poll(() => callbacks(fabric).slice(before), PATIENT).toContainEqual({ type: 'heartbeat' });
});

it('a client that reads many files as they come is answered all the same', async () => {
  const fabric = await startScriptedFabric();
  fabric.on('GET', /\/blobs\/[0-9a-f]{64}$/, begun).json('GET', /\/dags\/d$/, 200, { dagId: 'd' });
  const client = new FabricClient({ url: fabric.url });
  onTestFinished(() => client.close());
  const files = await Promise.all(tokens.map(() => client.blobs.stream(BLOB)));
  for (const file of files as Readable[]) file.on('error', () => undefined);
  expect(await client.get('d')).toEqual({ dagId: 'd' });
});
