import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it as base, onTestFinished } from 'vitest';
import { FabricClient } from '../../../src/client/index.js';
import { type ConfigInput, checkConfig } from '../../../src/main/config/config.js';
import { type RunningFabric, type UpOptions, upEmbedded } from '../../../src/main/up.js';

/**
 * A fabric of real parts in this process, on a port and a folder of its own; both go when the test has finished. DAGs that
 * have ended leave memory as soon as they are stored.
 */
export async function startFabric(
  settings: ConfigInput = {},
  options: Pick<UpOptions, 'logger'> = {},
): ReturnType<typeof upEmbedded> {
  const data = mkdtempSync(join(tmpdir(), 'marie-gateway-'));
  const running = await upEmbedded({
    ...checkConfig({ data, port: 0, ...settings }),
    acceptClock: false,
    restingRows: 0,
    ...options,
  });
  onTestFinished(async () => {
    await running.close();
    rmSync(data, { recursive: true, force: true });
  });
  return running;
}

/** A client that closes when the test has finished. */
export function clientOf(running: RunningFabric, tenant = 'default'): FabricClient {
  const client = new FabricClient({ url: running.url, tenant });
  onTestFinished(() => client.close());
  return client;
}

/** A test that asks for `fabric`, or a `client` of it, gets one of its own. */
export const it = base.extend('fabric', () => startFabric()).extend('client', ({ fabric }) => clientOf(fabric));

/** Reads JSON from the fabric. */
export async function read<T = Record<string, unknown>>(running: RunningFabric, path: string): Promise<T> {
  const response = await fetch(running.url + path);
  if (response.status !== 200) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}
