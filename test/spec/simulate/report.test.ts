import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { checkPlan, playPlan, pointOf, reportOf, runPlan, smallestEnough } from '../../../src/simulate/index.js';
import type { PlanInput } from '../../../src/simulate/plan/plan-schema.js';
import { job, planOf, report } from '../../support/simulate/plans.js';

const once = { count: 1, every: 0 } as const;
/** Six jobs of ten seconds at once: four start, two wait for ten seconds; half of the slot time of the second ten. */
const SIX: PlanInput['load'] = [{ name: 'x', arrivals: { count: 6, every: 0 }, jobs: [job('10s')] }];

describe('the report of a run', () => {
  it('says how long jobs waited and DAGs took, and how much of the slot time was used', () => {
    const { all, names, classes, simulatedMs, attempts, end } = report(SIX);
    expect({ simulatedMs, attempts, end }).toEqual({ simulatedMs: 20_000, attempts: 6, end: 'drained' });
    const wait = { count: 6, meanMs: 3_333, p50Ms: 0, p90Ms: 10_000, p99Ms: 10_000, longestMs: 10_000 };
    const latency = { count: 6, meanMs: 13_333, p50Ms: 10_000, p90Ms: 20_000, p99Ms: 20_000, longestMs: 20_000 };
    const deadlines = { decided: 0, met: 0, open: 0 };
    const exactly = (ms: number) => ({ leastMs: ms, mostMs: ms });
    const p99 = { held: exactly(0), wait: exactly(10_000), latency: exactly(20_000) };
    const held = { heldDags: 0, held: null };
    const group = { dags: 6, succeeded: 6, failed: 0, open: 0, ...held, wait, latency, deadlines, p99, slotMs: 60_000 };
    expect(all).toEqual({ name: 'all', ...group });
    expect(names).toEqual([{ name: 'x', ...group }]);
    expect(classes).toEqual([
      { name: 'a', slots: 4, attempts: 6, failedAttempts: 0, wait, utilisation: 0.75, busiest: 4 },
    ]);
  });

  it('counts the slot time of a class over its changes', () => {
    const changes = [{ at: '10s', share: 0.5 }];
    const { classes } = report([{ name: 'x', arrivals: { count: 8, every: 0 }, jobs: [job('10s')] }], { changes });
    expect(classes[0]).toMatchObject({ slots: 4, utilisation: 1, busiest: 4 });
  });

  it.each([
    { share: 0.75, slots: 4, executors: 1, left: 3 },
    { share: 0.75, slots: 1, executors: 4, left: 3 },
    { share: 0.75, slots: 4, executors: 2, left: 6 },
    { share: 0.29, slots: 100, executors: 1, left: 29 },
    { share: 0.57, slots: 50, executors: 2, left: 57 },
    { share: 0.1, slots: 2, executors: 2, left: 0 },
  ])('leaves a class with the nearest number of slots: $share of $executors times $slots', (one) => {
    const load = [{ name: 'x', arrivals: { count: 250, every: 0 }, jobs: [job('10s')] }];
    const { slots, executors, share } = one;
    const changes = [{ at: 0, share }];
    const found = report(load, { end: 'duration', duration: '10s', classes: { a: { slots, executors } }, changes });
    expect(found.classes[0]).toMatchObject({ busiest: one.left, utilisation: one.left === 0 ? 0 : 1 });
  });

  it('leaves executors whole, those that come first', () => {
    const jobs = [job('10s', { slots: 2 })];
    const load = [{ name: 'x', arrivals: { count: 4, every: 0 }, jobs }];
    const changes = [{ at: 0, share: 0.5 }];
    expect(report(load, { classes: { a: { executors: 4, slots: 2 } }, changes }).classes[0]!.busiest).toBe(4);
  });

  it.each(['a', 'g/a'])('takes changes of a class by its name or with its group: %s', (name) => {
    const changes = [{ at: 0, class: name, share: 0.5 }];
    const load = [{ name: 'x', arrivals: { count: 4, every: 0 }, jobs: [job('10s', { group: 'g' })] }];
    const classes = { a: { executors: 2, slots: 2, group: 'g' }, b: { slots: 3 } };
    const found = report(load, { classes, changes }).classes;
    expect(found.map((one) => [one.name, one.busiest, one.utilisation])).toEqual([
      ['g/a', 2, 1],
      ['b', 0, 0],
    ]);
  });

  it('counts deadlines of DAGs that have ended, and of those that were late at the end', () => {
    const due = (name: string, after: string, time: string) => {
      return { name, arrivals: once, deadline: { after }, jobs: [job(time)] };
    };
    const load = [
      due('met', '10s', '9s'),
      due('missed', '10s', '20s'),
      due('late', '50s', '70s'),
      due('not yet', '90s', '70s'),
    ];
    const { all, names } = report(load, { end: 'duration' });
    expect(all.deadlines).toEqual({ decided: 3, met: 1, open: 1 });
    expect(names.map(({ deadlines: { decided } }) => decided)).toEqual([1, 1, 1, 0]);
    expect(all).toMatchObject({ succeeded: 2, open: 2 });
  });

  it('counts the earlier of two deadlines, be it the hard one, which ends the DAG or does not', () => {
    const due = (name: string, more: object) => ({ name, arrivals: once, jobs: [job('9s')], ...more });
    const soon = { after: '5s' };
    const late = { after: '20s' };
    const load = [
      due('hard met', { hardDeadline: late }),
      due('hard missed', { hardDeadline: soon }),
      due('demoted', { hardDeadline: soon, onHardDeadline: 'demote' }),
      due('soft missed', { deadline: soon, hardDeadline: late }),
    ];
    const { names } = report([...load, due('both met', { deadline: late, hardDeadline: { after: '30s' } })], {
      classes: { a: { slots: 5 } },
    });
    expect(names.map(({ name, deadlines: { decided, met } }) => [name, decided, met])).toEqual([
      ['hard met', 1, 1],
      ['hard missed', 1, 0],
      ['demoted', 1, 0],
      ['soft missed', 1, 0],
      ['both met', 1, 1],
    ]);
  });

  it('shares slot time out to tenants', () => {
    const load = ['a', 'b', 'b'].map((tenant, n) => ({ name: `${n}`, tenant, arrivals: once, jobs: [job('1s')] }));
    expect(report(load).tenants.map(({ name, slotMs }) => [name, slotMs])).toEqual([
      ['a', 1_000],
      ['b', 2_000],
    ]);
  });

  it('counts the slot time of what still runs at the end, until then', () => {
    const of = (tenant: string, count: number, time: string, more: object = {}) => {
      return { name: tenant, tenant, arrivals: { count, every: '10s' }, jobs: [job(time, more)] };
    };
    const load = [of('a', 2, '5s'), of('b', 1, '2min', { slots: 2 })];
    const { tenants, all, classes } = report(load, { end: 'duration' });
    expect(tenants.map(({ name, slotMs }) => [name, slotMs])).toEqual([
      ['a', 10_000],
      ['b', 120_000],
    ]);
    expect(classes[0]!.utilisation * 4 * 60_000).toBeCloseTo(all.slotMs);
  });

  it('tells what still waits, what failed and what was refused', () => {
    const tenants = { default: { openDags: 5 } };
    const load: PlanInput['load'] = [
      {
        name: 'x',
        arrivals: { count: 6, every: 0 },
        jobs: [job('40s', { run: { time: '40s', fails: { attempts: 1 } } })],
      },
    ];
    const { all, waiting, classes, refusals } = report(load, { end: 'duration', tenants });
    expect(all).toMatchObject({ dags: 5, failed: 4, open: 1 });
    expect(classes[0]!.failedAttempts).toBe(4);
    expect(waiting).toEqual({ jobs: 0, longestMs: 0 });
    expect(refusals.map(({ code, count }) => [code, count])).toEqual([['tenant-open-dags', 1]]);
    expect(report(SIX, { end: 'duration', duration: '5s' }).waiting).toEqual({ jobs: 2, longestMs: 5_000 });
  });

  it('counts what still waits among the waits, children of fan-outs by the class of theirs', () => {
    const jobs = [job('10s', { id: 'a' }), { id: 'b', executorClass: 'b', fanOut: { count: 3 }, run: { time: '10s' } }];
    const classes = { a: { slots: 1 }, b: { slots: 1 } };
    const { all, classes: shown } = report([{ name: 'x', arrivals: once, jobs }], {
      end: 'duration',
      duration: '5s',
      classes,
    });
    expect(all.wait).toMatchObject({ count: 4, longestMs: 5_000 });
    expect(shown.map(({ name, attempts, wait }) => [name, attempts, wait!.count, wait!.longestMs])).toEqual([
      ['a', 1, 1, 0],
      ['b', 1, 3, 5_000],
    ]);
  });
});

describe('a job that an output decides on', () => {
  const when = { job: 'only', at: '/invalid', op: 'gt', value: 0 };
  const notesOf = (more: object) => {
    const jobs = [job('1s'), job('1s', { id: 'review', after: ['only'], ...more })];
    const { notes, attempts } = report([{ name: 'x', arrivals: { count: 3, every: 0 }, jobs }]);
    return { notes, attempts };
  };

  it('is told of, for it is skipped as if it cost nothing', () => {
    const notes = ['every output of a plan is null: the when of review of x skips it in all DAGs or in none'];
    expect(notesOf({ when })).toEqual({ notes, attempts: 3 });
    expect(notesOf({})).toEqual({ notes: [], attempts: 6 });
  });
});

describe('a job of which nobody says how long it takes', () => {
  const untimed = { executorClass: 'a' };
  const notesOf = (more: object) => {
    const jobs = [job('1s'), { id: 'next', after: ['only'], ...more }];
    return report([{ name: 'x', arrivals: { count: 3, every: 0 }, jobs }]).notes;
  };

  it('is told of, for the second that it takes is a guess', () => {
    const told = ['neither a run time nor an estimateMs is given for next of x: each takes 1 s'];
    expect(notesOf(untimed)).toEqual(told);
    expect(notesOf({ ...untimed, run: { later: [{ from: '1s', time: '2s' }] } })).toEqual(told);
  });

  it.each([{ ...untimed, run: { time: '1s' } }, { ...untimed, estimateMs: 2000 }, { kind: 'noop' }])(
    'is none with %j',
    (more) => expect(notesOf(more)).toEqual([]),
  );
});

describe('the capacity curve', () => {
  const goal = { wait: 0 } as const;
  const curve = [0.5, 1, 1.5, 2].map((factor) => {
    const plan = planOf(SIX, { goal });
    return pointOf(factor, reportOf(runPlan({ ...plan, scale: factor })), plan.goal);
  });

  it('multiplies the slots and leaves the load as it is', () => {
    expect(curve.map(({ classes, waitMs, latencyMs }) => [classes[0]!.slots, waitMs, latencyMs])).toEqual([
      [2, 20_000, 30_000],
      [4, 10_000, 20_000],
      [6, 0, 10_000],
      [8, 0, 10_000],
    ]);
  });

  it('does so where a load is a share of the slots', () => {
    const plan = planOf([{ name: 'x', arrivals: { load: 0.5 }, jobs: [job('1s')] }]);
    const dags = [1, 3].map((scale) => runPlan({ ...plan, scale }).recorder.dags.length);
    expect(dags[0]).toBeGreaterThan(50);
    expect(dags[1]).toBe(dags[0]);
  });

  it('counts attempts that fail in such a load, as often as their job is tried again', () => {
    const used = (more: object) => {
      const stream = { name: 'x', arrivals: { load: 0.4 }, jobs: [job('5s', more)] };
      return report([stream], { duration: '1h', seed: 3 }).classes[0]!.utilisation;
    };
    const retry = (maxAttempts: number) => ({ maxAttempts, backoff: { baseMs: 1, maxMs: 1 } });
    const run = (share: number, attempts: number) => ({ time: '5s', fails: { share, attempts } });
    for (const more of [{}, { run: run(1, 1) }, { retry: retry(3), run: run(0.5, 9) }]) {
      expect(used(more)).toBeCloseTo(0.4, 1);
    }
  });

  it('names the smallest size that reaches the goal', () => {
    expect(curve.map(({ enough }) => enough)).toEqual(['no', 'no', 'yes', 'yes']);
    expect(smallestEnough(curve)?.factor).toBe(1.5);
    expect(smallestEnough(curve.slice(0, 2))).toBeNull();
  });

  it.each([
    ['met by two of three deadlines', { deadlines: 0.66 }, 'yes'],
    ['not met by two of three deadlines', { deadlines: 0.67 }, 'no'],
    ['met by a latency', { latency: '20s' }, 'yes'],
    ['not met by a latency', { latency: '19s' }, 'no'],
    ['of DAGs of a name', { name: 'y', latency: '6s' }, 'yes'],
  ] as const)('has a goal that is %s', (_name, wanted, expected) => {
    const due = (after: string) => ({ name: 'x', arrivals: { ...once }, deadline: { after }, jobs: [job('20s')] });
    const load = [due('20s'), due('20s'), due('10s'), { name: 'y', arrivals: { ...once }, jobs: [job('5s')] }];
    const plan = planOf(load, { goal: wanted });
    expect(pointOf(1, reportOf(runPlan(plan)), plan.goal).enough).toBe(expected);
  });
});

describe('what theory can tell beforehand', () => {
  /** Mean wait of jobs of a second on one class, in seconds, over four days of their own. */
  function meanWait(slots: number, perSecond: number, sigma: number): number {
    const stream = { name: 'x', arrivals: { perSecond }, jobs: [job('1s')] };
    const more = { classes: { a: { slots } }, sigma, duration: Math.round(2_500_000 / perSecond) } as const;
    const waits = [1, 2, 3, 4].map((seed) => report([stream], { ...more, seed }).all.wait!.meanMs / 1_000);
    return waits.reduce((sum, wait) => sum + wait, 0) / waits.length;
  }
  /** Deviation of the logarithm with which the lognormal's deviation is its mean, as that of the exponential is. */
  const EXPONENTIAL_LIKE = Math.sqrt(Math.log(2));

  // Waits of so few thousand arrivals vary by a sixth; the seeds are fixed, so the test does not.
  it.each([
    ['Pollaczek and Khinchine for run times that do not vary', 1, 0.5, 0, 0.5],
    ['Pollaczek and Khinchine for run times that vary', 1, 0.5, EXPONENTIAL_LIKE, 1],
    ['Erlang for four slots in use to seven tenths', 4, 2.8, EXPONENTIAL_LIKE, 0.357],
  ])('agrees with %s', (_name, slots, perSecond, sigma, expected) => {
    const wait = meanWait(slots, perSecond, sigma);
    expect(wait).toBeGreaterThan(0.8 * expected);
    expect(wait).toBeLessThan(1.2 * expected);
  });
});

describe('the plans of the examples', () => {
  const folder = new URL('../../../examples/plans/', import.meta.url);
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

  it('are there', () => expect(files.length).toBeGreaterThan(0));

  it.each(files)('%s runs for its first minutes, and all of it ends', (file) => {
    const read = (name: string): unknown => parse(readFileSync(new URL(name, folder), 'utf8'));
    const plan = checkPlan(read(file), read);
    const { all, end, refusals } = reportOf(runPlan({ ...plan, duration: Math.min(plan.duration, 300_000) }));
    expect(all.dags).toBeGreaterThan(100);
    expect({ end, open: all.open, refusals }).toEqual({ end: 'drained', open: 0, refusals: [] });
  });

  it('is not stopped for while nothing happens: a month with two DAGs has hardly more stops than heartbeats', () => {
    const load: PlanInput['load'] = [{ name: 'x', arrivals: { count: 2, every: '720h' }, jobs: [job('1s')] }];
    expect([...playPlan(planOf(load))].length).toBeLessThan(10_000);
  });
});
