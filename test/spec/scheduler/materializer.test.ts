/** What the store holds after a batch is what the rows say, however they came and went since the batch before. */
import { describe, expect, it } from 'vitest';
import { Code } from '../../../src/catalogue/generated/codes.js';
import type { InputEntry } from '../../../src/catalogue/generated/types.js';
import { Kernel } from '../../../src/kernel/kernel.js';
import { IdKind, seqOf } from '../../../src/kernel/rows/ids.js';
import { State } from '../../../src/kernel/rows/state.js';
import { LAYOUT, TableId } from '../../../src/kernel/rows/tables.js';
import { fetchNeeds } from '../../../src/scheduler/fetch.js';
import { noteEnds, restore } from '../../../src/scheduler/recovery.js';
import { ColdRows } from '../../../src/scheduler/rows/cold.js';
import { Materializer } from '../../../src/scheduler/rows/materializer.js';
import { RestingDags } from '../../../src/scheduler/rows/resting-dags.js';
import { decodeKey, everything } from '../../../src/store/index.js';
import { cellLimits, input, job, registration, submission } from '../../support/kernel/build.js';
import { MemoryMedium } from '../../support/memory/medium.js';
import { openMemoryStore } from '../../support/memory/open-store.js';

const CELL = 'main';
const PRIORITY = 7;
const OF_DAGS: ReadonlySet<number> = new Set([TableId.dag, TableId.fan, TableId.retired]);

/** A state with the rows of fair queueing, and the store behind it. */
async function storedState() {
  const medium = new MemoryMedium();
  const { store } = await openMemoryStore({ medium, cell: CELL, layout: LAYOUT });
  const state = new State();
  const materializer = new Materializer(state, store, new ColdRows(store));
  const { fairs } = state;
  let turn = 0;
  return {
    state,
    set: (tenant: number, open: number) => fairs.set.open(fairs.row(PRIORITY, tenant), open),
    clear: (tenant: number) => fairs.clear(fairs.find(PRIORITY, tenant)),
    batch: async () => {
      turn += 1;
      const marks = { hash: new Uint8Array(32), stateHash: state.hash.toBytes() };
      await materializer.write(materializer.drain({ cell: CELL, turn, ...marks }));
    },
    restored: async () => {
      await store.close();
      const again = await openMemoryStore({ medium, cell: CELL, layout: LAYOUT });
      const copy = new State();
      await restore(new Materializer(copy, again.store, new ColdRows(again.store)));
      return copy;
    },
  };
}

/** A kernel on a store; each turn is accepted at once, and stored when the test says so. */
async function storedKernel() {
  const { store } = await openMemoryStore({ cell: CELL, layout: LAYOUT });
  const kernel = new Kernel();
  const cold = new ColdRows(store);
  const materializer = new Materializer(kernel.state, store, cold, new RestingDags(0));
  let turn = 0;
  let at = 1000;
  return {
    kernel,
    materializer,
    behind: store,
    compute: async (...inputs: InputEntry[]) => {
      turn += 1;
      at += 10;
      const request = { turn, at, stoppedMs: 0, shell: [], inputs, caughtUp: true, published: turn };
      await fetchNeeds(kernel, cold, materializer, request);
      const { entries } = kernel.turn(request, cold, cold.put);
      kernel.accept();
      noteEnds(materializer, entries);
      return entries.map(({ code }) => code);
    },
    store: async () => {
      const marks = { hash: new Uint8Array(32), stateHash: kernel.state.hash.toBytes() };
      const batch = materializer.drain({ cell: CELL, turn, ...marks });
      expect(materializer.dirty()).toBe(0);
      await materializer.write(batch);
      materializer.evictNow();
    },
    /** How many keys of DAGs there are: of rows by table, of blocks of jobs, of cold rows. */
    keys: async () => {
      const found = { jobs: 0, cold: 0, rows: new Map<number, number>() };
      const { from, to } = everything();
      for await (const chunk of store.scan(from, to)) {
        for (const { key } of chunk) {
          const name = decodeKey(key);
          if (name?.space === 'jobs') found.jobs += 1;
          else if (name?.space === 'cold') found.cold += 1;
          else if (name !== null && OF_DAGS.has(name.table)) {
            found.rows.set(name.table, (found.rows.get(name.table) ?? 0) + 1);
          }
        }
      }
      return found;
    },
    restored: async () => {
      const copy = new State();
      await restore(new Materializer(copy, store, new ColdRows(store)));
      return copy;
    },
  };
}

describe('a DAG that is forgotten', () => {
  it('is not found any more, though the store has it until the next batch', async () => {
    const { kernel, materializer, compute, store } = await storedKernel();
    const { dags } = kernel.state;
    await compute(input(Code.SubmitDag, submission('d', [job('a', { kind: 'noop' })])));
    expect(await compute()).toEqual([]);
    await store();
    expect(dags.table.live).toBe(0);
    const keepNothing = cellLimits({ retainTerminalMs: 0 });
    await compute(input(Code.SetCellLimits, keepNothing));
    expect(await compute()).toContain(Code.DagForgotten);
    await materializer.loader.load([1]);
    expect(dags.find(1)).toBe(0);
    await store();
    await materializer.loader.load([1]);
    expect(dags.find(1)).toBe(0);
  });
});

it('an executor that is forgotten leaves nothing in the store', async () => {
  const { kernel, compute, store, restored } = await storedKernel();
  await compute(input(Code.SetCellLimits, cellLimits({ retainExecutorsMs: 10 })));
  await compute(input(Code.RegisterExecutor, registration('host-1')));
  await compute(input(Code.DeregisterExecutor, { executor: 'host-1', incarnation: 'host-1-1' }));
  await store();
  expect((await restored()).executors.table.live).toBe(1);
  expect(await compute()).toEqual([Code.ExecutorForgotten]);
  await store();
  const copy = await restored();
  expect(copy.executors.table.live).toBe(0);
  expect(seqOf(copy, IdKind.executor, '', 'host-1')).toBe(0);
  expect(copy.hash.toBytes()).toEqual(kernel.state.hash.toBytes());
});

describe('the value of a DAG', () => {
  it('holds its jobs, names and place among the ended, and is all that there is beside the submission', async () => {
    const { kernel, compute, store, restored, keys } = await storedKernel();
    await compute(input(Code.SubmitDag, submission('d', [job('a', { kind: 'noop' })])));
    await compute();
    await store();
    expect(await keys()).toEqual({ jobs: 0, cold: 1, rows: new Map([[TableId.dag, 1]]) });
    const copy = await restored();
    expect(copy.dags.table.live).toBe(0);
    expect(copy.retired.table.live).toBe(1);
    expect(seqOf(copy, IdKind.dag, 'acme', 'd')).toBe(1);
    expect(seqOf(copy, IdKind.idempotency, 'acme', 'd')).toBe(1);
    // Nothing of what the hash is taken over is missing, but for the DAG that has left memory.
    expect(copy.hash.toBytes()).toEqual(kernel.state.hash.toBytes());
  });

  it('is deleted with the DAG, and leaves nothing', async () => {
    const { compute, store, keys } = await storedKernel();
    await compute(input(Code.SubmitDag, submission('d', [job('a', { kind: 'noop' })])));
    await compute();
    await store();
    await compute(input(Code.SetCellLimits, cellLimits({ retainTerminalMs: 0 })));
    await compute();
    await store();
    expect(await keys()).toEqual({ jobs: 0, cold: 0, rows: new Map() });
  });

  it('gives its jobs keys of their own when a fan-out adds some, and they are deleted too', async () => {
    const { kernel, compute, store, restored, keys } = await storedKernel();
    const fan = job('a', { kind: 'noop', fanOut: { count: 3, from: null, at: null, over: false, tolerate: 0 } });
    await compute(input(Code.SubmitDag, submission('d', [fan, job('b', { kind: 'signal', after: ['a'] })])));
    await store();
    expect((await keys()).jobs).toBe(0);
    await compute();
    await compute();
    await store();
    expect((await keys()).jobs).toBe(2);
    const copy = await restored();
    expect(copy.recount().toBytes()).toEqual(kernel.state.hash.toBytes());
    await compute(input(Code.CancelDag, { tenant: 'acme', dagId: 'd', reason: '' }));
    await compute(input(Code.SetCellLimits, cellLimits({ retainTerminalMs: 0 })));
    for (let i = 0; i < 3; i++) await compute();
    await store();
    await store();
    expect(await keys()).toEqual({ jobs: 0, cold: 0, rows: new Map() });
  });
});

describe('a batch', () => {
  it('lets no DAG leave memory before the store has it', async () => {
    const { kernel, behind, compute, store } = await storedKernel();
    const write = behind.write.bind(behind);
    let land = (): void => undefined;
    behind.write = async (...batch) => {
      await new Promise<void>((resolve) => {
        land = resolve;
      });
      await write(...batch);
    };
    await compute(input(Code.SubmitDag, submission('d', [job('a', { kind: 'noop' })])));
    await compute();
    const stored = store();
    await new Promise(setImmediate);
    expect(kernel.state.dags.table.live).toBe(1);
    land();
    await stored;
    expect(kernel.state.dags.table.live).toBe(0);
  });

  it('keeps a row that took over the key of one that was cleared, though its place became dirty before', async () => {
    const { state, set, clear, batch, restored } = await storedState();
    set(1, 11);
    set(2, 22);
    state.commit();
    state.accept();
    await batch();
    // The place of tenant 1 is dirty, and free again.
    clear(1);
    state.commit();
    state.accept();
    // Tenant 2's row goes and comes again, in the place that was tenant 1's.
    clear(2);
    set(2, 33);
    state.commit();
    await batch();
    const copy = await restored();
    const row = copy.fairs.find(PRIORITY, 2);
    expect(copy.fairs.c.open[row]).toBe(33);
    expect(copy.fairs.find(PRIORITY, 1)).toBe(0);
    expect(copy.recount().toBytes()).toEqual(state.hash.toBytes());
  });
});
