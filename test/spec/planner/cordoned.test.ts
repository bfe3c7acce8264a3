/**
 * Slots of executors that take no more work, or that a limit leaves unused:
 * what a class can do without them is what the planner counts on.
 */
import { describe, expect, it } from 'vitest';
import { Risk } from '../../../src/catalogue/generated/codes.js';
import { Code, classLimits, fanOut, job, KernelBench } from '../../support/kernel/bench.js';
import { afterShortWork } from '../../support/kernel/why.js';
import * as plans from '../../support/simulate/plans.js';

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
    b.give(code, { executor: 'e2', incarnation: null });
    b.submit('long', flat(9, 60_000));
    expect(started(b, 'long', 9)).toBe(7);
  });

  it('has a part in it with the slots in which work goes on', () => {
    const b = twoExecutors();
    afterShortWork(b);
    b.give(Code.CordonExecutor, { executor: 'e1' });
    b.submit('busy', flat(7, 60_000));
    b.give(Code.UncordonExecutor, { executor: 'e1' });
    b.give(code, { executor: 'e2', incarnation: null });
    b.submit('long', flat(9, 60_000));
    expect([started(b, 'busy', 7), started(b, 'long', 9)]).toEqual([7, 7]);
    for (let i = 0; i < 7; i++) b.complete('busy', `${i}`);
    expect(started(b, 'long', 9)).toBe(7);
  });

  it('does nothing of the work that a deadline is for', () => {
    const b = twoExecutors();
    b.give(code, { executor: 'e2', incarnation: null });
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

  it('makes late work urgent that can be done in time now, though that has no turn and nothing happens to it', () => {
    const b = twoExecutors();
    b.give(Code.CordonExecutor, { executor: 'e2' });
    b.submit('block', flat(16, 600_000), { priority: 9 });
    b.submit('near', flat(64, 10_000), { deadlineAtMs: b.at + 60_000 });
    const { flows } = b.kernel.state;
    const risk = () => flows.c.risk[flows.find(2, 4)]!;
    expect([need(b), risk()]).toEqual([80_000, Risk.late]);
    b.give(Code.UncordonExecutor, { executor: 'e2' });
    expect(b.kernel.nextAt(0)).toBe(b.at + 50_000 / 8);
    b.later(50_000 / 8);
    expect([need(b), risk()]).toEqual([40_000, Risk.atRisk]);
  });

  it('leaves work late whose path takes too long, and does not look at it again and again', () => {
    const b = twoExecutors();
    b.submit('block', flat(16, 600_000), { priority: 9 });
    b.submit('late', flat(1, 60_000), { deadlineAtMs: b.at + 30_000 });
    b.submit('large', flat(160, 10_000), { deadlineAtMs: b.at + 60_000 });
    b.skip();
    while (b.at < 59_000) b.later(1000);
    expect(b.tell().match(/FlowRiskChanged late/g)).toBeNull();
    expect(b.count('FlowRiskChanged')).toBeLessThan(25);
  });
});

describe('a class without a slot', () => {
  it.each([
    ['as nobody has registered', () => new KernelBench()],
    [
      'as all are cordoned',
      () => {
        const b = new KernelBench();
        b.register('e1', SESSION);
        b.give(Code.CordonExecutor, { executor: 'e1' });
        return b;
      },
    ],
  ])('%s, makes a DAG due by its longest path, as if it had as many as it may need', (_, bench) => {
    const b = bench();
    b.submit('flat', flat(1000, 60_000));
    b.submit('fans', [job('pages', { estimateMs: 60_000, fanOut: fanOut(1000) })]);
    b.settle();
    const { dags } = b.kernel.state;
    expect([1, 2].map((dag) => dags.c.dueAtMs[dags.find(dag)]! - b.at)).toEqual([240_000, 240_000]);
  });
});

describe('slots beyond the limit of their class', () => {
  function limited(): KernelBench {
    const b = twoExecutors();
    b.give(Code.SetClassLimits, classLimits({ maxSlots: 4 }));
    b.submit('block', flat(4, 60_000));
    return b;
  }

  it('do nothing of the work that a deadline is for', () => {
    const b = limited();
    b.submit('near', flat(32, 1000), { deadlineAtMs: b.at + 300_000 });
    expect(need(b)).toBe(8000);
  });

  it('make no DAG due earlier, also where it fans out', () => {
    const b = limited();
    b.submit('flat', flat(32, 10_000));
    b.submit('fans', [job('pages', { estimateMs: 10_000, fanOut: fanOut(64) })]);
    b.settle();
    const { dags } = b.kernel.state;
    expect([2, 3].map((dag) => dags.c.dueAtMs[dags.find(dag)]! - b.at)).toEqual([120_000 + 160_000, 120_000 + 320_000]);
  });

  it('leave giants the time that they need to meet their deadlines beside what is more important', () => {
    const giants = {
      name: 'giants',
      tenant: 'giants',
      arrivals: { count: 3, every: '2min' },
      deadline: { after: '100s' },
      jobs: [plans.job('2s', { fanOut: { count: 200 } })],
    };
    const small = { name: 'small', tenant: 'small', priority: 1, arrivals: { perSecond: 8 }, jobs: [plans.job('1s')] };
    const classes = { a: { executors: 8, slots: 8, maxSlots: 10 } };
    const { tenants } = plans.report([giants, small], { duration: '6min', sigma: 0.4, classes });
    expect(tenants.find(({ name }) => name === 'giants')!.deadlines.met).toBe(3);
  });
});
