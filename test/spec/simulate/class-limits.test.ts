import { describe, expect, it } from 'vitest';
import { reportOf, runPlan } from '../../../src/simulate/index.js';
import { job, planOf, report } from '../../support/simulate/plans.js';

const four = (more: object = {}) => [{ name: 'x', arrivals: { count: 4, every: 0 }, jobs: [job('10s', more)] }];

describe('limits of the classes of a plan', () => {
  it('hold on every size: no more slots are in use than the class may use', () => {
    const plan = planOf(four(), { classes: { a: { slots: 4, maxSlots: 2 }, b: { slots: 1, maxSlots: null } } });
    for (const scale of [1, 2]) {
      expect(reportOf(runPlan({ ...plan, scale }))).toMatchObject({ simulatedMs: 20_000, refusals: [] });
    }
  });

  it('leave the order in which classes are planned', () => {
    const jobs = ['a', 'b'].map((executorClass) => job('10s', { id: executorClass, executorClass }));
    const load = [{ name: 'x', arrivals: { count: 1, every: 0 }, jobs }];
    for (const limits of [{}, { maxSlots: 1 }]) {
      const { recorder } = runPlan(planOf(load, { classes: { a: { slots: 1 }, b: { slots: 1, ...limits } } }));
      expect(recorder.attempts.map(({ executorClass }) => executorClass)).toEqual(['a', 'b']);
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

describe('the note on a class that its limits hold back', () => {
  /** Ten jobs of ten seconds at once on one executor of eight slots. */
  const notes = (limits: object, more: object = {}) => {
    const stream = { name: 'x', arrivals: { count: 10, every: 0 }, jobs: [job('10s', more)] };
    return report([stream], { classes: { a: { slots: 8, ...limits } } }).notes;
  };
  const told = (limit: string, percent: number) => [
    `classes.a.${limit} held jobs back for ${percent} % of the time, though executors had slots for them`,
  ];

  it.each([
    // Three at a time, so that for 30 of 40 seconds others wait.
    ['its maxSlots', { maxSlots: 3 }, {}, told('maxSlots', 75)],
    // Of two slots each, one at a time: the last of ten waits until 90 of 100 seconds.
    ['its maxSlots, by jobs of several slots', { maxSlots: 3 }, { slots: 2 }, told('maxSlots', 90)],
    // One each 20 seconds: the last starts after 180 of 190.
    ['its rates', { rates: [{ per: 'starts', add: 1, perMs: 20_000 }] }, {}, told('rates', 95)],
  ])('tells of %s', (_name, limits, more, expected) => expect(notes(limits, more)).toEqual(expected));

  it.each([
    ['none are set', {}, {}],
    ['its executors have no more slots than it may use', { maxSlots: 8 }, {}],
    ['they never bite', { rates: [{ per: 'starts', add: 100, perMs: 1_000 }] }, {}],
    ['a job needs more than it may ever use, which is told as stuck', { maxSlots: 1 }, { slots: 2 }],
  ])('is not there where %s', (_name, limits, more) => expect(notes(limits, more)).toEqual([]));

  it('counts until the end of a run that ends with jobs waiting', () => {
    const { notes: said } = report(four(), {
      classes: { a: { slots: 4, maxSlots: 1 } },
      end: 'duration',
      duration: '5s',
    });
    expect(said).toEqual(told('maxSlots', 100));
  });

  it('counts until something happened last, where a run is given up, and not while nothing did', () => {
    const rates = [{ per: 'starts' as const, add: 1, perMs: 100_000_000 }];
    const plan = planOf(four(), { classes: { a: { slots: 4, rates } } });
    const run = runPlan(plan);
    expect(run.end).toBe('stalled');
    expect(run.classHolds).toEqual([{ name: 'a', heldMs: { maxSlots: 0, rates: 10_000 } }]);
    expect(reportOf(run).notes).toEqual(told('rates', 100));
  });
});
