/** DAGs that come back into memory while others do. */
import { expect, it } from 'vitest';
import { Code } from '../../../src/catalogue/generated/codes.js';
import { Kernel } from '../../../src/kernel/kernel.js';
import { LAYOUT } from '../../../src/kernel/rows/tables.js';
import { fetchNeeds } from '../../../src/scheduler/fetch.js';
import { noteEnds } from '../../../src/scheduler/recovery.js';
import { ColdRows } from '../../../src/scheduler/rows/cold.js';
import { Materializer } from '../../../src/scheduler/rows/materializer.js';
import { RestingDags } from '../../../src/scheduler/rows/resting-dags.js';
import { decodeKey } from '../../../src/store/index.js';
import { input, job, submission } from '../../support/kernel/build.js';
import { openMemoryStore } from '../../support/memory/open-store.js';

const CELL = 'main';

/** Two DAGs that have ended and left memory, and a store that gives nothing of the first one until it may. */
async function endedDags() {
  const { store } = await openMemoryStore({ cell: CELL, layout: LAYOUT });
  let give: (error?: Error) => void = () => undefined;
  const mayGive = new Promise<void>((resolve, reject) => {
    give = (error) => (error === undefined ? resolve() : reject(error));
  });
  const asked: number[] = [];
  const getMany = store.getMany.bind(store);
  store.getMany = async (keys) => {
    for (const key of keys) {
      const name = decodeKey(key);
      if (name?.space !== 'row') continue;
      asked.push(name.keyA);
      if (name.keyA === 1) await mayGive;
    }
    return getMany(keys);
  };
  const kernel = new Kernel();
  const cold = new ColdRows(store);
  const materializer = new Materializer(kernel.state, store, cold, new RestingDags(0));
  for (let turn = 1; turn <= 3; turn++) {
    const inputs = turn > 2 ? [] : [input(Code.SubmitDag, submission(`d${turn}`, [job('a', { kind: 'noop' })]))];
    const request = { turn, at: 1000 + turn, stoppedMs: 0, shell: [], inputs, caughtUp: true, published: turn };
    await fetchNeeds(kernel, cold, materializer, request);
    const { entries } = kernel.turn(request, cold, cold.put);
    kernel.accept();
    noteEnds(materializer, entries);
  }
  const marks = { hash: new Uint8Array(32), stateHash: kernel.state.hash.toBytes() };
  await materializer.write(materializer.drain({ cell: CELL, turn: 3, ...marks }));
  materializer.evictNow();
  return { dags: kernel.state.dags, materializer, asked, give };
}

it('one that is read keeps no turn waiting that needs another', async () => {
  const { dags, materializer, give } = await endedDags();
  expect(dags.table.live).toBe(0);
  const reading = materializer.loader.loadToRead(1);
  await materializer.loader.load([2]);
  expect([dags.find(1), dags.find(2) !== 0]).toEqual([0, true]);
  give();
  await reading;
  expect(dags.table.live).toBe(2);
});

it('one that is read and needed at once is fetched once, and is there for both', async () => {
  const { dags, materializer, asked, give } = await endedDags();
  const reading = materializer.loader.loadToRead(1);
  await Promise.resolve();
  const both = materializer.loader.load([1, 2]);
  give();
  await Promise.all([reading, both]);
  expect(dags.table.live).toBe(2);
  expect(asked.sort()).toEqual([1, 2]);
});

it('those that are only read come one after the other, and go on after one that can not be read', async () => {
  const { dags, materializer, asked, give } = await endedDags();
  const [first, second] = [materializer.loader.loadToRead(1), materializer.loader.loadToRead(2)];
  await new Promise(setImmediate);
  expect(asked).toEqual([1]);
  give(new Error('the disk gives nothing'));
  await expect(first).rejects.toThrow('the disk gives nothing');
  await second;
  expect(dags.find(2)).not.toBe(0);
});
