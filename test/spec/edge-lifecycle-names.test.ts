/** What is kept of DAGs that nobody could name when they were asked for. */
import { expect, it } from 'vitest';
import { NameCache } from '../../src/edge/lifecycle/names.js';
import type { DagName } from '../../src/edge/ports.js';
import { completes } from '../support/journal-turns.js';

const NAME: DagName = { tenant: 'a', dagId: 'x' };

/** A cache over the names of a state, and the numbers that it has asked for. */
function cacheOver(state: ReadonlyMap<number, DagName>) {
  const asked: number[] = [];
  const nameOf = async (dag: number): Promise<DagName | null> => {
    asked.push(dag);
    return state.get(dag) ?? null;
  };
  return { names: new NameCache({ nameOf }), asked };
}

it.each([
  ['was searched for and found nowhere', true],
  ['is in the state no more', false],
])('a number that %s has a name as soon as a DAG has it', async (_what, isSearched) => {
  const state = new Map<number, DagName>();
  const { names } = cacheOver(state);
  await names.learn([completes(7, '1')]);
  if (isSearched) names.found([7], new Map());
  expect(names.get(7)).toBeNull();
  state.set(7, NAME);
  await names.learn([completes(7, '1')]);
  expect(names.get(7)).toEqual(NAME);
});

it('a number below one that was accepted is asked for once: nobody gets it any more', async () => {
  const { names, asked } = cacheOver(new Map([[9, NAME]]));
  await names.learn([completes(9, '1'), completes(7, '1')]);
  names.found([7], new Map());
  await names.learn([completes(7, '1')]);
  expect([asked, names.isUnknown(7)]).toEqual([[9, 7], false]);
});

it('names that are used stay, however many come beside them, and others go', async () => {
  const { names, asked } = cacheOver(new Map([[1, NAME]]));
  for (let dag = 2; dag <= 200_000; dag += 20) {
    const others = Array.from({ length: 20 }, (_, i) => completes(dag + i, '1'));
    await names.learn([completes(1, '1'), ...others]);
    names.found(
      others.map((_, i) => dag + i),
      new Map(others.map((_, i) => [dag + i, { tenant: 'a', dagId: `d${dag + i}` }])),
    );
  }
  expect(asked.filter((dag) => dag === 1)).toEqual([1]);
  expect([names.get(1), names.get(200_000)?.dagId, names.get(2)]).toEqual([NAME, 'd200000', null]);
  expect([names.isUnknown(1), names.isUnknown(2)]).toEqual([false, true]);
});
