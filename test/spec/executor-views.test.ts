/** What is told of an executor when it is asked for. */
import { expect, it } from 'vitest';
import { FoldViews } from '../../src/scheduler/fold-views.js';
import { job, KernelBench } from '../support/kernel/bench.js';

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
