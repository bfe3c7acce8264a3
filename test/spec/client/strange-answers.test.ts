/** Answers that are none of the fabric's, such as the page of a proxy: an error of the client's own, like every other. */
import { expect, it, onTestFinished } from 'vitest';
import { FabricClient } from '../../../src/client/index.js';
import { ScriptedServer, send } from '../../support/scripted-server.js';

const PAGE = '<html>Sign in</html>';

it.each<[string, (client: FabricClient) => Promise<unknown>]>([
  ['submit', (client) => client.submit({ jobs: [{ id: 'a', kind: 'noop' }] })],
  ['submitMany', (client) => client.submitMany([{ jobs: [{ id: 'a', kind: 'noop' }] }])],
  ['get', (client) => client.get('d')],
  ['output', (client) => client.output('d', 'a')],
  ['outputText', (client) => client.outputText('d', 'a')],
])('%s rejects with bad-answer', async (_call, run) => {
  const server = await ScriptedServer.start();
  onTestFinished(() => server.stop());
  for (const method of ['GET', 'POST']) server.on(method, /./u, (_, response) => send(response, 200, PAGE));
  const client = new FabricClient({ url: server.url });
  onTestFinished(() => client.close());
  await expect(run(client)).rejects.toMatchObject({ name: 'FabricError', code: 'bad-answer', status: 0 });
});
