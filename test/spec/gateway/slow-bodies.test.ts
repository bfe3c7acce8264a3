/** Bodies that take long to arrive: too large ones, of which their senders still send, and those that never end. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, expect, it } from 'vitest';
import { startGateway } from '../../support/gateway.js';

const MIB = 1024 * 1024;

const gateway = await startGateway();
afterAll(() => gateway.close());

function dial(): Socket {
  const { hostname, port } = new URL(gateway.url);
  return connect(Number(port), hostname);
}

/** Sends all of a body before it looks for an answer, and wants the connection closed: as Python does. */
async function answerAfterAll(path: string, head: string, chunk: Buffer, chunks: number): Promise<string> {
  const socket = dial();
  const ended = once(socket, 'close');
  ended.catch(() => undefined);
  socket.pause();
  socket.write(
    `POST ${path} HTTP/1.1\r\nhost: h\r\nconnection: close\r\ncontent-type: application/json\r\n${head}\r\n\r\n`,
  );
  for (let i = 0; i < chunks; i++) {
    await new Promise<void>((sent, failed) => socket.write(chunk, (error) => (error ? failed(error) : sent())));
  }
  let text = '';
  socket.on('data', (bytes) => {
    text += String(bytes);
  });
  socket.resume();
  await ended;
  return text;
}

const ONE_MIB = Buffer.concat([Buffer.from('100000\r\n'), Buffer.alloc(MIB, ' '), Buffer.from('\r\n')]);

it.each([
  ['whose length is known', `content-length: ${64 * MIB}`, Buffer.alloc(MIB, ' ')],
  ['in chunks', 'transfer-encoding: chunked', ONE_MIB],
])('who sends a body that is too large, %s, hears that it is', async (_what, head, chunk) => {
  const answer = await answerAfterAll('/v1/dags', head, chunk, 64);
  expect(answer).toContain('413 Payload Too Large');
  expect(answer).toContain('"code":"payload-too-large"');
});

it('waits for a body only so long', () => {
  expect(gateway.app.server.requestTimeout).toBeGreaterThan(0);
});

it.each([
  ['ERR_HTTP_REQUEST_TIMEOUT', 408, 'request-timeout'],
  ['HPE_HEADER_OVERFLOW', 431, 'headers-too-large'],
  ['HPE_INVALID_METHOD', 400, 'malformed-request'],
])('what Node gives up with %s is answered with %i, and its connection ends', async (code, status, said) => {
  const { server } = gateway.app;
  const connected = once(server, 'connection');
  const socket = dial();
  const ended = once(socket, 'close');
  let answer = '';
  socket.on('data', (piece) => {
    answer += piece;
  });
  const [own] = await connected;
  server.emit('clientError', Object.assign(new Error('given up'), { code }), own as Socket);
  await ended;
  expect(answer).toContain(`HTTP/1.1 ${status} `);
  expect(JSON.parse(answer.split('\r\n\r\n')[1]!)).toMatchObject({ code: said, status });
});
