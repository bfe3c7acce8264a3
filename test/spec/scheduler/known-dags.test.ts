import { expect, it } from 'vitest';
import { State } from '../../../src/kernel/rows/state.js';
import { KnownDags } from '../../../src/scheduler/views/search/known-dags.js';
import { Work } from '../../../src/scheduler/views/search/work.js';

/** A state that has accepted `count` DAGs, of which only some are left. */
function stateOf(count: number, left: readonly number[]): State {
  const state = new State();
  for (let seq = 1; seq <= count; seq++) state.cell.add.nextDag(state.cellRow, 1);
  for (const seq of left) state.dags.row(seq);
  return state;
}

it('walks the DAGs that there are, both ways, over gaps of any length', () => {
  const left = [3, 4, 31, 32, 33, 64, 65, 5_000, 99_999, 100_000];
  const known = new KnownDags(stateOf(100_000, left));
  known.refresh();
  expect(known.next(0, 1, 100)).toEqual(left);
  expect(known.next(Number.MAX_SAFE_INTEGER, -1, 100)).toEqual(left.toReversed());
  expect(known.next(33, 1, 2)).toEqual([64, 65]);
  expect(known.next(33, -1, 2)).toEqual([32, 31]);
  expect(known.next(100_000, 1, 5)).toEqual([]);
  known.forget(32);
  known.forget(32);
  expect(known.next(31, 1, 1)).toEqual([33]);
});

it('learns of what was accepted since, and of DAGs that have ended', () => {
  const state = stateOf(2, [2]);
  const known = new KnownDags(state);
  known.refresh();
  const retired = state.retired.row(1);
  state.retired.set.dag(retired, 1);
  for (let i = 0; i < 200; i++) state.cell.add.nextDag(state.cellRow, 1);
  known.refresh();
  expect(known.next(0, 1, 1_000)).toHaveLength(201);
  const fresh = new KnownDags(state);
  fresh.refresh();
  expect(fresh.next(0, 1, 1_000)).toEqual([1, 2]);
});

it('begins afresh when far more is marked than there is', () => {
  const state = stateOf(0, []);
  const known = new KnownDags(state);
  known.refresh();
  for (let i = 0; i < 200_000; i++) state.cell.add.nextDag(state.cellRow, 1);
  state.dags.row(200_000);
  known.refresh();
  expect(known.next(0, 1, 10)).toEqual([200_000]);
});

it('bounds the work of a request, and lets others run in between', async () => {
  let pauses = 0;
  const timers = {
    pause: async () => {
      pauses += 1;
    },
  };
  const work = new Work(timers, 10, 100);
  let looked = 0;
  while (!work.isDone) {
    work.spend(1);
    looked += 1;
    await work.rest();
  }
  expect({ looked, pauses }).toEqual({ looked: 100, pauses: 10 });
});
