/** What operators read of classes and executors: the same of both, and each class by its whole name. */
import { expect, it } from 'vitest';
import { clientOf, startFabric } from '../gateway/setup.js';
import { marie } from './setup.js';

type Fabric = Awaited<ReturnType<typeof startFabric>>;

/** Rows of a table, cell by cell. */
async function rowsOf(fabric: Fabric, command: string): Promise<readonly (readonly string[])[]> {
  const { code, stdout } = await marie([...command.split(' '), '--url', fabric.url]);
  expect(code).toBe(0);
  const lines = stdout.split('\n').filter((line) => line !== '');
  return lines.map((line) => line.split(/ {2,}/).map((cell) => cell.trim()));
}

it('tells classes of one name in two groups apart', async () => {
  const fabric = await startFabric();
  for (const group of ['default', 'other']) {
    await clientOf(fabric).submit({ id: group, jobs: [{ id: 'a', executorClass: 'one', group }] });
  }
  const limits = (await rowsOf(fabric, 'limits')).filter(([of]) => of?.startsWith('class'));
  expect(limits.map(([of]) => of)).toEqual(['class one', 'class other/one']);
  const capacity = await rowsOf(fabric, 'capacity');
  expect(capacity.slice(1).map(([name]) => name)).toEqual(['one', 'other/one']);
});
