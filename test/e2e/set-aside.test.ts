/** A store that can't be used is set aside, and the log says so; one that is good stays where it is. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FabricProcess } from '../support/fabric/fabric.js';
import { compiled, Program } from '../support/fabric/program.js';

/** A data folder in which a DAG has ended. */
async function ended() {
  const fabric = await FabricProcess.start();
  const client = fabric.client();
  const { dagId } = await client.submit({ jobs: [{ id: 'only', kind: 'noop' }] });
  await client.wait(dagId);
  await fabric.stop();
  return { fabric, client, dagId, store: join(fabric.data, 'store') };
}

it('a store that is damaged is set aside, and the log says where and why', async () => {
  const { fabric, client, dagId, store } = await ended();
  rmSync(join(store, 'CURRENT'));
  await fabric.restart();
  const told = fabric.said.split('\n').find((line) => line.includes('the store can not be used: it was set aside'));
  expect(JSON.parse(told ?? '{}')).toMatchObject({
    reason: 'corrupt',
    detail: expect.stringContaining('CURRENT'),
    place: `${store}.aside-1`,
  });
  expect(await client.get(dagId)).toMatchObject({ state: 'succeeded' });
  await fabric.stop();
});

it('a start with the name of another cell is refused, and the store stays where it is', async () => {
  const { fabric, client, dagId, store } = await ended();
  const words = ['up', '--data', fabric.data, '--cell', 'two', '--port', '0', '--json'];
  const other = Program.start([compiled('src/cli/main.js'), ...words]);
  expect((await other.exited).code).toBe(2);
  expect(other.said).toContain('journal-foreign-cell');
  expect(existsSync(`${store}.aside-1`)).toBe(false);
  await fabric.restart();
  expect(fabric.said).not.toContain('set aside');
  expect(await client.get(dagId)).toMatchObject({ state: 'succeeded' });
  await fabric.stop();
});
