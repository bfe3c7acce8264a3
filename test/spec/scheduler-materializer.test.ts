/** What the store holds after a batch is what the rows say, however they came and went since the batch before. */
import { describe, expect, it } from 'vitest';
import { State } from '../../src/kernel/state.js';
import { LAYOUT } from '../../src/kernel/tables.js';
import { ColdRows } from '../../src/scheduler/cold.js';
import { Materializer } from '../../src/scheduler/materializer.js';
import { restore } from '../../src/scheduler/recovery.js';
import { MemoryMedium } from '../../src/store/memory/medium.js';
import { openMemoryStore } from '../../src/store/memory/open.js';

const CELL = 'main';
const PRIORITY = 7;

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
    set: (tenant: number, open: number) => state.set(fairs, state.row(fairs, PRIORITY, tenant), fairs.f.open, open),
    clear: (tenant: number) => state.clear(fairs, fairs.find(PRIORITY, tenant)),
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

describe('a batch', () => {
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
