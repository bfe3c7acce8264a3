/** What is told of a job when somebody asks why it isn't running. */
import { expect, it } from 'vitest';
import { FoldViews } from '../../src/scheduler/fold-views.js';
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
