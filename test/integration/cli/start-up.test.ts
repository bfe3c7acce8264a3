/**
 * What a command loads before it does anything. Times depend on the machine; how many files are read, and how large they
 * are, does not, and is what the time goes into: 200 ms of one core are about 200 files with 1 MB.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { FabricClient } from '../../../src/client/index.js';
import { MARIE, startFabricHere, temporaryFolder } from './setup.js';

/** The files that Node has run for a command, by its own account; one that `stays` is ended when it has said something. */
async function filesOf(args: readonly string[], stays = false): Promise<readonly string[]> {
  const folder = temporaryFolder();
  const env = { ...process.env, NODE_V8_COVERAGE: folder };
  const child = spawn(process.execPath, [MARIE, ...args], {
    env,
    stdio: ['ignore', stays ? 'pipe' : 'ignore', 'ignore'],
  });
  child.stdout?.once('data', () => child.kill('SIGTERM'));
  expect(await once(child, 'exit')).toEqual([0, null]);
  const reports = readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Report);
  const urls = reports.flatMap(({ result }) => result.map(({ url }) => url));
  return urls.filter((url) => url.startsWith('file:')).map((url) => fileURLToPath(url));
}

interface Report {
  readonly result: readonly { readonly url: string }[];
}

function kilobytes(files: readonly string[]): number {
  return files.reduce((sum, file) => sum + statSync(file).size, 0) / 1_000;
}

/** What no command needs that only asks a fabric. */
const HEAVY =
  /[\\/]node_modules[\\/](zod|fastify|rocksdb|pino|yaml|kafkajs|cli-progress|tsx|typescript)[\\/]|undici[\\/]index\.js/;

describe('start-up', () => {
  it.each([[['--help']], [['--version']], [['help', 'exit-codes']]])('marie %j loads next to nothing', async (args) => {
    const files = await filesOf(args);
    expect(files.filter((file) => HEAVY.test(file))).toEqual([]);
    expect(files.length).toBeGreaterThan(30);
    expect(files.length).toBeLessThan(80);
    expect(kilobytes(files)).toBeLessThan(250);
  });

  it('of what asks a fabric loads little', async () => {
    const { url } = await startFabricHere();
    const client = new FabricClient({ url });
    await client.submit({ id: 'd', jobs: [{ id: 'a', kind: 'noop' }] });
    await client.close();
    for (const call of ['list', 'get d', 'explain d', 'executors', 'capacity', 'limits', 'top']) {
      const files = await filesOf([...call.split(' '), '--url', url]);
      expect([call, files.filter((file) => HEAVY.test(file))]).toEqual([call, []]);
      expect([call, files.length < 150, kilobytes(files) < 700]).toEqual([call, true, true]);
    }
  });

  it('of a fabric on files loads nothing of Kafka', async () => {
    const files = await filesOf(['up', '--data', join(temporaryFolder(), 'data'), '--port', '0', '--json'], true);
    expect(files.filter((file) => /[\\/]rocksdb[\\/]/.test(file)).length).toBeGreaterThan(0);
    expect(files.filter((file) => /[\\/](@?kafkajs|avsc|protobufjs)[\\/]/.test(file))).toEqual([]);
  });

  it('of what folds a history loads nothing that writes tables, or plays it again', async () => {
    const data = join(temporaryFolder(), 'data');
    const { close } = await startFabricHere({ data });
    await close();
    for (const call of ['replay verify', 'replay state', 'snapshot create']) {
      const files = await filesOf([...call.split(' '), data]);
      const others = files.filter((file) => /[\\/](hyparquet\S*|replay[\\/](export|what-if|sla))[\\/]/.test(file));
      expect([call, others]).toEqual([call, []]);
    }
  });
});
