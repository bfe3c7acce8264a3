/** Bodies that leave slowly: as long as something of them leaves, nobody waits for an answer yet. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { Http } from '../../../src/client/adapters/http.js';

/** The clock of undici's time-outs, to which this adds so many ms. */
const { tick }: { tick: (ms: number) => void } = createRequire(import.meta.url)('undici/lib/util/timers.js');

/** More than what stands between two sockets: where so much has come since a moment, some of it left after that. */
const MUCH = 16 * 1024 * 1024;

it.each([
  ['bytes', Buffer.alloc(5 * MUCH, 'é')],
  ['text', 'é'.repeat((5 * MUCH) / 2)],
])('sends %s for longer than an answer may take', async (_what, body) => {
  const server = createServer(async (request, response) => {
    let [bytes, passed] = [0, 0];
    for await (const piece of request) {
      bytes += piece.length;
      if (bytes < (passed + 1) * MUCH || passed === 3) continue;
      passed++;
      tick(50_000);
    }
    response.end(`${bytes} of ${request.headers['content-length']}`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const http = new Http(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  onTestFinished(async () => {
    await http.close();
    server.close();
  });
  expect(await http.text({ method: 'PUT', path: '/', body })).toBe(`${5 * MUCH} of ${5 * MUCH}`);
});
