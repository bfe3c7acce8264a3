import { describe, expect, it } from 'vitest';
import { pointOf, reportOf, runPlan } from '../../../src/simulate/index.js';
import type { PlanInput } from '../../../src/simulate/plan/plan-schema.js';
import { job, planOf, report } from '../../support/simulate/plans.js';

/** A DAG every second, each of two seconds: a tenant that may have one at a time falls behind by a second with each. */
const STEADY: PlanInput['load'] = [{ name: 'x', tenant: 't', arrivals: { count: 60, every: '1s' }, jobs: [job('2s')] }];
const ONE = { tenants: { t: { activeDags: 1 } } };

describe('DAGs that limits of their tenant hold', () => {
  it('are counted by limit, with how long they were held', () => {
    const { held, all, tenants } = report(STEADY, ONE);
    expect(held).toEqual([{ tenant: 't', limit: 'activeDags', most: 1, dags: 59, open: 0, time: expect.anything() }]);
    expect(held[0]!.time).toMatchObject({ count: 59, longestMs: 59_000, p50Ms: 30_000 });
    expect(all).toMatchObject({ heldDags: 59, held: { count: 60, longestMs: 59_000 }, wait: { longestMs: 0 } });
    expect(tenants[0]).toMatchObject({ name: 't', heldDags: 59 });
  });

  it('are held until the end where they still are', () => {
    const { held, all } = report(STEADY, { ...ONE, end: 'duration', duration: '1min' });
    expect(held[0]).toMatchObject({ dags: 59, open: 29, time: { longestMs: 30_000 } });
    expect(all.held!.longestMs).toBe(30_000);
  });

  it('are told from those that the other limit holds, and from tenants without a limit', () => {
    const load = ['s', 't'].flatMap((tenant) => [
      { name: tenant, tenant, arrivals: { count: 9, every: 0 }, jobs: [job('10s')] },
    ]);
    const { held, names } = report(load, { tenants: { t: { runnableJobs: 2 } } });
    expect(held.map(({ tenant, limit, most }) => [tenant, limit, most])).toEqual([['t', 'runnableJobs', 2]]);
    expect(names.map(({ name, held: of }) => [name, of === null])).toEqual([
      ['s', true],
      ['t', false],
    ]);
  });

  it('are held no longer once they have ended', () => {
    const late = { name: 'x', tenant: 't', arrivals: { count: 2, every: 0 }, hardDeadline: { after: '5s' } };
    const { held } = report([{ ...late, jobs: [job('1min')] }], ONE);
    expect(held[0]).toMatchObject({ dags: 1, open: 0, time: { longestMs: 5_001 } });
  });

  it('keep a size from its goal of a wait, however many slots it has', () => {
    const pointWith = (more: Partial<PlanInput>) => {
      const plan = planOf(STEADY, { goal: { wait: '1s' }, ...more });
      return pointOf(10, reportOf(runPlan({ ...plan, scale: 10 })), plan.goal);
    };
    expect(pointWith({})).toMatchObject({ enough: 'yes', heldMs: null });
    expect(pointWith(ONE)).toMatchObject({ enough: 'no', waitMs: 0, heldMs: 59_000 });
    expect(pointWith({ ...ONE, goal: { wait: '1min' } })).toMatchObject({ enough: 'yes' });
  });
});
