/**
 * Rates of a class as buckets of tokens: what a start needs, what it
 * takes, and what a release corrects (policy.md: Rates).
 */

import { describe, expect, it } from 'vitest';
import { Risk } from '../../../src/catalogue/generated/codes.js';
import type { EventEntry, Rate } from '../../../src/catalogue/generated/types.js';
import { levelAt } from '../../../src/kernel/buckets.js';
import { tagKey } from '../../../src/kernel/rows/keys.js';
import { Code, classLimits, fanOut, job, KernelBench } from '../../support/kernel/bench.js';
import * as plans from '../../support/simulate/plans.js';

/** Ten slots of one class with these rates. */
function limited(rates: readonly Rate[], unitCost = 0): KernelBench {
  const b = new KernelBench();
  b.register('e1', { slots: 10, sessionMs: 600_000 });
  setRates(b, rates, unitCost);
  return b;
}

function setRates(b: KernelBench, rates: readonly Rate[], unitCost = 0): void {
  b.give(Code.SetClassLimits, classLimits({ unitCost, rates }));
}

/** Level of a bucket in its own parts of a token. */
function level(b: KernelBench, place = 0): number {
  const { state } = b.kernel;
  return levelAt(state, state.buckets.find(1, place), b.at);
}

/** The jobs that have begun, by index. */
function begun(b: KernelBench, dagId: string, count: number): number[] {
  return Array.from({ length: count }, (_, i) => i).filter((i) => b.stateOf(dagId, `${i}`) === 'dispatched');
}

const flat = (...units: number[]) => units.map((one, i) => job(`${i}`, { units: one, estimateMs: 100 }));
const starts = (add: number, perMs: number, burst: number): Rate => ({ per: 'starts', add, perMs, burst });
const units = (add: number, perMs: number, burst: number): Rate => ({ per: 'units', add, perMs, burst });

describe('starts', () => {
  it('are as many at once as the bucket holds, and then one for each token, without a word from outside', () => {
    const b = limited([starts(2, 1000, 3)]);
    b.submit('d', flat(0, 0, 0, 0, 0));
    expect(begun(b, 'd', 5)).toEqual([0, 1, 2]);
    expect(b.kernel.nextAt(0)).toBe(b.at + 500);
    b.later(499);
    expect(begun(b, 'd', 5)).toEqual([0, 1, 2]);
    b.later(1);
    expect(begun(b, 'd', 5)).toEqual([0, 1, 2, 3]);
    b.later(500_000);
    expect(level(b)).toBe(2 * 1000);
  });

  it('are not given back by a release', () => {
    const b = limited([starts(1, 60_000, 1)]);
    b.submit('d', flat(0, 0));
    b.complete('d', '0');
    expect(b.stateOf('d', '1')).toBe('ready');
  });
});

describe('units', () => {
  it('are taken by the dispatch, and corrected by what was used', () => {
    const b = limited([units(1, 10, 100), starts(1, 60_000, 5)]);
    b.submit('d', flat(60, 50));
    expect(begun(b, 'd', 2)).toEqual([0]);
    expect(level(b)).toBe(40 * 10);
    const lease = b.lease('d', '0');
    b.give(Code.CompleteJob, { lease, output: null, blob: null, unitsUsed: 45 });
    expect(begun(b, 'd', 2)).toEqual([1]);
    expect(level(b)).toBe(5 * 10);
    expect(level(b, 1)).toBe(3 * 60_000);
    b.give(Code.FailJob, { lease: b.lease('d', '1'), code: 'x', message: '', retryable: false, unitsUsed: 90 });
    expect(level(b)).toBe(-35 * 10);
  });

  it('of a job that is given back are those that it has used', () => {
    const b = limited([units(1, 10, 100)]);
    b.submit('d', flat(60));
    b.give(Code.PauseDag, { tenant: 'acme', dagId: 'd' });
    b.give(Code.ReturnJob, { lease: b.lease('d', '0'), reason: 'drain', unitsUsed: 5 });
    expect(level(b)).toBe(95 * 10);
  });

  it('are corrected only where they were taken: rates that are new since then have nothing to give back', () => {
    const b = limited([units(1, 1000, 100)]);
    b.submit('d', flat(60, 10, 10));
    const lease = b.lease('d', '0');
    setRates(b, [units(1, 1000, 10), units(1, 1000, 100)]);
    b.submit('e', flat(10));
    expect([b.stateOf('e', '0'), level(b), level(b, 1)]).toEqual(['dispatched', 0, 10 * 1000]);
    b.give(Code.CompleteJob, { lease, output: null, blob: null, unitsUsed: 40 });
    expect([level(b), level(b, 1)]).toEqual([0, 30 * 1000]);
  });

  it('are refilled exactly, however often it is looked', () => {
    const often = limited([units(3, 7, 1000)]);
    const once = limited([units(3, 7, 1000)]);
    for (const b of [often, once]) b.submit('d', flat(999));
    for (let n = 0; n < 50; n++) {
      often.at += 13;
      often.submit(`s${n}`, [job('noop', { kind: 'noop' })]);
    }
    once.at += 650;
    expect(level(often)).toBe(level(once));
    expect(level(often)).toBe(7 + 650 * 3);
  });

  it('fill a bucket to its last part, also where that is less than a ms adds', () => {
    const b = limited([units(3, 1, 10)]);
    b.submit('d', flat(10, 10));
    expect(b.kernel.nextAt(0)).toBe(b.at + 4);
    b.later(3);
    expect([level(b), b.stateOf('d', '1')]).toEqual([9, 'ready']);
    b.later(1);
    expect([level(b), b.stateOf('d', '1')]).toEqual([0, 'dispatched']);
    b.later(4);
    expect(level(b)).toBe(10);
  });

  it('of one that has more than a bucket holds: it starts from a full one, and the class is in debt', () => {
    const b = limited([units(1, 1, 10)]);
    b.submit('d', flat(1000, 0, 1));
    expect(begun(b, 'd', 3)).toEqual([0]);
    expect(level(b)).toBe(-990);
    b.later(989);
    expect(begun(b, 'd', 3)).toEqual([0]);
    b.later(1);
    expect(begun(b, 'd', 3)).toEqual([0, 1]);
    b.later(1);
    expect(begun(b, 'd', 3)).toEqual([0, 1, 2]);
  });

  it('that the chosen job lacks are waited for: nobody passes it', () => {
    const b = limited([units(1, 1, 100)]);
    b.submit('first', flat(90));
    b.submit('large', flat(80), { priority: 1 });
    b.submit('small', flat(1));
    expect([b.stateOf('large', '0'), b.stateOf('small', '0')]).toEqual(['ready', 'ready']);
    b.later(70);
    expect([b.stateOf('large', '0'), b.stateOf('small', '0')]).toEqual(['dispatched', 'ready']);
  });

  it('of a fan-out are those of each child', () => {
    const b = limited([units(1, 1, 10)]);
    b.submit('d', [job('pages', { units: 4, fanOut: fanOut(3) })]);
    b.settle();
    expect([0, 1, 2].map((i) => b.stateOf('d', `pages[${i}]`))).toEqual(['dispatched', 'dispatched', 'ready']);
  });

  it('cost a tenant slot time where the class says so, and what was used in the end', () => {
    const b = limited([], 50);
    const { entries } = b.submit('d', flat(30));
    const dispatch = (entries as EventEntry[]).find(({ code }) => code === Code.JobDispatched);
    expect(dispatch?.body).toMatchObject({ evidence: { cost: 1500 } });
    b.submit('e', flat(0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    b.at += 10;
    b.give(Code.CompleteJob, { lease: b.lease('d', '0'), output: null, blob: null, unitsUsed: 40 });
    const { tags } = b.kernel.state;
    expect(tags.c.tag[tags.find(tagKey(1, 0), 1)]).toBe(2000 + 10 * 100);
  });

  it('don’t put the next DAGs of the tenant behind by more than its slot time', () => {
    const b = limited([], 50);
    b.submit('d', flat(30));
    b.submit('e', flat(0));
    const { dags } = b.kernel.state;
    expect(dags.c.dagFinish[dags.find(2)]).toBe(100 + 100);
  });
});

describe('rates of a class', () => {
  it('may be several, of which all must be met', () => {
    const b = limited([starts(1, 1000, 1), units(1, 1, 5000)]);
    b.submit('d', flat(4000, 3000));
    b.later(1000);
    expect(begun(b, 'd', 2)).toEqual([0]);
    b.later(1000);
    expect(begun(b, 'd', 2)).toEqual([0, 1]);
  });

  it('that stay keep their level, others begin full, and none is left when they are lifted', () => {
    const b = limited([starts(1, 60_000, 4)]);
    b.submit('d', flat(0, 0, 0));
    setRates(b, [starts(1, 60_000, 4), units(1, 1, 9)]);
    expect([level(b), level(b, 1)]).toEqual([60_000, 9]);
    setRates(b, [starts(1, 60_000, 3)]);
    expect(level(b)).toBe(180_000);
    setRates(b, []);
    expect(b.kernel.state.buckets.table.live).toBe(0);
  });

  it('that stay have what has come since they were last looked at', () => {
    const b = limited([starts(1, 1000, 3)]);
    b.submit('d', flat(0, 0, 0));
    b.at += 2000;
    setRates(b, [starts(1, 1000, 3), units(1, 1, 9)]);
    expect(level(b)).toBe(2 * 1000);
    setRates(b, [units(1, 1000, 3)]);
    expect(level(b)).toBe(3 * 1000);
  });

  it('are refused when they cannot be counted', () => {
    const b = new KernelBench();
    for (const [rate, path] of [
      [{ per: 'tokens', add: 1, perMs: 1, burst: 1 }, '/rates/0/per'],
      [starts(0, 1, 1), '/rates/0/add'],
      [starts(1, 0, 1), '/rates/0'],
      [starts(1, 1, 0), '/rates/0'],
      [starts(1, 2 ** 26, 2 ** 25), '/rates/0'],
    ] as const) {
      b.skip();
      const { entries } = b.give(Code.SetClassLimits, classLimits({ rates: [rate] }));
      const refused = (entries as EventEntry[]).find(({ code }) => code === Code.InputRefused);
      expect(refused?.body).toMatchObject({ code: 'invalid-limit', problems: [{ path }] });
    }
  });

  it('are accepted up to 2^50 parts of a token', () => {
    const b = limited([starts(2 ** 50, 2 ** 25, 2 ** 25)]);
    expect(level(b)).toBe(2 ** 50);
  });

  it('keep the level of a bucket that stays as it is, wherever it was in the list', () => {
    const b = limited([units(1, 3_600_000, 50), starts(1, 3_600_000, 2)]);
    b.submit('d', flat(0, 0, 0));
    expect(begun(b, 'd', 3)).toEqual([0, 1]);
    setRates(b, [starts(1, 3_600_000, 2)]);
    expect(begun(b, 'd', 3)).toEqual([0, 1]);
    expect(level(b)).toBe(0);
    setRates(b, [starts(1, 3_600_000, 2), starts(1, 3_600_000, 2)]);
    expect([level(b, 0), level(b, 1)]).toEqual([0, 2 * 3_600_000]);
  });

  it('leave the class its other timers while it waits for tokens', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 8, sessionMs: 600_000 });
    for (let n = 0; n < 20; n++) {
      b.submit(`s${n}`, flat(0));
      b.at += 100;
      b.complete(`s${n}`, '0');
    }
    setRates(b, [units(1, 100_000, 50)]);
    b.submit('u', flat(50));
    b.complete('u', '0');
    const long = Array.from({ length: 8 }, (_, i) => job(`${i}`, { estimateMs: 60_000 }));
    b.submit('long', long, { priority: 5 });
    expect(b.stateOf('long', '7')).toBe('ready');
    const endOfReserve = b.kernel.nextAt(0);
    expect(endOfReserve).toBe(b.at + 60_000);
    b.submit('w', flat(40));
    expect(b.kernel.nextAt(0)).toBe(endOfReserve);
  });
});

it.each([
  ['level-first@1', 'dispatched'],
  ['default@1', 'ready'],
])(
  'under %s a job that comes first by what another class has started is found in the same turn: %s',
  (policy, found) => {
    const b = new KernelBench();
    b.give(Code.SetPolicy, { policy });
    for (const executorClass of ['p', 'q']) b.register(executorClass, { executorClass, sessionMs: 600_000 });
    const rates = [{ per: 'units' as const, add: 1, perMs: 9000, burst: 10 }];
    b.give(Code.SetClassLimits, classLimits({ executorClass: 'p', rates }));
    b.submit('spends', [job('all', { executorClass: 'p', units: 10 })]);
    b.submit('busy', [job('q', { executorClass: 'q' })]);
    b.complete('spends', 'all');
    b.submit('first', [job('p', { executorClass: 'p', units: 5 })]);
    b.submit('begins', [job('p', { executorClass: 'p', units: 0 }), job('q', { executorClass: 'q' })]);
    expect(b.stateOf('begins', 'p')).toBe('ready');
    b.complete('busy', 'q');
    expect([b.stateOf('begins', 'q'), b.stateOf('begins', 'p')]).toEqual(['dispatched', found]);
  },
);

const pages = Array.from({ length: 24 }, (_, i) => job(`${i}`, { units: 10, estimateMs: 1000 }));

describe('the guard', () => {
  /** How long the last DAG has before it is overdue, beyond the two minutes that each has. */
  function patience({ kernel: { state }, at }: KernelBench): number {
    const { dags, cell, cellRow } = state;
    return dags.c.dueAtMs[dags.find(cell.c.nextDag[cellRow]!)]! - at - 120_000;
  }

  it.each([
    ['starts', starts(2, 1000, 4)],
    ['units', units(20, 1000, 40)],
  ])('gives a DAG twice the time in which the %s come for it, however many there are now', (_, rate) => {
    const b = limited([rate]);
    b.submit('full', pages);
    expect(patience(b)).toBe(2 * 10_000);
    b.submit('empty', pages);
    expect(patience(b)).toBe(2 * 10_000);
    b.submit('fans', [job('pages', { units: 10, estimateMs: 1000, fanOut: fanOut(44) })]);
    b.settle();
    expect(patience(b)).toBe(2 * 20_000);
  });

  it('takes nothing early of a giant whose calls may not start sooner: what is small does not wait for all of it', () => {
    const flood = { name: 'flood', tenant: 'flood', priority: 1, arrivals: { perSecond: 3 }, jobs: [plans.job('2s')] };
    const giant = { ...flood, name: 'giant', tenant: 'giant', priority: 0, arrivals: { count: 1, every: 0 } };
    const small = { ...giant, name: 'small', tenant: 'small', arrivals: { count: 8, every: '60s' } };
    const load = [flood, { ...giant, jobs: [plans.job('2s', { fanOut: { count: 600 } })] }, small];
    const rate = { per: 'starts', add: 2, perMs: 1000, burst: 2 } as const;
    const classes = { a: { executors: 4, slots: 8, rates: [rate] } };
    const { tenants } = plans.report(load, { duration: '15min', end: 'duration', classes });
    expect(tenants.find(({ name }) => name === 'small')!.succeeded).toBe(8);
  });
});

describe('a deadline', () => {
  const need = ({ kernel: { state } }: KernelBench) => state.flows.c.needMs[state.flows.find(1, 4)]!;

  it.each([
    ['starts', starts(2, 1000, 4)],
    ['units', units(20, 1000, 40)],
  ])('is seen to need the time in which the %s come', (_, rate) => {
    const b = limited([rate]);
    b.submit('d', pages, { deadlineAtMs: b.at + 60_000 });
    b.settle();
    expect(begun(b, 'd', 24)).toEqual([0, 1, 2, 3]);
    expect(need(b)).toBe(10_000);
    b.give(Code.CancelJob, { tenant: 'acme', dagId: 'd', job: '23', reason: '' });
    b.later(500);
    expect([begun(b, 'd', 24).length, need(b)]).toEqual([5, 9000]);
  });

  it.each([
    ['starts', { per: 'starts', add: 2, perMs: 1000, burst: 4 }],
    ['units', { per: 'units', add: 20, perMs: 1000, burst: 40 }],
  ] as const)(
    'is met by giants of which few may start in a second, by %s, beside what is more important',
    (_, rate) => {
      const giants = {
        name: 'giants',
        tenant: 'giants',
        arrivals: { count: 3, every: '2min' },
        deadline: { after: '100s' },
        jobs: [plans.job('2s', { units: 10, fanOut: { count: 60 } })],
      };
      const jobs = [plans.job('1s', { units: 10 })];
      const small = { name: 'small', tenant: 'small', priority: 1, arrivals: { perSecond: 1.5 }, jobs };
      const classes = { a: { executors: 4, slots: 8, rates: [rate] } };
      const { tenants } = plans.report([giants, small], { duration: '6min', sigma: 0.4, classes });
      expect(tenants.find(({ name }) => name === 'giants')!.deadlines.met).toBe(3);
    },
  );
});

it('work at risk that waits for tokens is not looked at again each time that its slack would be gone', () => {
  const b = new KernelBench({ isLarge: true, isQuiet: true });
  b.give(Code.SetClassLimits, classLimits({ rates: [{ per: 'units', add: 1, perMs: 1, burst: 600_000 }] }));
  b.register('e1', { slots: 2, sessionMs: 600_000 });
  b.submit('first', [job('a', { units: 600_000, estimateMs: 1000 })]);
  b.submit('second', [job('a', { units: 300_000, estimateMs: 1000 })], { deadlineAtMs: b.at + 300_000 });
  const end = b.at + 300_000;
  let turns = 0;
  for (; b.kernel.nextAt(0) <= end; turns++) {
    b.at = b.kernel.nextAt(0);
    b.step();
    if (turns > 100) break;
  }
  expect([turns < 100, b.count('JobDispatched'), b.count('DeadlineMissed')]).toEqual([true, 2, 0]);
});

it('work at risk that waits for tokens is late once its deadline has passed, however soon that is', () => {
  const b = new KernelBench({ isLarge: true, isQuiet: true });
  b.give(Code.SetClassLimits, classLimits({ rates: [units(1, 1, 1000)] }));
  b.register('e1', { slots: 1, sessionMs: 600_000 });
  b.submit('first', [job('a', { units: 1000, estimateMs: 100 })]);
  b.submit('second', [job('a', { units: 500, estimateMs: 100 })], { deadlineAtMs: b.at + 500 });
  const { state } = b.kernel;
  const risk = () => state.flows.c.risk[state.flows.find(2, 4)];
  const missed = b.at + 501;
  for (; b.kernel.nextAt(0) <= missed; b.step()) b.at = b.kernel.nextAt(0);
  expect([risk(), b.count('DeadlineMissed')]).toEqual([Risk.late, 1]);
});
