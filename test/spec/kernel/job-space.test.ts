/** Where the jobs of a DAG with many fan-outs are: each has an extent of its own, and none is looked for among all. */
import { expect, it } from 'vitest';
import { JobSpace } from '../../../src/kernel/rows/job-space.js';
import { State } from '../../../src/kernel/rows/state.js';

const FANS = 4096;
const DAG = 1;

/** The places behind the first one, of which somebody counts how often one is looked at. */
function counting(space: JobSpace): () => number {
  let looks = 0;
  const others = space['others'];
  const counted = new Proxy(others.get(DAG)!, {
    get: (target, name) => {
      looks += 1;
      return Reflect.get(target, name);
    },
  });
  others.set(DAG, counted);
  return () => looks;
}

/** A DAG of `FANS` fan-outs, each of which has two children. */
function made(): JobSpace {
  const { dags, jobs } = new State();
  const space = new JobSpace(dags, jobs);
  space.extend(DAG, 0, FANS);
  for (let fan = 0; fan < FANS; fan++) space.extend(DAG, FANS + 2 * fan, 2);
  return space;
}

it('children get their place, and are found, without a look at those of all other fan-outs', () => {
  const space = made();
  const looks = counting(space);
  space.extend(DAG, 3 * FANS, 2);
  expect(looks()).toBeLessThan(50);
  expect(space.extentAt(DAG, FANS + 101)).toMatchObject({ from: FANS + 100, count: 2 });
  expect(space.handle(DAG, 3 * FANS + 1)).toBe(space.handle(DAG, 3 * FANS) + 1);
  expect(looks()).toBeLessThan(200);
});

it('extents stand in the order of their indexes, in whichever order they came', () => {
  const { dags, jobs } = new State();
  const space = new JobSpace(dags, jobs);
  for (const from of [8, 2, 12, 0, 5]) space.extend(DAG, from, 2);
  const seen: number[] = [];
  space.eachExtent(DAG, (from) => seen.push(from));
  expect(seen).toEqual([0, 2, 5, 8, 12]);
  expect([1, 3, 4, 6, 9, 13, 14].map((job) => space.extentAt(DAG, job)?.from ?? null)).toEqual([
    0,
    2,
    null,
    5,
    8,
    12,
    null,
  ]);
});
