import { EventEmitter, once } from 'node:events';
import { createServer, get, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, it } from 'vitest';
import { Streams } from '../../../src/gateway/streams.js';

const STALL_MS = 1_000;

it('takes no place for a response that is closed already: nobody would give it back', async () => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const asked = get({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
  asked.on('error', () => undefined);
  const [, gone] = (await once(server, 'request')) as [unknown, ServerResponse];
  asked.destroy();
  await once(gone, 'close');
  const limit = new Streams(1, STALL_MS);
  limit.take(gone);
  expect(limit.open).toBe(0);
  server.close();
});

it('takes as many as it may, and one more once one of them is over', () => {
  const limit = new Streams(2, STALL_MS);
  const opened = () => Object.assign(new EventEmitter(), { destroyed: false }) as unknown as ServerResponse;
  const first = opened();
  for (const response of [first, opened()]) limit.take(response);
  const refusal = expect.objectContaining({ details: expect.objectContaining({ code: 'too-many-streams' }) });
  expect(() => limit.take(opened())).toThrow(refusal);
  first.emit('close');
  limit.take(opened());
  expect(() => limit.take(opened())).toThrow(refusal);
});

/** What became of 32 MiB that were written at once, for who reads on now and then or doesn't. */
async function sentTo(reads: boolean): Promise<{ readonly isCut: boolean; readonly tookMs: number }> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
  const [, response] = (await once(server, 'request')) as [unknown, ServerResponse];
  const stream = new Streams(1, STALL_MS).begin(response, 'text/plain');
  // With such a listener a socket takes only as much as is read; that is a buffer of some 64 KiB each time.
  socket.on('readable', () => undefined);
  const reading = setInterval(() => reads && socket.read(), 5);
  const began = performance.now();
  stream.write('x'.repeat(32 * 1024 * 1024));
  await stream.drained();
  const tookMs = performance.now() - began;
  clearInterval(reading);
  const isCut = stream.closed;
  socket.destroy();
  server.close();
  return { isCut, tookMs };
}

it('cuts nobody off who reads slowly, however long that takes', async () => {
  const { isCut, tookMs } = await sentTo(true);
  expect(isCut).toBe(false);
  expect(tookMs).toBeGreaterThan(STALL_MS);
});

it('cuts off who reads nothing', async () => {
  expect(await sentTo(false)).toMatchObject({ isCut: true });
});
