/** Blobs that many send and read at once, and slowly: no memory has room for all of them. */
import { createHash, randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { isUnfinishedBlob } from '../../../src/blobs/directory.js';
import { startGateway } from '../../support/gateway.js';
import { realTimers } from '../../support/timers.js';

const MIB = 1024 * 1024;
const BLOB = 32 * MIB;
const AT_ONCE = 8;
/** What they may take together, with what a test leaves: as much as three of them would whole. */
const MOST_HELD = 96 * MIB;

const gateway = await startGateway();
afterAll(() => gateway.close());

function dial(url = gateway.url): Socket {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  return socket;
}

/** Sends so many bytes of a body that has more; resolves when all have left. */
async function send(socket: Socket, bytes: number): Promise<void> {
  socket.write(`PUT /v1/blobs HTTP/1.1\r\nhost: h\r\ncontent-length: ${BLOB}\r\n\r\n`);
  const piece = randomBytes(MIB);
  for (let sent = 0; sent < bytes; sent += MIB) {
    await new Promise<void>((done, failed) => socket.write(piece, (error) => (error ? failed(error) : done())));
  }
}

const held = (): number => process.memoryUsage().arrayBuffers;
const unfinished = async (): Promise<number> => (await readdir(gateway.blobRoot)).filter(isUnfinishedBlob).length;

it('holds no blob that its readers do not take', async () => {
  const bytes = randomBytes(BLOB);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  expect((await fetch(`${gateway.url}/v1/blobs`, { method: 'PUT', body: bytes })).status).toBe(201);
  const before = held();
  const heads = Array.from({ length: AT_ONCE }, async () => {
    const socket = dial();
    socket.write(`GET /v1/blobs/${sha256} HTTP/1.1\r\nhost: h\r\n\r\n`);
    await new Promise((resolve) => socket.once('readable', resolve));
  });
  await Promise.all(heads);
  expect(held() - before).toBeLessThan(MOST_HELD);
  expect(Buffer.from(await (await fetch(`${gateway.url}/v1/blobs/${sha256}`)).arrayBuffer()).equals(bytes)).toBe(true);
});

it('cuts off who reads nothing of one for so long as no answer may stand', async () => {
  const short = await startGateway(realTimers, { streamStallMs: 100 });
  onTestFinished(() => short.close());
  const stored = await fetch(`${short.url}/v1/blobs`, { method: 'PUT', body: randomBytes(BLOB) });
  const { sha256 } = (await stored.json()) as { sha256: string };
  const ended = new Promise<void>((resolve) =>
    short.app.server.once('connection', (one) => one.once('close', resolve)),
  );
  const socket = dial(short.url);
  socket.write(`GET /v1/blobs/${sha256} HTTP/1.1\r\nhost: h\r\n\r\n`);
  await ended;
  expect(socket.bytesRead).toBeLessThan(BLOB);
});

it('holds none whose senders do not come to an end, and keeps nothing of one that breaks off', async () => {
  const before = held();
  const sockets = Array.from({ length: AT_ONCE }, () => dial());
  await Promise.all(sockets.map((socket) => send(socket, BLOB - MIB)));
  await expect.poll(unfinished).toBe(AT_ONCE);
  expect(held() - before).toBeLessThan(MOST_HELD);
  for (const socket of sockets) socket.destroy();
  await expect.poll(unfinished).toBe(0);
});

it('tells the length of a blob without its bytes', async () => {
  const { sha256 } = (await (await fetch(`${gateway.url}/v1/blobs`, { method: 'PUT', body: 'page' })).json()) as {
    sha256: string;
  };
  const head = await fetch(`${gateway.url}/v1/blobs/${sha256}`, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '4', '']);
});

it.each([
  ['whose length is known', `content-length: ${257 * MIB}`, ''],
  ['in pieces', 'transfer-encoding: chunked', '100000\r\n'],
])('refuses one that is too large, %s, when that is known, and says so', async (_what, header, size) => {
  const socket = dial();
  let answer = '';
  socket.on('data', (data) => {
    answer += String(data);
  });
  socket.write(`PUT /v1/blobs HTTP/1.1\r\nhost: h\r\n${header}\r\n\r\n`);
  const piece = Buffer.concat([Buffer.from(size), Buffer.alloc(MIB), Buffer.from(size && '\r\n')]);
  for (let sent = 0; sent < 300 && !answer.includes('"problems"'); sent++) {
    await new Promise<void>((done) => socket.write(piece, () => done()));
  }
  await expect.poll(() => answer).toContain('"code":"payload-too-large"');
  expect(answer).toContain('413 Payload Too Large');
  await expect.poll(unfinished).toBe(0);
});
