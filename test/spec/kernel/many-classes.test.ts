/** What is done to a DAG costs as much as the DAG is large, however many classes the cell has. */
import { expect, it, vi } from 'vitest';
import { Code } from '../../../src/catalogue/generated/codes.js';
import { input, job, KernelBench } from '../../support/kernel/bench.js';

const CLASSES = 500;

it('looks only at the classes of a DAG when it is paused, goes on, changes its place or its deadline, and ends', () => {
  const b = new KernelBench({ isQuiet: true, isLarge: true });
  b.submit(
    'all',
    Array.from({ length: CLASSES }, (_, i) => job(`j${i}`, { executorClass: `c${i}` })),
  );
  b.submit('d', [job('a', { executorClass: 'c400' }), job('b', { executorClass: 'c7' })]);
  // The first one is looked at in steps.
  for (let i = 0; i < 10; i++) b.step([]);
  const { flows } = b.kernel.state;
  const look = vi.spyOn(flows, 'find');
  const of = { tenant: 'acme', dagId: 'd' };
  const looks: number[] = [];
  for (const one of [
    input(Code.PauseDag, of),
    input(Code.ResumeDag, of),
    input(Code.ReprioritizeDag, { ...of, priority: 7 }),
    input(Code.SetDeadline, { ...of, deadlineAtMs: 1_000_000_000_000, hardDeadlineAtMs: null }),
    input(Code.CancelDag, { ...of, reason: '' }),
  ]) {
    look.mockClear();
    b.step([one]);
    looks.push(look.mock.calls.length);
  }
  expect(Math.min(...looks)).toBeGreaterThan(0);
  expect(Math.max(...looks)).toBeLessThan(CLASSES / 10);
});
