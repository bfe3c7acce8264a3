/** Slots of executors that take no more work: what a class can do without them is what the planner counts on. */
import { describe, expect, it } from 'vitest';
import { Code, job, KernelBench } from '../support/kernel/bench.js';
import { afterShortWork } from '../support/kernel/why.js';

const SESSION = { slots: 8, sessionMs: 600_000 };
const flat = (count: number, estimateMs = 1000) => Array.from({ length: count }, (_, i) => job(`${i}`, { estimateMs }));

function twoExecutors(): KernelBench {
  const b = new KernelBench();
  for (const id of ['e1', 'e2']) b.register(id, SESSION);
  return b;
}

const started = (b: KernelBench, dagId: string, count: number): number =>
  Array.from({ length: count }, (_, i) => b.stateOf(dagId, `${i}`)).filter((state) => state === 'dispatched').length;

/** Need of the flow of the last DAG. */
function need(b: KernelBench): number {
  const { flows } = b.kernel.state;
  return flows.c.needMs[flows.table.high - flows.table.stride]!;
}

describe.each([
  ['cordoned', Code.CordonExecutor],
  ['drained', Code.DrainExecutor],
] as const)('an executor that is %s', (_, code) => {
  it('has no part in what long jobs may hold while short ones come', () => {
    const b = twoExecutors();
    afterShortWork(b);
    b.give(code, { executor: 'e2' });
    b.submit('long', flat(9, 60_000));
    expect(started(b, 'long', 9)).toBe(7);
  });

  it('has a part in it with the slots in which work goes on', () => {
    const b = twoExecutors();
    afterShortWork(b);
    b.give(Code.CordonExecutor, { executor: 'e1' });
    b.submit('busy', flat(7, 60_000));
    b.give(Code.UncordonExecutor, { executor: 'e1' });
    b.give(code, { executor: 'e2' });
    b.submit('long', flat(9, 60_000));
    expect([started(b, 'busy', 7), started(b, 'long', 9)]).toEqual([7, 7]);
    for (let i = 0; i < 7; i++) b.complete('busy', `${i}`);
    expect(started(b, 'long', 9)).toBe(7);
  });

  it('does nothing of the work that a deadline is for', () => {
    const b = twoExecutors();
    b.give(code, { executor: 'e2' });
    b.submit('block', flat(8, 60_000));
    b.submit('near', flat(32, 1000), { deadlineAtMs: b.at + 300_000 });
    expect(need(b)).toBe(4000);
  });
});

describe('an executor that takes work again', () => {
  it('counts again', () => {
    const b = twoExecutors();
    b.give(Code.CordonExecutor, { executor: 'e2' });
    b.submit('block', flat(16, 60_000));
    b.give(Code.UncordonExecutor, { executor: 'e2' });
    b.submit('near', flat(32, 1000), { deadlineAtMs: b.at + 300_000 });
    expect(need(b)).toBe(2000);
  });
});
