import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { startGateway } from '../../support/gateway.js';
import { ManualTimers } from '../../support/timers.js';

it('a gateway that closes cuts who never sends the rest of a request, after a while', async () => {
  const timers = new ManualTimers();
  const gateway = await startGateway(timers);
  const { hostname, port } = new URL(gateway.url);
  const socket = connect(Number(port), hostname);
  const ended = once(socket, 'close');
  const arrived = once(gateway.app.server, 'request');
  socket.write('POST /v1/dags HTTP/1.1\r\nhost: h\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{');
  await arrived;
  const closed = gateway.close();
  await expect.poll(() => timers.delays).toBeGreaterThan(0);
  expect(socket.closed).toBe(false);
  timers.fireDelays();
  await Promise.all([closed, ended]);
});
