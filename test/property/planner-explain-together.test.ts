/** To explain all jobs of a moment together says of each what is said of it alone, on random loads, under all policies. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { JobState } from '../../src/catalogue/generated/codes.js';
import { explain } from '../../src/kernel/explain/index.js';
import { Together } from '../../src/kernel/explain/together.js';
import { Kernel } from '../../src/kernel/kernel.js';
import { type Load, load, play } from '../support/kernel/random/loads.js';

const runs = Number(process.env['MARIE_RUNS'] ?? 60);
const seed = process.env['MARIE_SEED'] ?? '1';
const settings = { numRuns: runs, ...(seed === 'random' ? {} : { seed: Number(seed) }) };

/** Turns from one that is looked at to the next. */
const EVERY = 3;

/** Ten slots of each class, and long work beside short: a slot is kept for that. */
const mixed = load.map((one): Load => {
  const fleet = { executors: 2, slots: 5, maxSlots: undefined, rates: undefined };
  const timed = (time: number) => ({ slots: 1, timeoutMs: undefined, estimateMs: time, run: { time } });
  const streams = one.streams.map(({ jobs, ...more }) => ({
    ...more,
    jobs: jobs.map((job, i) => ({ ...job, ...timed(i % 2 === 0 ? 200 : 30_000) })),
  }));
  return { ...one, policy: 'default@1', p: fleet, q: fleet, streams } as Load;
});

it('jobs explained together are explained as each alone', () => {
  const reasons = new Map<string, number>();
  fc.assert(
    fc.property(fc.oneof(load, mixed), (one) => {
      const kernel = new Kernel();
      play(one, kernel, ({ turn, at }) => {
        if (turn % EVERY === 0) compare(kernel, at);
      });
    }),
    settings,
  );
  for (const reason of ['no-free-slot', 'class-limit', 'rate-limited', 'reserved-for-short-work']) {
    expect(reasons.get(reason) ?? 0, reason).toBeGreaterThan(100);
  }

  function compare({ state, indexes }: Kernel, at: number): void {
    const scene = { state, indexes, at };
    const together = new Together(scene);
    const { dags, jobs, space } = state;
    for (let dag = 1; dag < dags.table.high; dag++) {
      if (!dags.table.isLive(dag)) continue;
      for (let job = 0; job < dags.c.jobsTotal[dag]!; job++) {
        const row = space.handle(dag, job);
        if (row === 0 || jobs.c.state[row] !== JobState.ready) continue;
        const alone = explain(scene, dag, row, []);
        expect(together.explain(dag, row, [])).toEqual(alone);
        if (alone !== null) reasons.set(alone.reason, (reasons.get(alone.reason) ?? 0) + 1);
      }
    }
  }
});
