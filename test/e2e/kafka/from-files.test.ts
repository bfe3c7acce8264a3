/** A cell that began with files goes on with Kafka: docs/topics.md, "From files to Kafka". */
import { execFileSync, spawnSync } from 'node:child_process';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { flatDag } from '../../support/fabric/dags.js';
import { FabricProcess, temporaryFolder, until } from '../../support/fabric/fabric.js';
import { compiled, Program, testProgram } from '../../support/fabric/program.js';
import { freshName, needsKafka, sharedKafka } from '../../support/kafka/shared.js';

beforeEach((context) => needsKafka(context));

const MARIE = compiled('src/cli/main.js');

it('goes on with its DAGs, under executors that work meanwhile, and never again with the files', async () => {
  const cell = freshName('c');
  const config = join(temporaryFolder(), 'marie.json');
  writeFileSync(config, JSON.stringify({ cell }));
  const fabric = await FabricProcess.start({ config });
  const client = fabric.client();
  Program.start([...testProgram('noop-executor'), fabric.url, 'noop', 'noop', '2', '3000', '60000']);
  const { dagId } = await client.submit(flatDag('noop', 4));
  await until(async () => (await client.jobs(dagId)).some(({ state }) => state === 'running'));
  expect(await fabric.stop()).toEqual({ code: 0, signal: null });

  const { brokers } = sharedKafka();
  const topics = ['--kafka', brokers.join(','), '--cell', cell, '--dev', '--partitions', '1'];
  execFileSync('node', [MARIE, 'kafka', 'init', ...topics], { stdio: 'pipe' });
  execFileSync('node', [MARIE, 'journal', 'import', fabric.data, `kafka://${brokers.join(',')}/${cell}`], {
    stdio: 'pipe',
  });
  renameSync(join(fabric.data, 'journal'), join(temporaryFolder(), 'files'));
  writeFileSync(config, JSON.stringify({ cell, kafka: { brokers } }));
  await fabric.restart();
  expect(await client.wait(dagId)).toMatchObject({ state: 'succeeded' });
  expect((await client.jobs(dagId)).map(({ attempt }) => attempt)).toEqual([1, 1, 1, 1]);
  await fabric.stop();

  const files = spawnSync('node', [MARIE, 'up', '--data', fabric.data, '--cell', cell, '--port', '0'], {
    encoding: 'utf8',
  });
  expect(files.status).toBe(5);
  expect(files.stderr).toContain('journal-ahead');
});
