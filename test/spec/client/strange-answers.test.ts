/** Answers that are none of the fabric's, such as the page of a proxy: an error of the client's own, like every other. */
import { createHash } from 'node:crypto';
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
  ['blobs.json', (client) => client.blobs.json(`blob:sha256:${DIGEST}`)],
])('%s rejects with bad-answer', async (_call, run) => {
  const server = await ScriptedServer.start();
  onTestFinished(() => server.stop());
  for (const method of ['GET', 'POST']) server.on(method, /./u, (_, response) => send(response, 200, PAGE));
  const client = new FabricClient({ url: server.url });
  onTestFinished(() => client.close());
  await expect(run(client)).rejects.toMatchObject({ name: 'FabricError', code: 'bad-answer', status: 0 });
});

it.each<[string, (client: FabricClient) => Promise<unknown>]>([
  ['output', (client) => client.output('d', 'a')],
  ['outputText', (client) => client.outputText('d', 'a')],
  ['lifecycle', (client) => all(client.lifecycle({ afterTurn: 1 }))],
])('%s rejects with bad-answer where only what it is led to is no JSON', async (_call, run) => {
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
  await expect(run(client)).rejects.toMatchObject({ name: 'FabricError', code: 'bad-answer', status: 0 });
});
