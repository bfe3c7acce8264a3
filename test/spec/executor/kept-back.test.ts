/** Streams that somebody in between keeps until they end: dispatches come by polls. */
import { expect, it, onTestFinished } from 'vitest';
import {
  Http,
  type HttpAnswer,
  type HttpCalls,
  type HttpRequest,
  isSilence,
} from '../../../src/client/adapters/http.js';
import { FabricError } from '../../../src/client/errors.js';
import { ExecutorLink } from '../../../src/executor/link.js';
import { type Answer, ScriptedServer } from '../../support/scripted-server.js';

const { signal } = new AbortController();

it.each<[string, Answer]>([
  ['nothing', () => undefined],
  ['only the head', (_request, response) => response.flushHeaders()],
])('asks by polls after a stream of which %s came, until one fails', async (_what, answer) => {
  const server = await ScriptedServer.start();
  onTestFinished(() => server.stop());
  const silent = server.on('GET', /./u, answer);
  const http = new Http(silent.url);
  onTestFinished(() => http.close());
  const asked: string[] = [];
  const calls: HttpCalls = {
    ...callsOf(http),
    send: (request) => http.send({ ...request, silenceMs: 50 }),
    json: async <T>({ path, signal: given }: HttpRequest): Promise<T> => {
      given?.throwIfAborted();
      asked.push(path.split('&').slice(1).join('&'));
      if (asked.length === 3) throw new FabricError({ code: 'unreachable', status: 0, detail: 'away' });
      return { messages: [{ type: 'stop', token: `t${asked.length}` }] } as T;
    },
  };
  const link = new ExecutorLink(calls, 'e', 'i', () => 'key');
  const said: unknown[] = [];
  const read = (until = signal) =>
    link.readDispatches(
      () => said.push('opened'),
      (message) => said.push(message),
      until,
    );
  await expect(read()).rejects.toSatisfy(isSilence);
  said.length = 0;
  await expect(read(AbortSignal.abort()), 'given up, to register anew').rejects.toThrow();
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
  const calls: HttpCalls = {
    ...callsOf(http),
    send: async (request) => {
      const answer = await http.send({ ...request, silenceMs: 0 });
      return { ...answer, body: silentAfterOne(answer.body) as unknown as HttpAnswer['body'] };
    },
  };
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

/** The first chunk of a body, and then what undici throws when it has waited for the next one. */
async function* silentAfterOne(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    yield chunk;
    throw Object.assign(new Error('silent'), { code: 'UND_ERR_BODY_TIMEOUT' });
  }
}

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
