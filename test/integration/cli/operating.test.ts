/** What operators read of classes and executors: the same of both, and each class by its whole name. */
import { expect } from 'vitest';
import { runExecutors } from '../../../src/executor/index.js';
import { RawExecutor } from '../../support/fabric/raw-executor.js';
import { quietLog } from '../../support/quiet-log.js';
import { clientOf, it, type startFabric } from '../gateway/setup.js';
import { marieInTurn } from './in-turn.js';
import { atEnd } from './setup.js';

const marie = marieInTurn();

type Fabric = Awaited<ReturnType<typeof startFabric>>;

/** Rows of a table, cell by cell. */
async function rowsOf(fabric: Fabric, command: string): Promise<readonly (readonly string[])[]> {
  const { code, stdout } = await marie([...command.split(' '), '--url', fabric.url]);
  expect(code).toBe(0);
  const lines = stdout.split('\n').filter((line) => line !== '');
  return lines.map((line) => line.split(/ {2,}/).map((cell) => cell.trim()));
}

it('tells classes of one name in two groups apart', async ({ fabric }) => {
  for (const group of ['default', 'other']) {
    await clientOf(fabric).submit({ id: group, jobs: [{ id: 'a', executorClass: 'one', group }] });
  }
  const limits = (await rowsOf(fabric, 'limits')).filter(([of]) => of?.startsWith('class'));
  expect(limits.map(([of]) => of)).toEqual(['class one', 'class other/one']);
  const capacity = await rowsOf(fabric, 'capacity');
  expect(capacity.slice(1).map(([name]) => name)).toEqual(['one', 'other/one']);
  const found = await rowsOf(fabric, 'find one');
  expect(found.slice(1).map(([kind, what]) => [kind, what])).toEqual([
    ['class', 'default/one'],
    ['class', 'other/one'],
  ]);
});

it('says of a class that is not there that it is not, and fails', async ({ fabric }) => {
  const { code, stdout, stderr } = await marie(['capacity', 'nope', '--url', fabric.url]);
  expect([code, stdout]).toEqual([4, '']);
  expect(stderr).toContain('error not-found: there is no class nope');
});

it('says of executors and of their class the same about slots whose work has not stopped', async ({
  fabric,
  client,
}) => {
  const executor = new RawExecutor(fabric.url, 'e-1', 'one', 3);
  await executor.register(600_000);
  await client.submit({ id: 'd', jobs: ['a', 'b'].map((id) => ({ id, executorClass: 'one' })) });
  await client.controls.cancelJob('d', 'a');
  const [heads, cells] = await rowsOf(fabric, 'executors');
  expect(Object.fromEntries(heads!.map((head, i) => [head, cells![i]]))).toMatchObject({
    busy: '1',
    reclaiming: '1',
    withdrawn: '0',
    slots: '3',
  });
  const [titles, one] = await rowsOf(fabric, 'classes');
  expect(Object.fromEntries(titles!.map((title, i) => [title, one![i]]))).toMatchObject({ busy: '1', reclaiming: '1' });
  expect((await rowsOf(fabric, 'limits')).find(([of]) => of === 'class one')).toEqual(['class one', 'slots', '2', '-']);
});

it('is watched without what only keeps the sessions of executors alive, unless that is asked for', async ({
  fabric,
  client,
}) => {
  const executors = [{ id: 'e-1', class: 'one', slots: 1, run: () => null }];
  const running = await runExecutors({
    url: fabric.url,
    sessionMs: 1_000,
    handleSignals: false,
    log: quietLog(),
    executors,
  });
  atEnd(() => running.close(0));
  for await (const { type } of client.lifecycle({ lastEventId: 'main:0:0' })) if (type === 'SessionExtended') break;
  await client.submit({ id: 'd', jobs: [{ id: 'a', kind: 'noop' }] });
  const watched = async (...options: string[]) => {
    return (await marie(['watch', '--after', 'main:0:0', '--events', '5', ...options, '--url', fabric.url])).stdout;
  };
  expect(await watched()).toContain('DagAccepted d');
  expect(await watched()).not.toContain('SessionExtended');
  expect(await watched('--topic', 'lifecycle')).toContain('SessionExtended');
  expect(await watched('--json')).toContain('SessionExtended');
});

it('suggests to set limits of the tenant that was asked about', async ({ fabric }) => {
  const { stderr } = await marie(['limits', '--tenant', 'a b', '--url', fabric.url]);
  expect(stderr).toContain(`next: marie tenants limit 'a b' --open-dags 1000 --url ${fabric.url}  (sets one)`);
});

it('sets one limit of a class and keeps the others', async ({ fabric }) => {
  const limit = async (...options: string[]) => {
    expect((await marie(['classes', 'limit', 'one', ...options, '--url', fabric.url])).code).toBe(0);
    const { stdout } = await marie(['classes', '--json', '--url', fabric.url]);
    const [{ maxSlots, unitCost, shortReserve }] = JSON.parse(stdout).classes;
    return { maxSlots, unitCost, shortReserve };
  };
  expect(await limit('--short-reserve', '4')).toEqual({ maxSlots: null, unitCost: 0, shortReserve: 4 });
  expect(await limit('--max-slots', '3')).toEqual({ maxSlots: 3, unitCost: 0, shortReserve: 4 });
  expect(await limit('--short-reserve', 'default')).toEqual({ maxSlots: 3, unitCost: 0, shortReserve: null });
});
