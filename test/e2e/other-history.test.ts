import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { documentSubmission } from '../../bench/support/dags.js';
import { flatDag } from '../support/fabric/dags.js';
import { type FabricProcess, it, temporaryFolder, until } from '../support/fabric/fabric.js';
import { checkHistory } from '../support/fabric/history.js';
import { Program, testProgram } from '../support/fabric/program.js';
import { effectsIn, hasPython, startPythonDocuments } from '../support/fabric/python.js';

/** The fabric begins again with an empty data folder, under executors that are there all the time. */
async function beginAnew(fabric: FabricProcess): Promise<void> {
  await fabric.kill();
  rmSync(fabric.data, { recursive: true });
  await fabric.restart();
}

it('executors go on under a new history, whose tokens are those of the one before', async ({ fabric, client }) => {
  Program.start([...testProgram('noop-executor'), fabric.url, 'noop', 'noop', '4']);
  const { dagId } = await client.submit(flatDag('noop', 6));
  expect(await client.wait(dagId)).toMatchObject({ state: 'succeeded' });
  const firstAfter = async (lastEventId: string) => {
    for await (const { id } of client.lifecycle({ lastEventId })) return id;
    return null;
  };
  const told = await firstAfter('main:1:-1');
  await beginAnew(fabric);
  await expect(firstAfter(told as string)).rejects.toMatchObject({ code: 'other-history' });
  const again = await client.submit(flatDag('noop', 6));
  await checkHistory(fabric, client, await client.wait(again.dagId));
});

it('and under an older copy of the one that they know, which gives its tokens to other leases', async ({
  fabric,
  client,
}) => {
  const copy = join(temporaryFolder(), 'copy');
  Program.start([...testProgram('noop-executor'), fabric.url, 'noop', 'noop', '4']);
  await client.wait((await client.submit(flatDag('noop', 6))).dagId);
  await fabric.stop();
  cpSync(fabric.data, copy, { recursive: true });
  await fabric.restart();
  await client.wait((await client.submit(flatDag('noop', 6))).dagId);
  await fabric.kill();
  rmSync(fabric.data, { recursive: true });
  cpSync(copy, fabric.data, { recursive: true });
  await fabric.restart();
  const again = await client.submit(flatDag('noop', 6));
  await checkHistory(fabric, client, await client.wait(again.dagId));
});

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython)('so do those in Python, in the middle of their work', async ({ fabric, client }) => {
  const python = startPythonDocuments(fabric.url, join(temporaryFolder(), 'ledger.sqlite'), 10_000);
  await client.submit(documentSubmission('one'));
  await until(async () => (await client.get('one')).jobsLeft < 20);
  await beginAnew(fabric);
  await client.submit(documentSubmission('two'));
  const dag = await client.wait('two');
  expect(await client.output('two', 'publish')).toEqual({ published: 'two' });
  await checkHistory(fabric, client, dag);
  expect(await python.end('SIGTERM')).toEqual({ code: 0, signal: null });
});

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython)(
  'and what they did in turns that are lost is answered from memory when it is asked again',
  async ({ fabric, client }) => {
    const [copy, ledger] = [join(temporaryFolder(), 'copy'), join(temporaryFolder(), 'ledger.sqlite')];
    const python = startPythonDocuments(fabric.url, ledger, 10_000);
    const run = async (id: string) => client.wait((await client.submit(documentSubmission(id))).dagId);
    await run('one');
    await fabric.stop();
    cpSync(fabric.data, copy, { recursive: true });
    await fabric.restart();
    await run('lost');
    await client.submit(documentSubmission('half'));
    await until(async () => (await client.get('half')).jobsLeft < 20);
    await fabric.kill();
    rmSync(fabric.data, { recursive: true });
    cpSync(copy, fabric.data, { recursive: true });
    await fabric.restart();
    for (const id of ['another', 'half', 'lost']) expect(await run(id)).toMatchObject({ state: 'succeeded' });
    expect(await python.end('SIGTERM')).toEqual({ code: 0, signal: null });
    const jobs = effectsIn(ledger).map(({ dag, job }) => `${dag} ${job}`);
    expect(new Set(jobs).size).toBe(jobs.length);
    expect(jobs).toHaveLength(4 * 24);
  },
);
