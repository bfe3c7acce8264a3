/** Runs of neighbouring numbers: nobody gets one of another's, and there are no more than were needed at a time. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Extents } from '../../../src/kernel/structures/extents.js';

interface Taken {
  readonly start: number;
  readonly count: number;
}

/** Sizes of DAGs that a cell has, one after the other. */
const SIZES = [1, 2, 3, 5, 8, 11, 17, 100, 45, 64, 1_000, 7, 5_000, 1, 333];

it('takes as much for DAGs of many sizes, one size after the other, as for those that are there at a time', () => {
  const extents = new Extents();
  const most = 100_000;
  for (const count of SIZES) {
    const taken = Array.from({ length: Math.floor(most / count) }, () => extents.take(count));
    for (const start of taken) extents.give(start, count);
  }
  expect(extents.high).toBeLessThan(most * 1.5);
});

it('joins what some that stay lie between', () => {
  const extents = new Extents();
  for (let round = 0; round < 20; round++) {
    const count = 10 + 7 * round;
    const taken = Array.from({ length: Math.floor(100_000 / count) }, () => extents.take(count));
    for (const [i, start] of taken.entries()) if (i % 100 !== 0) extents.give(start, count);
  }
  expect(extents.high).toBeLessThan(300_000);
});

it('gives nobody a number that another has, whatever comes and goes', () => {
  const step = fc.record({
    count: fc.integer({ min: 1, max: 400 }),
    times: fc.integer({ min: 1, max: 60 }),
    keep: fc.nat(3),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      const extents = new Extents();
      const owner = new Map<number, Taken>();
      let live: Taken[] = [];
      for (const { count, times, keep } of steps) {
        for (let i = 0; i < times; i++) {
          const run = { start: extents.take(count), count };
          for (let n = 0; n < Extents.sizeFor(count); n++) {
            if (owner.has(run.start + n) || run.start + n < 1 || run.start + n >= extents.high)
              throw new Error('taken');
            owner.set(run.start + n, run);
          }
          live.push(run);
        }
        const gone = live.filter((_, i) => i % 4 > keep);
        live = live.filter((_, i) => i % 4 <= keep);
        for (const run of gone) {
          for (let n = 0; n < Extents.sizeFor(run.count); n++) owner.delete(run.start + n);
          extents.give(run.start, run.count);
        }
      }
    }),
    { numRuns: 30 },
  );
});
