/** Answers that are none of the fabric's, such as the page of a proxy: an error of the client's own, like every other. */
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { FabricClient } from '../../../src/client/index.js';
import { ScriptedServer, send } from '../../support/scripted-server.js';

const PAGE = '<html>Sign in</html>';
const DIGEST = createHash('sha256').update(PAGE).digest('hex');

async function all(found: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of found);
}

it.each<[string, (client: FabricClient) => Promise<unknown>]>([
  ['submit', (client) => client.submit({ jobs: [{ id: 'a', kind: 'noop' }] })],
  ['get', (client) => client.get('d')],
  ['output', (client) => client.output('d', 'a')],
  ['outputText', (client) => client.outputText('d', 'a')],
  ['children', (client) => all(client.children('d', 'a'))],
])('%s rejects with bad-answer', async (_call, run) => {
  const server = await ScriptedServer.start();
  onTestFinished(() => server.stop());
  for (const method of ['GET', 'POST']) server.on(method, /./u, (_, response) => send(response, 200, PAGE));
  const client = new FabricClient({ url: server.url });
  onTestFinished(() => client.close());
  await expect(run(client)).rejects.toMatchObject({ name: 'FabricError', code: 'bad-answer', status: 0 });
});

const CALLS: readonly [string, (client: FabricClient) => Promise<unknown>][] = [
  ['submit', (client) => client.submit({ jobs: [{ id: 'a', kind: 'noop' }] })],
  ['controls.cancel', (client) => client.controls.cancel('d')],
  ['blobs.put', (client) => client.blobs.put('x')],
  ['blobs.putFile', (client) => client.blobs.putFile(fileURLToPath(import.meta.url))],
  ['wait', (client) => client.wait('d')],
  ['jobs', (client) => client.jobs('d')],
  ['children', (client) => all(client.children('d', 'a'))],
  ['lifecycle', (client) => all(client.lifecycle())],
  ['listings.dags', (client) => all(client.listings.dags())],
  ['listings.jobs', (client) => all(client.listings.jobs())],
  ['listings.graph', (client) => all(client.listings.graph('d'))],
  ['listings.lookUp', (client) => client.listings.lookUp('d')],
  ['operations.classes', (client) => client.operations.classes()],
  ['operations.tenants', (client) => all(client.operations.tenants())],
];

it.each(CALLS)(
  '%s rejects with bad-answer where somebody in between answers with JSON of another kind',
  async (_, run) => {
    for (const answer of ['null', '[]', '{"message":"Down for maintenance"}']) {
      const server = await ScriptedServer.start();
      for (const method of ['GET', 'POST', 'PUT'])
        server.on(method, /./u, (__, response) => send(response, 200, answer));
      const client = new FabricClient({ url: server.url });
      await expect(run(client)).rejects.toMatchObject({ name: 'FabricError', code: 'bad-answer', status: 0 });
      await client.close();
      await server.stop();
    }
  },
);

it('an outcome of submitMany is none where its line is JSON of another kind', async () => {
  const server = await ScriptedServer.start();
  onTestFinished(() => server.stop());
  server.on('POST', /./u, (_, response) => send(response, 200, '{"message":"Down for maintenance"}\n'));
  const client = new FabricClient({ url: server.url });
  onTestFinished(() => client.close());
  const [outcome] = await client.submitMany([{ jobs: [{ id: 'a', kind: 'noop' }] }]);
  expect(outcome).toMatchObject({ problem: { code: 'bad-answer' } });
});

it.each<[string, string, (client: FabricClient) => Promise<unknown>]>([
  ['output', 'blob-not-json', (client) => client.output('d', 'a')],
  ['outputText', 'blob-not-json', (client) => client.outputText('d', 'a')],
  ['blobs.json', 'blob-not-json', (client) => client.blobs.json(`blob:sha256:${DIGEST}`)],
  ['lifecycle', 'bad-answer', (client) => all(client.lifecycle({ afterTurn: 1 }))],
])('%s rejects with %s where only what it is led to is no JSON', async (_call, code, run) => {
  const server = await ScriptedServer.start();
  onTestFinished(() => server.stop());
  server.json('GET', /\/v1\/cell$/u, 200, { cell: 'main', turn: 1 });
  server.on('GET', /\/v1\/lifecycle$/u, (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(`data: ${PAGE}\n\n`);
  });
  server.on('GET', /\/v1\/blobs\//u, (_, response) => send(response, 200, PAGE));
  server.on('GET', /\/output$/u, (_, response) => {
    response.writeHead(307, { location: `/v1/blobs/${DIGEST}` }).end();
  });
  const client = new FabricClient({ url: server.url });
  onTestFinished(() => client.close());
  await expect(run(client)).rejects.toMatchObject({
    name: 'FabricError',
    code,
    status: 0,
    isOfOther: code === 'bad-answer',
  });
});
