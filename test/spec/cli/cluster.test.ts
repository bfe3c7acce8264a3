import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { cluster } from '../../../src/cli/actions/cluster.js';
import { openIo } from '../../../src/cli/terminal/io.js';
import { startGateway } from '../../support/gateway.js';

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

it('does not wait for a process that takes connections and answers nothing', async () => {
  const gateway = await startGateway();
  // The time is up as soon as it was asked.
  const asked = new AbortController();
  const patience = vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => asked.signal);
  const still = createServer((socket) => {
    socket.once('data', () => setImmediate(() => asked.abort()));
  }).listen(0, '127.0.0.1');
  await once(still, 'listening');
  const url = `http://127.0.0.1:${(still.address() as AddressInfo).port}`;
  const emit = vi.fn();
  await cluster({ ...openIo({ quiet: true }), emit }, [url], { url, tenant: 'default' });
  expect(patience).toHaveBeenCalledWith(5_000);
  expect(emit.mock.calls[0]![1]).toMatchObject({ processes: [{ url, role: 'unreachable', lag: null }] });
  patience.mockRestore();
  await cluster({ ...openIo({ quiet: true }), emit }, [gateway.url], { url, tenant: 'default' });
  expect(emit.mock.calls[1]![1]).toMatchObject({ processes: [{ url: gateway.url, cell: 'main', lag: 0 }] });
  still.close();
  await gateway.close();
});
