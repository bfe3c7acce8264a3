import { describe, expect, it } from 'vitest';
import { reportOf, runPlan } from '../../src/simulate/index.js';
import { job, planOf, report } from '../support/simulate/plans.js';

const four = (more: object = {}) => [{ name: 'x', arrivals: { count: 4, every: 0 }, jobs: [job('10s', more)] }];

describe('limits of the classes of a plan', () => {
  it('hold on every size: no more slots are in use than the class may use', () => {
    const plan = planOf(four(), { classes: { a: { slots: 4, maxSlots: 2 }, b: { slots: 1, maxSlots: null } } });
    for (const scale of [1, 2]) {
      expect(reportOf(runPlan({ ...plan, scale }))).toMatchObject({ simulatedMs: 20_000, refusals: [] });
    }
  });

  it('pace starts', () => {
    const rates = [{ per: 'starts' as const, add: 1, perMs: 60_000, burst: 1 }];
    expect(report(four(), { classes: { a: { slots: 4, rates } } })).toMatchObject({ simulatedMs: 190_000 });
  });

  it('pace units, as the tokens of a model; without a burst no more than is added at a time', () => {
    const rates = [{ per: 'units' as const, add: 100, perMs: 60_000 }];
    const { simulatedMs, refusals } = report(four({ units: 50 }), { classes: { a: { slots: 4, rates } } });
    expect({ simulatedMs, refusals }).toEqual({ simulatedMs: 70_000, refusals: [] });
  });

  it('say that a job is stuck which needs more than it may use', () => {
    const { end, stuck } = report(four({ slots: 2 }), { classes: { a: { slots: 4, maxSlots: 1 } } });
    expect(end).toBe('stalled');
    expect(stuck).toMatchObject([{ reason: 'class-limit', slots: 2, most: 1, executorClass: 'a', count: 4 }]);
  });
});
