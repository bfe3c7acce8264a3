/** Moments at which time alone changes what starts: the kernel names them beforehand, and the turn then starts it. */
import { describe, expect, it } from 'vitest';
import { IdKind, seqOf } from '../../../src/kernel/rows/ids.js';
import { Code, classLimits, job, KernelBench } from '../../support/kernel/bench.js';

const HOUR_MS = 3_600_000;

function bench(policy = 'default@1', slots = 4): KernelBench {
  const b = new KernelBench({ isQuiet: true });
  b.give(Code.SetPolicy, { policy });
  b.register('e', { slots, sessionMs: 600_000 });
  return b;
}

/** One unit every so many ms, of which 100 of 1,000 are left. */
function limitRate(b: KernelBench, perMs: number): void {
  const rates = [{ per: 'units' as const, add: 1, perMs, burst: 1000 }];
  b.give(Code.SetClassLimits, classLimits({ rates }));
  b.submit('first', [job('a', { units: 900 })]);
  b.complete('first', 'a');
}

/** An executor of which one slot is taken for an hour, and the others are kept for a job that needs all of it. */
function reserve(b: KernelBench, more: object = {}): void {
  b.submit('x', [job('a', { estimateMs: HOUR_MS, ...more })], { priority: 9 });
  b.submit('wide', [job('a', { slots: 4, estimateMs: 1000, ...more })], { priority: 9 });
  b.later(10_000);
}

const rowOf = (b: KernelBench, dagId: string): number =>
  b.kernel.state.dags.find(seqOf(b.kernel.state, IdKind.dag, 'acme', dagId));

/** The job waits until `at`, which the kernel names, if not as the next moment, and is dispatched then. */
function expectStart(b: KernelBench, dagId: string, at: number): void {
  while (b.kernel.nextAt(0) < at) {
    b.at = b.kernel.nextAt(0);
    b.later(0);
  }
  expect(b.stateOf(dagId, 'a')).toBe('ready');
  expect(b.kernel.nextAt(0)).toBe(at);
  b.at = at;
  b.later(0);
  expect(b.stateOf(dagId, 'a')).toBe('dispatched');
}

describe('the kernel names the moment at which', () => {
  it('a DAG is overdue while its class waits for tokens for another job', () => {
    const b = bench();
    limitRate(b, 1000);
    b.submit('block', [job('a', { units: 1000 })], { priority: 9 });
    b.submit('small', [job('a', { units: 1, estimateMs: 500 })]);
    b.later(1000);
    b.submit('big', [job('a', { units: 1000 })], { priority: 9 });
    b.give(Code.CancelDag, { tenant: 'acme', dagId: 'block', reason: '' });
    expectStart(b, 'small', b.kernel.state.dags.c.dueAtMs[rowOf(b, 'small')]!);
  });

  it('a DAG is overdue that may start only beside a reservation', () => {
    const b = bench();
    reserve(b);
    b.submit('long', [job('a', { estimateMs: 2 * HOUR_MS })], { priority: 5 });
    b.submit('small', [job('a', { estimateMs: 1000 })]);
    expectStart(b, 'small', b.kernel.state.dags.c.dueAtMs[rowOf(b, 'small')]!);
  });

  it('the reserve for short work ends where slots are free only beside a reservation', () => {
    const b = bench('default@1', 16);
    for (let i = 0; i < 20; i++) {
      b.submit(`short${i}`, [job('a', { estimateMs: 1000 })]);
      b.later(1000);
      b.complete(`short${i}`, 'a');
    }
    const ends = b.at - 1000 + 60_000;
    b.submit(
      'long',
      Array.from({ length: 14 }, (_, i) => job(`l${i}`, { estimateMs: HOUR_MS })),
    );
    b.submit('wide', [job('a', { slots: 3, estimateMs: 1000 })], { priority: 9 });
    b.later(10_000);
    b.submit('small', [job('a', { estimateMs: 600_000 })]);
    expectStart(b, 'small', ends);
  });

  it('a DAG is later by a quarter of an hour while its class waits for tokens for another job', () => {
    const b = bench('strict-priority@1');
    limitRate(b, 10_000);
    const at = b.at + 100_000;
    b.submit('big', [job('a', { units: 1000 })], { deadlineAtMs: at + 8 * 900_000 + 1000 });
    const small = [job('a', { units: 1 }), job('b', { units: 1, after: ['a'] })];
    b.submit('small', small, { deadlineAtMs: at + 8 * 900_000 });
    expectStart(b, 'small', at);
  });

  it('what waits for tokens beside a reservation would not end in time any more', () => {
    const b = bench('fifo@1');
    limitRate(b, 1000 * 1000);
    reserve(b);
    b.submit('big', [job('a', { units: 1000, slots: 2, estimateMs: 0.72 * HOUR_MS })]);
    b.submit('small', [job('a', { units: 1, estimateMs: 1000 })]);
    const { classes } = b.kernel.state;
    expectStart(b, 'small', classes.c.reservedAtMs[classes.find(1)]! - 0.9 * HOUR_MS + 1);
  });
});

describe('what starts in a class that is planned later', () => {
  it.each([
    ['level-first@1', 5, 1000],
    ['strict-priority@1', 0, 2000],
  ])('puts another job first beside a reservation in the same turn, under %s', (policy, priority, estimateMs) => {
    const b = new KernelBench({ isQuiet: true });
    b.give(Code.SetPolicy, { policy });
    b.register('e', { slots: 4, sessionMs: 600_000, executorClass: 'p' });
    reserve(b, { executorClass: 'p' });
    b.submit('long', [job('a', { estimateMs: 2 * HOUR_MS, executorClass: 'p' })], { priority });
    b.submit('both', [job('a', { estimateMs, executorClass: 'p' }), job('q', { executorClass: 'q' })]);
    expect(b.stateOf('both', 'a')).toBe('ready');
    b.register('f', { slots: 4, sessionMs: 600_000, executorClass: 'q' });
    expect(b.stateOf('both', 'a')).toBe('dispatched');
  });
});

describe('held DAGs are released', () => {
  /** So many tenants of whom nothing is ever released. */
  function atTheirLimits(b: KernelBench, count: number): void {
    for (let i = 0; i < count; i++) {
      limit(b, `t${i}`, { activeDags: 0 });
      b.submit(`d${i}`, [job('a')], { tenant: `t${i}` });
    }
  }

  function limit(b: KernelBench, tenant: string, limits: object): void {
    const none = { openDags: null, activeDags: null, runnableJobs: null };
    b.give(Code.SetTenantLimits, { tenant, weight: 1, ...none, ...limits });
  }

  it('as soon as jobs of their tenant start, whoever else is at their limits', () => {
    const b = new KernelBench({ isQuiet: true });
    atTheirLimits(b, 100);
    limit(b, 'acme', { runnableJobs: 1 });
    b.submit('busy', [job('a'), job('s', { kind: 'signal', after: ['a'] })]);
    b.submit('held', [job('a')]);
    b.register('e', { slots: 4 });
    for (let n = 0; n < 10 && b.kernel.nextAt(0) <= b.at; n++) b.later(0);
    expect(b.stateOf('held', 'a')).toBe('dispatched');
  });

  it('all of them when their limits allow it, whoever else is at theirs', () => {
    const b = bench();
    atTheirLimits(b, 100);
    limit(b, 'last', { activeDags: 0 });
    for (let i = 0; i < 100; i++) b.submit(`s${i}`, [job('s', { kind: 'signal' })], { tenant: 'last' });
    limit(b, 'last', { activeDags: 1000 });
    for (let n = 0; n < 10 && b.kernel.nextAt(0) <= b.at; n++) b.later(0);
    const { tenants } = b.kernel.state;
    const row = tenants.find(seqOf(b.kernel.state, IdKind.tenant, '', 'last'));
    expect({ held: tenants.c.heldDags[row], active: tenants.c.activeDags[row] }).toEqual({ held: 0, active: 100 });
  });
});
