/**
 * What tenants and the guard get of a class over a long time, by loads that no
 * share should depend on (policy.md: Tenants share by weight; The guard).
 */
import { describe, expect, it } from 'vitest';
import type { RunReport } from '../../../src/simulate/index.js';
import type { PlanInput } from '../../../src/simulate/plan/plan-schema.js';
import { job, report } from '../../support/simulate/plans.js';

/** A DAG of jobs that all want the class at once, so that its tenant always wants more. */
const backlog = (tenant: string, count: number, time: string, more: object = {}): PlanInput['load'][number] => ({
  name: tenant,
  tenant,
  arrivals: { count: 1, every: 0 },
  jobs: [job(time, { fanOut: { count }, ...more })],
});

/** The share of a tenant of the slot time that all had, in hundredths. */
function shareOf({ tenants }: RunReport, tenant: string): number {
  const all = tenants.reduce((sum, { slotMs }) => sum + slotMs, 0);
  return Math.round((100 * tenants.find(({ name }) => name === tenant)!.slotMs) / all);
}

/** The half of it, and what chance makes of it in the time that is simulated. */
function expectHalf(found: RunReport, tenant: string): void {
  expect(shareOf(found, tenant)).toBeGreaterThanOrEqual(47);
  expect(shareOf(found, tenant)).toBeLessThanOrEqual(53);
}

const FOR_A_WHILE = { end: 'duration', duration: '10min', sigma: 0.4 } as const;
const HALF = { ...FOR_A_WHILE, classes: { a: { executors: 2, slots: 8 } } };
const WIDE = { ...FOR_A_WHILE, classes: { a: { executors: 4, slots: 8 } } };

describe('a tenant that always wants more has half of the class beside another one', () => {
  it('whose jobs are long and narrow, though its own are wide, find no room for a while, and are passed over', () => {
    const found = report([backlog('narrow', 1_500, '30s'), backlog('wide', 8_000, '1s', { slots: 3 })], WIDE);
    expectHalf(found, 'wide');
    expect(found.classes[0]!.utilisation).toBeGreaterThan(0.97);
  });

  it.each([16_000, 500])('whose estimates are right, though its own say %i ms of jobs of a second', (estimateMs) => {
    expectHalf(report([backlog('exact', 12_000, '1s'), backlog('wrong', 12_000, '1s', { estimateMs })], HALF), 'wrong');
  });

  it.each([
    ['of which it knows how long they take', 10, 60_000],
    ['which it expects to take next to nothing', 8, 60],
  ])('whose jobs are short, though its own are long, each waits for the one before, %s', (_, count, estimateMs) => {
    const time = '60s';
    const chain = Array.from({ length: 10 }, (_, i) => ({
      ...job(time, { estimateMs }),
      id: `j${i}`,
      after: i === 0 ? [] : [`j${i - 1}`],
    }));
    const long = { name: 'long', tenant: 'long', arrivals: { count, every: '1700ms' }, jobs: chain };
    const found = report([backlog('short', 12_000, '1s'), long], { ...HALF, sigma: 0 });
    expect(shareOf(found, 'long')).toBeGreaterThanOrEqual(45);
  });

  it('that expects far too much of its jobs, and came first', () => {
    const late = { ...backlog('late', 12_000, '1s'), arrivals: { count: 1, from: '10s', until: '11s' } };
    const found = report([backlog('first', 12_000, '1s', { estimateMs: 1_000_000 }), late], HALF);
    expect(shareOf(found, 'late')).toBeGreaterThanOrEqual(45);
  });
});

describe('a DAG that always wants more has half of the class beside another one of its tenant under fair@1', () => {
  const one = (name: string, count: number, time: string, more: object = {}) => ({
    ...backlog('acme', count, time, more),
    name,
  });
  const shareOfDag = (load: PlanInput['load'], plan: object): number => {
    const { names } = report(load, { ...plan, policy: 'fair@1' });
    const all = names.reduce((sum, { slotMs }) => sum + slotMs, 0);
    return Math.round((100 * names.find(({ name }) => name === 'own')!.slotMs) / all);
  };

  it.each([16_000, 60])('whose estimates are right, though its own say %i ms of jobs of a second', (estimateMs) => {
    const load = [one('exact', 12_000, '1s'), one('own', 12_000, '1s', { estimateMs })];
    expect(Math.abs(shareOfDag(load, HALF) - 50)).toBeLessThanOrEqual(3);
  });

  it('whose jobs are long and narrow, though its own are wide, find no room for a while, and are passed over', () => {
    const load = [one('narrow', 1_500, '30s'), one('own', 8_000, '1s', { slots: 3 })];
    expect(Math.abs(shareOfDag(load, WIDE) - 50)).toBeLessThanOrEqual(3);
  });

  it('that expects far too much of its jobs, and came first', () => {
    const first = one('first', 12_000, '1s', { estimateMs: 16_000 });
    const late = { ...one('own', 12_000, '1s'), arrivals: { count: 1, from: '10s', until: '11s' } };
    expect(Math.abs(shareOfDag([first, late], HALF) - 50)).toBeLessThanOrEqual(5);
  });
});

describe('urgent work of a tenant', () => {
  /** For two minutes five DAGs a second come with a deadline that is near, a job of a second each, beside work without. */
  function besideUrgent(urgent: object, regular: object): RunReport {
    const near = {
      name: 'near',
      tenant: 'near',
      arrivals: { perSecond: 5 },
      jobs: [job('1s', urgent)],
      deadline: { after: '3s' },
    } as PlanInput['load'][number];
    const plan = { ...FOR_A_WHILE, duration: '2min', sigma: 0, classes: { a: { executors: 1, slots: 4 } } } as const;
    return report([backlog('plain', 2_000, '1s', regular), near], plan);
  }

  it.each([
    ['are right', {}, {}],
    ['say that it takes next to nothing', { estimateMs: 10 }, {}],
    ['say that the other takes a minute', {}, { estimateMs: 60_000 }],
  ])('leaves a quarter to another one, also where estimates %s', (_, urgent, regular) => {
    expect(shareOf(besideUrgent(urgent, regular), 'plain')).toBeGreaterThanOrEqual(22);
  });

  it('leaves no more than a quarter to one that says that it takes next to nothing', () => {
    expect(shareOf(besideUrgent({}, { estimateMs: 10 }), 'plain')).toBeLessThanOrEqual(30);
  });
});

describe('the guard', () => {
  const high = (perSecond: number, time: string): PlanInput['load'][number] => ({
    name: 'high',
    tenant: 'high',
    priority: 10,
    arrivals: { perSecond },
    jobs: [job(time)],
  });

  it('pays for the slots that it keeps free for wide jobs', () => {
    const wide = { name: 'wide', tenant: 'wide', arrivals: { perSecond: 0.1 }, jobs: [job('1s', { slots: 8 })] };
    const plan = { ...FOR_A_WHILE, duration: '2h', classes: { a: { executors: 1, slots: 8 } } };
    const found = report([high(0.2, '60s'), wide], plan);
    expect(found.classes[0]!.utilisation).toBeGreaterThan(0.92);
    expect(found.tenants.find(({ name }) => name === 'wide')!.succeeded).toBeGreaterThan(0);
  });

  it('is not locked out by work that seemed to take hours', () => {
    const flood = backlog('flood', 12_000, '1s', { estimateMs: 1_000 });
    const low = { ...backlog('low', 1_000, '1s', { estimateMs: 1_000 }), priority: 0 };
    const hours = { ...backlog('hours', 15, '10s', { estimateMs: 7_200_000 }), priority: 10 };
    const later = { ...hours, arrivals: { count: 1, from: '4min', until: '241s' } };
    const found = report([{ ...flood, priority: 9 }, low, later], HALF);
    // It is overdue after four of the ten minutes.
    expect(shareOf(found, 'low')).toBeGreaterThanOrEqual(3);
  });

  it('has a sixteenth of what was done, also of jobs that say that they take next to nothing', () => {
    const low = { name: 'low', tenant: 'low', arrivals: { perSecond: 3 }, jobs: [job('10s', { estimateMs: 1 })] };
    const found = report([high(3, '10s'), low], { ...FOR_A_WHILE, classes: { a: { executors: 4, slots: 4 } } });
    expect(shareOf(found, 'low')).toBeGreaterThanOrEqual(4);
    expect(shareOf(found, 'low')).toBeLessThanOrEqual(7);
  });
});
