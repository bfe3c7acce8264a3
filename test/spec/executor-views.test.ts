/** What is told of an executor when it is asked for. */
import { expect, it } from 'vitest';
import { Code } from '../../src/catalogue/generated/codes.js';
import { FoldViews } from '../../src/scheduler/views/fold-views.js';
import { input, job, KernelBench } from '../support/kernel/bench.js';
import { classLimits } from '../support/kernel/build.js';

it('tells slots that are withdrawn, until it registers again: they look free otherwise, and get no work', () => {
  const b = new KernelBench();
  b.register('e1', { slots: 2, sessionMs: 600_000 });
  b.submit('d', [job('a', { timeoutMs: 1000 })]);
  const views = new FoldViews({ kernel: b.kernel } as never);
  const told = () => {
    const [one] = views.executors();
    return [one!.slots, one!.slotsReserved, one!.slotsReclaiming, one!.slotsWithdrawn];
  };
  b.later(1000);
  expect(told()).toEqual([2, 1, 1, 0]);
  b.later(30_000);
  expect(told()).toEqual([2, 0, 0, 1]);
  b.register('e1', { slots: 2, sessionMs: 600_000 });
  expect(told()).toEqual([2, 0, 0, 0]);
});

it('tells which executor is draining, and none that has left', () => {
  const b = new KernelBench();
  const views = new FoldViews({ kernel: b.kernel } as never);
  const seqs = ['e1', 'e2'].map((name) => {
    b.register(name, { slots: 1, sessionMs: 600_000 });
    return views.executor(name)!.seq;
  });
  const told = () => seqs.map((seq) => views.isDraining(seq));
  expect([told(), views.isDraining(99)]).toEqual([[false, false], false]);
  b.step([input(Code.DrainExecutor, { executor: 'e1', incarnation: null })]);
  expect(told()).toEqual([true, false]);
  b.later(600_001);
  expect(told()).toEqual([false, false]);
});

it('is told by a fold that does not move its indexes as by one that does, without making them afresh', () => {
  const b = new KernelBench();
  for (const name of ['e1', 'e2']) b.register(name, { slots: 3, sessionMs: 600_000 });
  b.submit(
    'd',
    Array.from({ length: 9 }, (_, i) => job(`j${i}`, i === 0 ? { timeoutMs: 1000 } : {})),
  );
  b.later(1000);
  const at = { turn: 1, atMs: 0, epoch: 1 };
  const parts = { cell: 'main', kernel: b.kernel, at, inbox: { waiting: 0 } } as never as object;
  let made = 0;
  const refresh = (): void => {
    made += 1;
  };
  const [leader, standby] = [{ ...parts }, { ...parts, refresh }].map((one) => new FoldViews(one as never));
  const told = (views: FoldViews) =>
    [1, 2].map((seq) => [views.cell().readyJobs, views.unacknowledged(seq), views.stopping(seq)]);
  expect(told(standby!)).toEqual(told(leader!));
  expect(told(standby!).flat(2)).toHaveLength(2 + 6);
  expect(leader!.cell().readyJobs).toBe(b.kernel.indexes.heads.size);
  expect(made).toBe(0);
});

it('tells free slots as the placement has them, also where it is not kept: who asks often makes no indexes afresh', () => {
  const b = new KernelBench();
  for (const name of ['e1', 'e2', 'e3', 'e4']) b.register(name, { slots: 4, sessionMs: 600_000 });
  b.register('f1', { slots: 8, sessionMs: 600_000, executorClass: 'few' });
  b.register('g1', { slots: 2, sessionMs: 600_000, executorClass: 'none' });
  b.step([input(Code.CordonExecutor, { executor: 'g1' }), input(Code.CordonExecutor, { executor: 'e4' })]);
  b.step([input(Code.SetClassLimits, classLimits({ executorClass: 'few', maxSlots: 3 }))]);
  const jobs = [0, 1, 2].map((i) => job(`j${i}`, i === 0 ? { timeoutMs: 1000 } : {}));
  b.submit('d', [...jobs, job('f', { executorClass: 'few' })]);
  b.submit(
    'fill',
    Array.from({ length: 7 }, (_, i) => job(`j${i}`)),
  );
  b.submit('wide', [job('w', { slots: 4 })]);
  b.later(10_000);
  const { state } = b.kernel;
  expect(state.classes.c.reservedExecutor[state.classes.find(1)]).toBeGreaterThan(0);
  const refresh = (): void => {
    throw new Error('made afresh');
  };
  const at = { turn: 1, atMs: 0, epoch: 1 };
  const told = new FoldViews({ kernel: b.kernel, at, refresh } as never).classes();
  const { placement } = b.kernel.indexes;
  expect(told.map(({ slotsFree }) => slotsFree)).toEqual(
    told.map((_, i) => placement.free(i + 1, state.classes.find(i + 1))),
  );
  expect(told.map(({ executorClass, slotsFree }) => [executorClass, slotsFree])).toEqual([
    ['ocr', 2],
    ['few', 2],
    ['none', 0],
  ]);
});
