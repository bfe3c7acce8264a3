/**
 * Every decision of the planner against a plain model of policy.md, which knows the rows and no index: which job starts, on
 * which executor, in which lane; what is reserved for whom; and that nothing is left that could start.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Kernel } from '../../src/kernel/kernel.js';
import { Watch } from '../support/kernel/oracle/watch.js';
import { Harness } from '../support/kernel/random/harness.js';
import { history } from '../support/kernel/random/histories.js';
import { load, play } from '../support/kernel/random/loads.js';
import { shrunkBy } from '../support/kernel/random/shrink.js';

const runs = Number(process.env['MARIE_RUNS'] ?? 40);
const seed = process.env['MARIE_SEED'] ?? '1';
const seeded = seed === 'random' ? {} : { seed: Number(seed) };

/** A load has so many decisions that it is as good as this many histories. */
const LOAD_WEIGHS = 10;

/** Of a failing history or load so many smaller ones are tried. */
const SHRINKS = 200;

it('decides as the model does in random histories', { timeout: 3_600_000 }, () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(
      history,
      shrunkBy(SHRINKS, (steps) => {
        const watch = new Watch(seen);
        for (const turn of Harness.through(steps).journal) watch.turn(turn);
      }),
    ),
    { numRuns: runs, ...seeded },
  );
  if (runs >= 40) expect([...seen.keys()]).toEqual(expect.arrayContaining(['default@1 1', 'default@1 2', 'reserve']));
});

it('decides as the model does under random loads', { timeout: 3_600_000 }, () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(
      load,
      shrunkBy(SHRINKS, (one) => {
        const watch = new Watch(seen);
        play(one, new Kernel(), ({ turn, at, entries, result }) =>
          watch.turn({ turn, at, stoppedMs: 0, entries, full: result.full }),
        );
      }),
    ),
    { numRuns: Math.ceil(runs / LOAD_WEIGHS), ...seeded },
  );
  expect(seen.size).toBeGreaterThan(0);
});
