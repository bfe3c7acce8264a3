import { once } from 'node:events';
import { createServer, get, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { StreamLimit } from '../../src/gateway/streams.js';

it('takes no place for a response that is closed already: nobody would give it back', async () => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const asked = get({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
  asked.on('error', () => undefined);
  const [, gone] = (await once(server, 'request')) as [unknown, ServerResponse];
  asked.destroy();
  await once(gone, 'close');
  const limit = new StreamLimit(1);
  limit.take(gone);
  expect(limit.open).toBe(0);
  server.close();
});
