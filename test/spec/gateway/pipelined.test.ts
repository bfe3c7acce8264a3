/** Requests that are sent over a connection before the ones ahead of them were answered (RFC 9112, 9.3.2). */
import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { startGateway } from '../../support/gateway.js';
import { sendRaw } from '../../support/raw-http.js';

const asked = (path: string, more = '') => `GET ${path} HTTP/1.1\r\nhost: h\r\n${more}\r\n`;

it('takes no place for streams behind one that does not end: nobody would give it back', async () => {
  const gateway = await startGateway();
  const open = async () => {
    const metrics = await gateway.app.inject('/metrics');
    return Number(/^marie_streams (\d+)$/mu.exec(metrics.body)?.[1]);
  };
  const { hostname, port } = new URL(gateway.url);
  const socket = connect(Number(port), hostname);
  socket.write(asked('/v1/lifecycle').repeat(3));
  await once(socket, 'data');
  expect(await open()).toBe(1);
  socket.destroy();
  await expect.poll(open).toBe(0);
});

it('answers all of them, one after the other', async () => {
  const gateway = await startGateway();
  const last = asked('/healthz', 'connection: close\r\n');
  const { body } = await sendRaw(gateway.url, asked('/v1/process') + asked('/v1/nothing') + last);
  expect(body).toMatch(/"role".*"not-found".*"status":"ok"\}$/su);
});

it('ends a connection on which too many wait', async () => {
  const gateway = await startGateway();
  const { hostname, port } = new URL(gateway.url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  const ended = new Promise((resolve) => socket.once('close', resolve));
  socket.write(asked('/v1/lifecycle') + asked('/healthz').repeat(101));
  await ended;
});
