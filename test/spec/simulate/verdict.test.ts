import { describe, expect, it } from 'vitest';
import { pointOf, reportOf, runPlan, smallestEnough, type Verdict, verdictOf } from '../../../src/simulate/index.js';
import type { PlanInput } from '../../../src/simulate/plan/plan-schema.js';
import { boundsOf } from '../../../src/simulate/report/bounds.js';
import { job, planOf } from '../../support/simulate/plans.js';

function verdict(stream: PlanInput['load'][number], more: Partial<PlanInput>, scale = 1): Verdict {
  const plan = planOf([stream], more);
  return verdictOf(plan.goal!, reportOf(runPlan({ ...plan, scale })));
}

describe('a size that is not enough', () => {
  const goals = { wait: '5s', latency: '60s', deadlines: 0.01 } as const;
  const due = { name: 'x', arrivals: { count: 6, every: 0 }, deadline: { after: '1min' } } as const;

  it.each(Object.entries(goals))('is one on which nothing can run, by its %s', (name, wanted) => {
    const stream = { ...due, jobs: [job('1s', { slots: 4 })] };
    const more = { classes: { a: { slots: 4 } }, goal: { [name]: wanted } };
    expect(verdict(stream, more)).toBe('yes');
    expect(verdict(stream, more, 0.5)).toBe('no');
  });

  it.each(Object.entries(goals))('is one that refuses DAGs, whatever the %s of the others', (name, wanted) => {
    const stream = { ...due, jobs: [job('1s')] };
    const goal = { [name]: wanted };
    expect(verdict(stream, { goal })).toBe('yes');
    expect(verdict(stream, { goal, tenants: { default: { openDags: 4 } } })).toBe('no');
  });

  it('is one on which hard deadlines end more DAGs than the goal allows to be late', () => {
    const stream = { ...due, deadline: undefined, hardDeadline: { after: '15s' }, jobs: [job('10s')] };
    const more = (deadlines: number) => ({ goal: { deadlines } });
    expect(verdict(stream, more(0.9))).toBe('no');
    expect(verdict(stream, more(0.6))).toBe('yes');
    expect(verdict(stream, more(0.9), 2)).toBe('yes');
  });

  it('is one that refuses all DAGs of its name', () => {
    const tenants = { default: { openDags: 0 } };
    expect(verdict({ ...due, jobs: [job('1s')] }, { goal: { name: 'x', wait: '1h' }, tenants })).toBe('no');
  });

  it.each([{ wait: '5s' }, { name: 'asks', wait: '5s' }, { name: 'x', wait: '5s' }] as const)(
    'is one on which some DAGs can never go on, though no job waits for a slot: %j',
    (goal) => {
      const jobs = [
        { id: 'ask', kind: 'signal' },
        { ...job('1s'), after: ['ask'] },
      ];
      const plan = planOf(
        [
          { ...due, jobs: [job('1s')] },
          { ...due, name: 'asks', jobs },
        ],
        { goal },
      );
      const point = pointOf(1, reportOf(runPlan(plan)), plan.goal);
      expect(point).toMatchObject({ enough: 'no', stuck: [{ name: 'asks', job: 'ask', count: 6 }] });
      expect(smallestEnough([point])).toBeNull();
    },
  );

  it('is one under overload at whose end most still waits, though what ran had waited little', () => {
    const stream = { ...due, arrivals: { count: 100, every: 0 }, jobs: [job('70s')] };
    const more = { goal: { wait: '20s' }, end: 'duration', duration: '1min', sigma: 0 } as const;
    expect(verdict(stream, more)).toBe('no');
  });
});

describe('a share that a run reaches exactly', () => {
  it.each([{ wait: '1s' }, { latency: '12s' }] as const)('is enough where 99 of 100 are in time: %j', (goal) => {
    type Stream = PlanInput['load'][number];
    const quick: Stream = { name: 'x', arrivals: { count: 98, every: '2s' }, jobs: [job('1s')] };
    const pair: Stream = { name: 'x', arrivals: { count: 2, every: 0, from: '4min' }, jobs: [job('12s')] };
    const plan = planOf([quick, pair], { classes: { a: { slots: 1 } }, duration: '5min', goal });
    expect(verdictOf(plan.goal!, reportOf(runPlan(plan)))).toBe('yes');
  });

  it.each([0.55, 0.07, 0.14, 0.56])('is enough of deadlines: %d', (deadlines) => {
    const late = Math.round((1 - deadlines) * 100);
    const quick = {
      name: 'x',
      arrivals: { count: 100 - late, every: 0 },
      jobs: [job('1ms')],
      deadline: { after: '1s' },
    };
    const slow = { ...quick, arrivals: { count: late, every: 0 }, jobs: [job('2s')] };
    const plan = planOf([quick, slow], { classes: { a: { slots: 100 } }, goal: { deadlines } });
    expect(verdictOf(plan.goal!, reportOf(runPlan(plan)))).toBe('yes');
  });
});

describe('a run that ends with DAGs open', () => {
  /** Ten jobs at once on four slots: four are met after 20 s, four after 40 s, and two after a minute. */
  const TEN = { name: 'x', arrivals: { count: 10, every: 0 }, jobs: [job('20s')] };
  const until = (duration: string, goal: PlanInput['goal'], deadline: string) =>
    verdict({ ...TEN, deadline: { after: deadline } }, { end: 'duration', duration, goal });

  it.each([
    ['yes: enough are met, whatever becomes of the others', '30s', 0.4, '10min', 'yes'],
    ['undecided: all others could be met, or none', '30s', 0.5, '10min', 'undecided'],
    ['no: too few are left that could be met', '50s', 0.9, '30s', 'no'],
    ['no: a deadline that has passed is missed, though its DAG is open', '50s', 0.9, '50s', 'no'],
    ['undecided: none is decided', '10s', 0.1, '10min', 'undecided'],
  ] as const)('of deadlines says %s', (_name, duration, deadlines, after, expected) => {
    expect(until(duration, { deadlines }, after)).toBe(expected);
  });

  it.each([
    ['undecided: jobs that wait have not waited so long yet', { wait: '35s' }, 'undecided'],
    ['no: jobs that wait have waited for longer', { wait: '29s' }, 'no'],
    ['undecided: those that are open could end in time', { latency: '1min' }, 'undecided'],
    ['no: those that are open are late', { latency: '29s' }, 'no'],
  ] as const)('of times says %s', (_name, goal, expected) => {
    expect(until('30s', goal, '10min')).toBe(expected);
  });

  it('is undecided where nothing came that the goal is about', () => {
    const never = { ...TEN, name: 'y', arrivals: { perSecond: 0.000_01 } };
    const plan = planOf([TEN, never], { goal: { name: 'y', wait: '1h' } });
    expect(verdictOf(plan.goal!, reportOf(runPlan(plan)))).toBe('undecided');
  });

  it('is never called the smallest that reaches the goal, though all that it decided was met', () => {
    const stream = { name: 'x', arrivals: { load: 2 }, deadline: { after: '9min' }, jobs: [job('10s')] };
    const plan = planOf([stream], { end: 'duration', duration: '10min', goal: { deadlines: 0.99 } });
    const points = [0.5, 2.5].map((scale) => pointOf(scale, reportOf(runPlan({ ...plan, scale })), plan.goal));
    expect(points[0]!.deadlines).toMatchObject({ open: expect.toSatisfy((open: number) => open > 100) });
    expect(points.map(({ enough }) => enough)).toEqual(['undecided', 'undecided']);
    expect(smallestEnough(points)).toBeNull();
  });
});

describe('DAGs that a hard deadline ends', () => {
  /** Two slots, and ten jobs of 10 s at once: those that have no slot after 15 s never get one. */
  const ten = (more: object = {}): PlanInput['load'][number] => ({
    name: 'x',
    arrivals: { count: 10, every: 0 },
    hardDeadline: { after: '15s' },
    jobs: [job('10s')],
    ...more,
  });
  const classes = { a: { slots: 2 } };

  it.each(['wait', 'latency'])('keep a size from its goal of a %s, however much longer that is', (name) => {
    const goal = { [name]: '1h' };
    expect(verdict(ten(), { classes, goal })).toBe('no');
    expect(verdict(ten(), { classes, goal, end: 'duration' })).toBe('no');
    expect(verdict(ten(), { classes, goal }, 5)).toBe('yes');
    expect(verdict(ten({ onHardDeadline: 'demote' }), { classes, goal })).toBe('yes');
  });

  it('keep it from one of a wait where limits of their tenant held them until then', () => {
    const goal = { wait: '1h' };
    const stream = ten({ arrivals: { count: 2, every: 0 }, jobs: [job('20s')] });
    expect(verdict(stream, { goal, tenants: { default: { activeDags: 1 } } })).toBe('no');
    expect(verdict(stream, { goal })).toBe('yes');
  });
});

describe('DAGs whose jobs fail as the plan asks', () => {
  /** One job fails after a second, while another of its DAG waits for a slot. */
  const failing: PlanInput['load'][number] = {
    name: 'x',
    arrivals: { count: 10, every: '5s' },
    jobs: [
      job('1s', { id: 'fails', run: { time: '1s', fails: { attempts: 1 } } }),
      job('1s', { id: 'waits', executorClass: 'b' }),
    ],
  };
  const busy = { name: 'y', arrivals: { count: 1, every: 0 }, jobs: [job('10min', { executorClass: 'b' })] };
  const pointWith = (goal: object) => {
    const plan = planOf([busy, failing], {
      classes: { a: { slots: 2 }, b: { slots: 1 } },
      goal: { name: 'x', ...goal },
    });
    return pointOf(1, reportOf(runPlan(plan)), plan.goal);
  };

  it('count until their end, and their jobs that had no slot until they were cancelled', () => {
    expect(pointWith({ latency: '2s' })).toMatchObject({ enough: 'yes', latencyMs: 1_000 });
    expect(pointWith({ wait: '2s' })).toMatchObject({ enough: 'yes', waitMs: 1_000 });
    expect(pointWith({ wait: '500ms' })).toMatchObject({ enough: 'no' });
  });
});

describe('bounds of a percentile', () => {
  it.each([
    ['nothing', [], [], null],
    ['nothing that is open', [1, 2, 3], [], { leastMs: 3, mostMs: 3 }],
    [
      'so little open that it does not matter',
      Array.from({ length: 200 }, (_, n) => n),
      [0],
      { leastMs: 197, mostMs: 198 },
    ],
    ['something open', [5, 1], [9], { leastMs: 9, mostMs: null }],
    ['only what is open', [], [4], { leastMs: 4, mostMs: null }],
  ] as const)('of %s', (_name, known, soFar, expected) => {
    expect(boundsOf(known, { soFar, isForGood: false })).toEqual(expected);
  });

  it('count what never comes to an end as endless, beside what is open and without it', () => {
    expect(boundsOf([1], { soFar: [], isForGood: false, never: 1 })).toEqual({ leastMs: null, mostMs: null });
    expect(boundsOf([], { soFar: [2], isForGood: false, never: 1 })).toEqual({ leastMs: null, mostMs: null });
    const many = Array.from({ length: 200 }, (_, n) => n);
    expect(boundsOf(many, { soFar: [], isForGood: false, never: 1 })).toEqual({ leastMs: 198, mostMs: 198 });
  });

  it('are endless where what is open will never end', () => {
    expect(boundsOf([1], { soFar: [2], isForGood: true })).toEqual({ leastMs: null, mostMs: null });
  });
});
