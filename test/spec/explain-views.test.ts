/** What is told of a job when somebody asks why it isn't running. */
import { expect, it } from 'vitest';
import { FoldViews } from '../../src/scheduler/views/fold-views.js';
import { job, KernelBench } from '../support/kernel/bench.js';

it('stands for one turn, also where the submission had to be read first and turns passed meanwhile', async () => {
  const b = new KernelBench();
  b.submit('d', [job('a', { timeoutMs: 1000 })]);
  let refreshed = 0;
  let isRead = false;
  const spec = b.cold.specs.get(1)!;
  const cold = {
    hold: () => () => undefined,
    knownSpec: () => (isRead ? spec : null),
    fetchSpec: async () => {
      isRead = true;
      b.register('e1', { slots: 0 });
      b.later(500);
    },
  };
  const at = {
    get turn() {
      return b.turn;
    },
    get atMs() {
      return b.at;
    },
    epoch: 1,
  };
  const refresh = () => {
    refreshed = b.turn;
  };
  const views = new FoldViews({ kernel: b.kernel, cold, at, refresh } as never);
  const told = await views.explain(1, 'a');
  expect(told).toMatchObject({ turn: b.turn, atMs: b.at, why: { reason: 'larger-than-any-executor', largest: 0 } });
  expect(refreshed).toBe(b.turn);
});

it('tells by the time that it is now, however long ago the last turn was', async () => {
  const b = new KernelBench();
  b.submit('d', [job('a')]);
  const spec = b.cold.specs.get(1)!;
  const cold = { hold: () => () => undefined, knownSpec: () => spec };
  const at = { turn: b.turn, atMs: b.at, nowMs: b.at + 1_800_000, epoch: 1 };
  const inbox = { waiting: 0 };
  const views = new FoldViews({ kernel: b.kernel, cold, at, inbox, refresh: () => undefined } as never);
  expect(await views.explain(1, 'a')).toMatchObject({ turn: b.turn, atMs: at.nowMs });
  expect(views.cell()).toMatchObject({ turn: b.turn, atMs: b.at, nowMs: at.nowMs });
});

it('of many jobs of a large DAG is told without looking through all its jobs each time', async () => {
  const b = new KernelBench({ isLarge: true, isQuiet: true });
  let looks = 0;
  const specs = Array.from({ length: 1000 }, (_, i) => job(`j${i}`, { after: i === 0 ? [] : ['j0'] }));
  const jobs = specs.map((one) =>
    Object.defineProperty({ ...one }, 'id', {
      get: () => {
        looks += 1;
        return one.id;
      },
    }),
  );
  b.submit('d', jobs);
  b.settle();
  const spec = b.cold.specs.get(1)!;
  const cold = { hold: () => () => undefined, knownSpec: () => spec };
  const at = { turn: b.turn, atMs: b.at, epoch: 1 };
  const views = new FoldViews({ kernel: b.kernel, cold, at, refresh: () => undefined } as never);
  looks = 0;
  for (let i = 900; i < 1000; i++) {
    const told = await views.explain(1, `j${i}`);
    expect(told).toMatchObject({ why: { reason: 'waiting-for', jobs: ['j0'] } });
  }
  expect(looks).toBeLessThan(10 * jobs.length);
});
