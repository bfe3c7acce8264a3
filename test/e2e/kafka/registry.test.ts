/** Processes of a cell that call schemas by different numbers, as while one after the other is given a registry. */
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { startCell } from '../../support/kafka/cell.js';
import { needsKafka } from '../../support/kafka/shared.js';
import { ScriptedServer, send } from '../../support/scripted-server.js';

beforeEach((context) => needsKafka(context));

it('a leader without a registry takes what comes by a process that has one', async () => {
  const registry = await ScriptedServer.start();
  onTestFinished(() => registry.stop());
  registry.on('POST', /^\/subjects\//u, (_request, response, count) => send(response, 200, { id: count + 1 }));
  const cell = await startCell();
  await cell.start();
  const other = await cell.start(undefined, { registry: { url: registry.url } });
  expect(await cell.runExecutors(other, ['noop']).line()).toBe('registered');
  const client = other.client();
  const { dagId } = await client.submit({ jobs: [{ id: 'a', executorClass: 'noop' }] });
  expect(await client.wait(dagId)).toMatchObject({ state: 'succeeded' });
});
