import { describe, expect, it } from 'vitest';
import { checkPlan, PlanError, pointOf, reportOf, runPlan } from '../../../src/simulate/index.js';
import type { PlanInput } from '../../../src/simulate/plan/plan-schema.js';
import { job, planOf, report } from '../../support/simulate/plans.js';

/** Two DAGs of one job at once, a second each. */
const pair = (name: string, more: object = {}) => ({ name, arrivals: { count: 2, every: 0 }, jobs: [job('1s', more)] });

describe('a run that nothing can go on with', () => {
  it('ends when something happened last, with no waits of jobs that never run', () => {
    const changes = [{ at: '500ms', share: 0.25 }];
    const { end, simulatedMs, classes, all } = report([pair('x'), pair('wide', { slots: 2 })], { changes });
    expect({ end, simulatedMs }).toEqual({ end: 'stalled', simulatedMs: 1_000 });
    expect(classes[0]!.wait).toMatchObject({ count: 3, longestMs: 0 });
    expect(classes[0]!.utilisation).toBeGreaterThan(0.9);
    expect(all).toMatchObject({ open: 1, wait: { count: 3 } });
  });

  it.each<[string, { id: string; [field: string]: unknown }, Partial<PlanInput>, object]>([
    [
      'executors that are too small',
      job('1s', { slots: 2 }),
      { changes: [{ at: 0, share: 0.25 }] },
      { job: 'only', executorClass: 'a', reason: 'larger-than-any-executor', slots: 2, most: 1 },
    ],
    [
      'signals that nobody answers',
      { id: 'only', kind: 'signal' },
      {},
      { job: 'only', executorClass: null, reason: 'waiting-for-signal' },
    ],
    [
      'a limit of the tenant',
      job('1s'),
      { tenants: { default: { activeDags: 0 } } },
      { job: null, reason: 'held-tenant-limit', limit: 'active-dags' },
    ],
  ])('says what is stuck, and why: %s', (_name, only, plan, expected) => {
    const { end, stuck } = report([{ ...pair('x'), jobs: [only] }], plan);
    expect(end).toBe('stalled');
    expect(stuck).toEqual([
      {
        slots: null,
        most: null,
        limit: null,
        notBeforeMs: null,
        executorClass: null,
        ...expected,
        name: 'x',
        count: 2,
      },
    ]);
  });

  it('says nothing of the kind where all went well', () => {
    expect(report([pair('x')])).toMatchObject({ end: 'drained', stuck: [], tooWide: [], notes: [] });
  });
});

describe('a size with executors that are too small for a job', () => {
  it('names the job, and is never enough', () => {
    const load = [{ ...pair('x'), arrivals: { count: 200, every: '1s' } }, pair('wide', { slots: 2 })];
    const plan = planOf(load, { end: 'duration', duration: '200s', goal: { wait: '5s' } });
    const [small, whole] = [0.25, 1].map((scale) => pointOf(scale, reportOf(runPlan({ ...plan, scale })), plan.goal));
    expect(small!.tooWide).toEqual([{ name: 'wide', job: 'only', executorClass: 'a', slots: 2, largest: 1 }]);
    expect(small!.enough).toBe('no');
    expect(whole).toMatchObject({ tooWide: [], enough: 'yes' });
  });
});

describe('a run that ends with its duration', () => {
  const ask = { id: 'ask', kind: 'signal' };
  const asks = (more: object = {}) => ({
    ...pair('asks'),
    jobs: [ask, { ...job('1s'), after: ['ask'] }],
    ...more,
  });
  const until = { end: 'duration', duration: '1min', goal: { wait: '5s' } } as const;
  const verdict = (stream: object) => {
    const plan = planOf([pair('x'), stream as ReturnType<typeof pair>], until);
    const { end, stuck, enough } = { ...reportOf(runPlan(plan)), ...pointOf(1, reportOf(runPlan(plan)), plan.goal) };
    return { end, stuck: stuck.map(({ job, reason, count }) => ({ job, reason, count })), enough };
  };

  it('says that DAGs wait for signals for ever, and is not enough', () => {
    const stuck = [{ job: 'ask', reason: 'waiting-for-signal', count: 2 }];
    expect(verdict(asks())).toEqual({ end: 'until', stuck, enough: 'no' });
  });

  it('says so of DAGs that go on at a lower priority after their hard deadlines', () => {
    const demoted = { hardDeadline: { after: '30s' }, onHardDeadline: 'demote' };
    expect(verdict(asks(demoted))).toMatchObject({ stuck: [{ count: 2 }], enough: 'no' });
  });

  describe.each<[string, Partial<PlanInput>, object, object]>([
    ['larger than its executors have become', { changes: [{ at: 1, share: 0.25 }] }, {}, { most: 1 }],
    ['larger than the limit of its class', { classes: { a: { slots: 4, maxSlots: 1 } } }, {}, { most: 1 }],
    ['of a tenant that may have none active', { tenants: { t: { activeDags: 0 } } }, { tenant: 't' }, { job: null }],
    [
      'of a tenant that may have none runnable',
      { tenants: { t: { runnableJobs: 0 } } },
      { tenant: 't' },
      { job: null },
    ],
  ])('with a job %s', (_name, more, ofStream, expected) => {
    const wide = (other: object) => ({
      ...pair('wide', { slots: 2 }),
      arrivals: { count: 2, every: 0, from: '1s' },
      ...ofStream,
      ...other,
    });
    const goal = { name: 'x', wait: '5s' };
    const pointWith = (other: object) => {
      const plan = planOf([pair('x'), wide(other)], { ...until, ...more, goal });
      return pointOf(1, reportOf(runPlan(plan)), plan.goal);
    };

    it('says so, and is not enough, as the same plan drained', () => {
      const point = { enough: 'no', stuck: [{ name: 'wide', count: 2, ...expected }] };
      expect(pointWith({})).toMatchObject(point);
      const plan = planOf([pair('x'), wide({})], { ...more, goal });
      expect(pointOf(1, reportOf(runPlan(plan)), plan.goal)).toMatchObject(point);
    });

    it('says nothing of it where a hard deadline ends it', () => {
      expect(pointWith({ hardDeadline: { after: '10min' } })).toMatchObject({ enough: 'yes', stuck: [] });
    });
  });

  it('names of a DAG what can never run, not what only waits for slots', () => {
    const both = { ...pair('both'), jobs: [job('1s', { id: 'wide', slots: 2 }), job('1s')] };
    const long = { name: 'long', arrivals: { count: 1, every: 0 }, jobs: [job('5min')] };
    const { stuck } = report([long, both], {
      ...until,
      classes: { a: { slots: 2 } },
      changes: [{ at: 0, share: 0.5 }],
    });
    expect(stuck.map((one) => one.job)).toEqual(['wide']);
  });

  it('says nothing of jobs that wait for slots, however many more than are there', () => {
    const long = { name: 'long', arrivals: { count: 9, every: 0 }, jobs: [job('5min', { slots: 2 })] };
    expect(report([long], until).stuck).toEqual([]);
  });

  it.each([
    ['that a hard deadline ends', { hardDeadline: { after: '10min' } }],
    ['that a job of their own may still end', { jobs: [ask, job('2min')] }],
  ])('says nothing of DAGs %s', (_name, more) => {
    expect(verdict(asks(more))).toEqual({ end: 'until', stuck: [], enough: 'yes' });
  });
});

describe('notes', () => {
  it('tell of a load that looks like per cent', () => {
    const loads = (load: number) => report([{ ...pair('x'), arrivals: { load } }], { duration: '10s' }).notes;
    expect(loads(10)).toEqual([]);
    expect(loads(80)).toEqual(['the load of x is 80 times what the slots can do; 0.8 would be 80 per cent of it']);
  });

  it('tell of tenants that have no DAGs', () => {
    const tenants = { acme: {}, acne: {} };
    const { notes } = report([{ ...pair('x'), tenant: ['acme', 'other'] }], { tenants });
    expect(notes).toEqual(['tenants.acne has no DAGs: no stream or journal names it']);
  });
});

describe('a change that comes after everything', () => {
  const changes = [
    { at: '500ms', share: 1 },
    { at: '10h', share: 0.5 },
  ];

  it('does not make the run longer, and is told of', () => {
    const { end, simulatedMs, classes, notes } = report([pair('x', { slots: 2 })], { changes });
    expect({ end, simulatedMs }).toEqual({ end: 'drained', simulatedMs: 1_000 });
    expect(classes[0]!.utilisation).toBe(1);
    expect(notes).toEqual(['changes.1 changed nothing: every DAG had ended before it']);
  });

  it('is waited for where DAGs are open that it may help', () => {
    const none = [
      { at: 0, share: 0 },
      { at: '10h', share: 1 },
    ];
    expect(report([pair('x')], { changes: none })).toMatchObject({ end: 'drained', all: { succeeded: 2 }, notes: [] });
  });

  it('is refused where the run ends before it', () => {
    const plan = { classes: { a: { slots: 1 } }, load: [pair('x')], end: 'duration', changes };
    expect(() => checkPlan(plan, () => null)).toThrow(PlanError);
    expect(() => checkPlan(plan, () => null)).toThrow('changes.1.at: nothing would change');
  });
});
