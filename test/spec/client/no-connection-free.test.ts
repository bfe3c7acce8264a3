/** What becomes of calls that wait while all connections of their client are in use. */
import { getEventListeners } from 'node:events';
import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FabricClient } from '../../../src/client/index.js';
import { ScriptedServer, send } from '../../support/scripted-server.js';

/** Those that the calls of one client share. */
const CONNECTIONS = 64;

let server: ScriptedServer;
let client: FabricClient;
let held: ServerResponse[];
let submitted: Promise<unknown>[];

beforeEach(async () => {
  server = await ScriptedServer.start();
  client = new FabricClient({ url: server.url });
  held = [];
  const allHeld = new Promise<void>((resolve) => {
    server.on('POST', /dags$/, (_request, response) => {
      if (held.length === CONNECTIONS) answer(response);
      else if (held.push(response) === CONNECTIONS) resolve();
    });
  });
  submitted = Array.from({ length: 2 * CONNECTIONS }, () => client.submit({ id: 'held', jobs: [] }));
  await allHeld;
});

afterEach(async () => {
  await client.close();
  await server.stop();
});

const answer = (response: ServerResponse): void => send(response, 200, { dagId: 'd', turn: 1 });

it('they end with their signal at once, and are never sent', async () => {
  const later = new AbortController();
  const calls = [AbortSignal.abort('enough'), later.signal].flatMap((signal) => [
    client.submit({ id: 'given-up', jobs: [] }, signal),
    client.wait('d', { signal }),
    client.blobs.put('given up', signal),
  ]);
  const ended = Promise.allSettled(calls);
  await new Promise(setImmediate);
  later.abort('enough');
  const ABORTED = { status: 'rejected', reason: { code: 'aborted', message: 'aborted: enough' } };
  expect(await ended).toMatchObject(calls.map(() => ABORTED));
  expect(getEventListeners(later.signal, 'abort')).toEqual([]);
  for (const response of held) answer(response);
  await Promise.all(submitted);
  expect(server.seen.map(({ body }) => JSON.parse(body).id)).toEqual(submitted.map(() => 'held'));
});

it('they end with the client', async () => {
  const calls = [...submitted, client.get('d'), client.get('d', new AbortController().signal)];
  const ended = Promise.allSettled(calls);
  await client.close();
  const CLOSED = { status: 'rejected', reason: { code: 'aborted', message: 'aborted: the client is closed' } };
  expect(await ended).toMatchObject(calls.map(() => CLOSED));
  expect(server.seen).toHaveLength(CONNECTIONS);
});
