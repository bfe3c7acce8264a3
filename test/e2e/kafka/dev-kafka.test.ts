/** `marie up --dev-kafka`: one command, and there is a cell on a real broker. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { FabricClient } from '../../../src/client/index.js';
import { isOpen } from '../../../src/main/dev-kafka/listening.js';
import { temporaryFolder } from '../../support/fabric/fabric.js';
import { compiled, Program } from '../../support/fabric/program.js';
import { cacheFolder } from '../../support/kafka/artifacts.js';
import { needsKafka } from '../../support/kafka/shared.js';
import { PATIENT_MS } from '../../support/patience.js';
import { freePort } from '../../support/ports.js';

beforeEach((context) => needsKafka(context));

const HOST = '127.0.0.1';

/** A fabric on a broker of its own. */
function startWithKafka(data: string, port: number): Program {
  const words = ['up', '--dev-kafka', String(port), '--data', data, '--port', '0', '--json'];
  return Program.start([compiled('src/cli/main.js'), ...words], {
    // What the other tests have fetched already.
    XDG_CACHE_HOME: join(cacheFolder(), '..'),
    MARIE_LOG_LEVEL: 'info',
    // As in a service.
    LC_ALL: 'C',
  });
}

/** The command lines of all processes. */
function processes(): readonly string[] {
  return execFileSync('ps', ['-A', '-ww', '-o', 'args='], { encoding: 'utf8' }).split('\n');
}

it('starts a broker and makes the topics, and goes on with both the next time', async () => {
  // Kafka takes a comma for the beginning of another folder, and Java takes ö for others where no language is named.
  const data = join(temporaryFolder(), 'mine, and schön');
  const port = await freePort(HOST);
  /** Runs a fabric, and ends it. */
  const withFabric = async (signal: NodeJS.Signals, use: (client: FabricClient) => Promise<void>): Promise<void> => {
    const program = startWithKafka(data, port);
    const { url } = JSON.parse(await program.line()) as { url: string };
    const client = new FabricClient({ url, patience: { attempts: 200, baseMs: 50, maxMs: 500 } });
    await use(client);
    await client.close();
    expect([(await program.end(signal)).code, program.said]).toEqual([0, expect.stringContaining('starting a Kafka')]);
    expect(await isOpen(HOST, port)).toBe(false);
  };
  await withFabric('SIGHUP', async (client) => {
    await client.submit({ id: 'first', jobs: [{ id: 'a', kind: 'noop' }] });
    expect(await client.wait('first')).toMatchObject({ state: 'succeeded' });
  });
  await withFabric('SIGTERM', async (client) => {
    expect(await client.get('first')).toMatchObject({ state: 'succeeded' });
    await client.submit({ id: 'second', jobs: [{ id: 'a', kind: 'noop' }] });
    expect(await client.wait('second')).toMatchObject({ state: 'succeeded' });
    expect((await client.operations.cell()).epoch).toBeGreaterThan(1);
  });
});

it('leaves no broker behind at a second Ctrl-C, which ends the process at once', async () => {
  const port = await freePort(HOST);
  const data = temporaryFolder();
  const program = startWithKafka(data, port);
  await program.line();
  const brokers = () => processes().filter((line) => line.includes(data) && line.includes('kafka.Kafka'));
  expect(brokers()).toHaveLength(1);
  process.kill(program.pid, 'SIGINT');
  await program.saying('ending');
  await program.end('SIGINT');
  await expect.poll(brokers, { timeout: PATIENT_MS }).toEqual([]);
});
