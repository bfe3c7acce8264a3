/** Streams that somebody in between keeps until they end: dispatches come by polls. */
import { expect, it, onTestFinished } from 'vitest';
import { Http, type HttpCalls, type HttpRequest, isSilence } from '../../../src/client/adapters/http.js';
import { FabricError } from '../../../src/client/errors.js';
import { ExecutorLink } from '../../../src/executor/link.js';
import { ScriptedServer } from '../../support/scripted-server.js';

const { signal } = new AbortController();

it('asks by polls after a stream of which nothing came, until one fails', async () => {
  const server = await ScriptedServer.start();
  onTestFinished(() => server.stop());
  const silent = server.on('GET', /./u, () => undefined);
  const http = new Http(silent.url);
  onTestFinished(() => http.close());
  const asked: string[] = [];
  const calls: HttpCalls = {
    ...callsOf(http),
    send: (request) => http.send({ ...request, silenceMs: 50 }),
    json: async <T>({ path }: HttpRequest): Promise<T> => {
      asked.push(path.split('&').slice(1).join('&'));
      if (asked.length === 3) throw new FabricError({ code: 'unreachable', status: 0, detail: 'away' });
      return { messages: [{ type: 'stop', token: `t${asked.length}` }] } as T;
    },
  };
  const link = new ExecutorLink(calls, 'e', 'i', () => 'key');
  const said: unknown[] = [];
  const read = () =>
    link.readDispatches(
      () => said.push('opened'),
      (message) => said.push(message),
      signal,
    );
  await expect(read()).rejects.toSatisfy(isSilence);
  await expect(read()).rejects.toMatchObject({ message: 'unreachable: away' });
  const ping = { type: 'ping' };
  expect(said).toEqual(['opened', ping, { type: 'stop', token: 't1' }, ping, { type: 'stop', token: 't2' }]);
  expect(asked).toEqual(['waitMs=0&max=100', 'waitMs=5000&max=100', 'waitMs=5000&max=100']);
  await expect(read()).rejects.toSatisfy(isSilence);
  expect(server.seen).toHaveLength(2);
});

it('opens a stream again where nobody was there, or where something came of it', async () => {
  const server = await ScriptedServer.start();
  server.on('GET', /./u, (_request, response) => void response.write('{"type":"ping"}\n'));
  const http = new Http(server.url);
  onTestFinished(() => http.close());
  const calls: HttpCalls = { ...callsOf(http), send: (request) => http.send({ ...request, silenceMs: 50 }) };
  const link = new ExecutorLink(calls, 'e', 'i', () => 'key');
  const read = () =>
    link.readDispatches(
      () => undefined,
      () => undefined,
      signal,
    );
  await expect(read()).rejects.toSatisfy(isSilence);
  await expect(read()).rejects.toSatisfy(isSilence);
  expect(server.seen.map(({ query }) => query.get('waitMs'))).toEqual([null, null]);
  await server.stop();
  await expect(read()).rejects.toMatchObject({ code: 'unreachable' });
  await expect(read()).rejects.not.toSatisfy(isSilence);
});

function callsOf(http: Http): HttpCalls {
  const { closing } = http;
  return {
    closing,
    close: () => http.close(),
    text: (r) => http.text(r),
    send: (r) => http.send(r),
    json: (r) => http.json(r),
  };
}
