import { describe, expect, it } from 'vitest';
import { checkPlan } from '../../../src/simulate/load/check-plan.js';
import { largestByClass } from '../../../src/simulate/load/fleet.js';
import { PlanError } from '../../../src/simulate/plan/plan-error.js';
import { runPlan } from '../../../src/simulate/run-plan.js';

const job = { id: 'only', executorClass: 'a', run: { time: '1s' } };
const good = {
  classes: { a: { slots: 4 } },
  load: [{ name: 'x', arrivals: { load: 0.5 }, jobs: [job] }],
};

/** As many executors as a class may have. */
const MANY = { executors: 10_000, slots: 4 };

/** Places and texts of what is wrong with a plan. */
function problemsOf(plan: unknown, readDag: (file: string) => unknown = () => null): readonly string[] {
  try {
    checkPlan(plan, readDag);
  } catch (error) {
    if (error instanceof PlanError) return error.problems.map(({ path, detail }) => `${path}: ${detail}`);
    throw error;
  }
  return [];
}

const withStream = (more: object) => ({ ...good, load: [{ ...good.load[0], ...more }] });

describe('a plan', () => {
  it('is filled in with defaults', () => {
    const plan = checkPlan(good, () => null);
    expect(plan).toMatchObject({ policy: 'default@1', seed: 1, duration: 600_000, end: 'drained', curve: [] });
    expect(plan.classes['a']).toEqual({ executors: 1, slots: 4, group: 'default', unitCost: 0, rates: [] });
    const [template] = plan.streams[0]!.templates;
    const head = { tenants: ['default'], priority: 0, onHardDeadline: 'fail', failurePolicy: 'fail_fast' };
    expect(template!.head).toEqual(head);
    expect(template).toMatchObject({ pathMs: 1_000, demand: new Map([['a', 1_000]]) });
    expect(template!.jobs[0]!.estimateMs).toBe(1_000);
  });

  describe('with DAGs of files', () => {
    const file = {
      tenant: 't',
      priority: 9,
      failurePolicy: 'continue',
      onHardDeadline: 'demote',
      jobs: [] as object[],
    };
    file.jobs.push({ id: 'only', executorClass: 'a', estimateMs: 1_000 });
    const ofFile = (stream: object, more: object = {}) => {
      return [withStream({ jobs: undefined, dags: ['dag.json'], ...stream }), () => ({ ...file, ...more })] as const;
    };
    const planWith = (stream: object, more: object = {}) => checkPlan(...ofFile(stream, more));

    it('takes from the file what the stream does not say', () => {
      const head = { tenants: ['t'], priority: 9, failurePolicy: 'continue', onHardDeadline: 'demote' };
      expect(planWith({}).streams[0]!.templates[0]!.head).toEqual(head);
      const said = { tenant: ['u', 'v'], priority: 0, failurePolicy: 'fail-fast', onHardDeadline: 'fail' };
      const others = { tenants: ['u', 'v'], priority: 0, failurePolicy: 'fail_fast', onHardDeadline: 'fail' };
      expect(planWith(said).streams[0]!.templates[0]!.head).toEqual(others);
      const { dags } = runPlan(planWith({ arrivals: { count: 1 } })).recorder;
      const { tenants, ...rest } = head;
      expect(dags[0]!.submission).toMatchObject({ tenant: tenants[0], ...rest, deadlineAtMs: null });
    });

    it.each([
      ['deadline', 'deadlineAtMs'],
      ['hardDeadline', 'hardDeadlineAtMs'],
    ])('refuses a moment as a deadline, where the stream has no %s', (name, field) => {
      const problems = problemsOf(...ofFile({}, { [field]: 1 }));
      expect(problems).toEqual([
        `load.0.dags.0.${field}: a moment says nothing of DAGs that arrive at others: say in ${name} of the stream how long after`,
      ]);
      expect(problemsOf(...ofFile({ [name]: { after: '1min' } }, { [field]: 1 }))).toEqual([]);
    });
  });

  it('keeps an estimate apart from the run time, and takes it for it where that is missing', () => {
    const jobs = [
      { id: 'b', executorClass: 'a', estimateMs: 500, run: { time: '2s' } },
      { id: 'c', executorClass: 'a', estimateMs: 700 },
    ];
    const [template] = checkPlan(withStream({ jobs }), () => null).streams[0]!.templates;
    expect(template!.jobs.map(({ estimateMs }) => estimateMs)).toEqual([500, 700]);
    expect(template!.runs.map(({ times }) => times)).toEqual([[2_000], [700]]);
  });

  it('reads submissions from files', () => {
    const dag = {
      jobs: [
        { id: 'split', executorClass: 'a', estimateMs: 300 },
        { id: 'page', executorClass: 'a', after: ['split'], fanOut: { over: { from: 'split', at: '/pages' } } },
      ],
    };
    const more = { jobs: undefined, dags: ['dag.json'], fanOuts: { page: [10, 20] }, runs: { page: { time: '4s' } } };
    const plan = checkPlan(withStream(more), (file) => (file === 'dag.json' ? dag : null));
    const [template] = plan.streams[0]!.templates;
    expect(template!.fanOuts).toEqual(new Map([[1, [10, 20]]]));
    expect(template!.pathMs).toBe(4_300);
    expect(template!.demand.get('a')).toBe(300 + 15 * 4_000);
  });

  it('of every object is the name of no fan-out whose size the plan says', () => {
    const jobs = [{ ...job, id: 'constructor', fanOut: { count: 5 } }];
    const [template] = checkPlan(withStream({ jobs }), () => null).streams[0]!.templates;
    expect(template!.fanOuts).toEqual(new Map([[0, [5, 5]]]));
    expect(template!.jobs[0]!.fanOut!.count).toBe(5);
  });

  it.each([
    ['a number', 5, ': must be fields with their values'],
    ['a name with a NUL character', withStream({ name: 'a\0b' }), 'load.0.name: a name holds no NUL character'],
    ['nothing in it', {}, 'classes: missing\nload: missing'],
    [
      'fields beside a journal',
      withStream({ journal: 'data' }),
      ['name', 'arrivals', 'jobs']
        .map(
          (field) =>
            `load.0.${field}: an entry with a journal has no such field: what arrives is what the journal tells`,
        )
        .join('\n'),
    ],
    ['an unknown field of an entry', withStream({ jurnal: 'data' }), 'load.0.jurnal: no such field'],
    ['an entry that is none', { ...good, load: [3] }, 'load.0: must be fields with their values'],
    ['an empty load', { ...good, load: [] }, 'load: must have at least 1 entry'],
    ['half a slot', { ...good, classes: { a: { slots: 1.5 } } }, 'classes.a.slots: must be a whole number'],
    ['too many DAGs', withStream({ arrivals: { perSecond: 1e6 } }), 'perSecond: must be at most 100,000'],
    ['another end', { ...good, end: 'never' }, 'end: must be drained or duration'],
    ['a duration of nothing', { ...good, duration: 0 }, 'duration: must be longer than 0'],
    ['a duration that is none', { ...good, duration: true }, 'duration: a duration is a number with ms'],
    ['an unknown field', { ...good, polcy: 'x' }, 'polcy'],
    ['no classes', { ...good, classes: {} }, 'classes: name at least one class'],
    ['an unknown policy', { ...good, policy: 'best@9' }, 'policy: no policy "best@9"; there are default@1'],
    ['a bad duration', { ...good, duration: '5 parsecs' }, 'duration: a duration is a number with ms, s, min or h'],
    [
      'a rate that is none',
      { ...good, classes: { a: { slots: 1, rates: [{ per: 'pages', add: 1, perMs: 1, burst: 1 }] } } },
      'classes.a.rates.0.per',
    ],
    [
      'a rate that is too large',
      { ...good, classes: { a: { slots: 1, rates: [{ per: 'units', add: 1, perMs: 2 ** 30, burst: 2 ** 30 }] } } },
      'classes.a.rates.0: burst times perMs is at most 2^50',
    ],
    [
      'two kinds of arrivals',
      withStream({ arrivals: { load: 1, count: 2 } }),
      'exactly one of load, perSecond and count',
    ],
    ['jobs and files', withStream({ dags: ['x'] }), 'exactly one of jobs and dags'],
    ['a deadline of nothing', withStream({ deadline: {} }), 'exactly one of after and paths'],
    ['a range the wrong way round', withStream({ deadline: { paths: [3, 2] } }), '[lowest, highest]'],
    [
      'a change of an unknown class',
      { ...good, changes: [{ at: '1s', class: 'b', share: 0 }] },
      'changes.0.class: classes has no b',
    ],
    [
      'a class without executors',
      { ...good, classes: { b: { slots: 1 } } },
      'load.0.jobs.0.executorClass: classes has no a; there are b',
    ],
    [
      'a class that is there in another group',
      { ...good, classes: { a: { slots: 1, group: 'gpu' } } },
      'load.0.jobs.0.executorClass: there is a in the group gpu, not in default',
    ],
    [
      'a class whose name looks like that of a class of a group',
      { ...withStream({ jobs: [{ ...job, group: 'g' }] }), classes: { 'g/a': { slots: 1 } } },
      'load.0.jobs.0.executorClass: classes has no g/a; there are default/"g/a"',
    ],
    [
      'a cycle',
      withStream({ jobs: [{ ...job, after: ['only'] }] }),
      'load.0.jobs.0.after.0: a job cannot come after itself',
    ],
    [
      'an unknown field of a job',
      withStream({ jobs: [{ ...job, slot: 2 }] }),
      'load.0.jobs.0.slot: no such field (unknown-field)',
    ],
    ['a bad run', withStream({ jobs: [{ ...job, run: { time: 'x' } }] }), 'load.0.jobs.0.run.time: a duration is'],
    [
      'a run with an unknown field',
      withStream({ jobs: [{ ...job, run: { tme: 1 } }] }),
      'jobs.0.run.tme: no such field',
    ],
    ['a fan-out that is none', withStream({ fanOuts: { only: 3 } }), 'load.0.fanOuts.only: no fan-out has this id'],
    [
      'run times of an unknown job',
      withStream({ runs: { other: { time: 3 } } }),
      'load.0.runs.other: no job has this id',
    ],
    [
      'arrivals that end before they begin',
      withStream({ arrivals: { perSecond: 1, from: '5min', until: '1min' } }),
      'load.0.arrivals: until has to be later than from',
    ],
    [
      'arrivals at even distances until a moment',
      withStream({ arrivals: { count: 3, every: '1s', until: '1min' } }),
      'load.0.arrivals: count and every say when the last one arrives',
    ],
    [
      'arrivals after its end',
      withStream({ arrivals: { load: 0.5, from: '10min' } }),
      'load.0.arrivals.from: nothing arrives',
    ],
    [
      'arrivals at even distances after its end',
      { ...withStream({ arrivals: { count: 3, every: '1s', from: '10min' } }), end: 'duration' },
      'load.0.arrivals.from: nothing arrives',
    ],
    [
      'arrivals until a moment after its end',
      { ...withStream({ arrivals: { perSecond: 1, from: '10min', until: '20min' } }), end: 'duration' },
      'load.0.arrivals.from: nothing arrives',
    ],
    [
      'a load of jobs that take no time',
      withStream({ jobs: [{ ...job, run: { time: 0 } }] }),
      'load.0.arrivals.load: its jobs take no slot time',
    ],
    ['a load of no jobs on executors', withStream({ jobs: [{ id: 'x', kind: 'noop' }] }), 'take no slot time'],
    [
      'a job that no executor has room for',
      withStream({ jobs: [{ ...job, slots: 5 }] }),
      'load.0.jobs.0.slots: only needs 5 slots of one executor, and those of a have 4',
    ],
    [
      'more children of fan-outs than a DAG may have',
      withStream({
        fanOuts: { only: [1, 100_000], other: 31_071 },
        jobs: [
          { ...job, fanOut: { count: 1 } },
          { ...job, id: 'other', fanOut: { count: 1 } },
        ],
      }),
      'load.0.jobs: a DAG may come to 131,073 jobs with the children of its fan-outs, more than the 131,072 of one DAG',
    ],
    [
      'more jobs than fit into memory',
      withStream({
        arrivals: { perSecond: 100 },
        fanOuts: { only: [50, 150] },
        jobs: [{ ...job, fanOut: { count: 1 } }],
      }),
      'load: about 6,060,000 attempts of jobs, more than the 5,000,000 of one run',
    ],
    [
      'more attempts of jobs that fail than fit into memory',
      withStream({
        arrivals: { count: 100 },
        fanOuts: { only: 10_000 },
        jobs: [
          {
            ...job,
            fanOut: { count: 1 },
            retry: { maxAttempts: 10 },
            run: { time: '1s', fails: { share: 0.5, attempts: 20 } },
          },
        ],
      }),
      'load: about 5,500,100 attempts of jobs, more than the 5,000,000 of one run',
    ],
    [
      'more executors than fit into memory',
      { ...good, classes: Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`a${n || ''}`, MANY])) },
      'classes: 1,010,000 executors, more than the 1,000,000 of one run',
    ],
    [
      'more executors on a size of its curve than fit into memory',
      { ...good, classes: { a: MANY }, curve: [0.5, 1, 100.5, 100] },
      'curve.2: 1,005,000 executors, more than the 1,000,000 of one run',
    ],
    [
      'limits of a tenant that no fabric takes',
      { ...good, tenants: { t: { openDags: 1e15 } } },
      'tenants.t.openDags: must be at most 8,796,093,022,208',
    ],
    [
      'a goal of deadlines that nobody has',
      { ...good, goal: { deadlines: 0.9 } },
      'goal.deadlines: the DAGs that it is about have no deadlines',
    ],
    [
      'a journal that takes for ever',
      { classes: { ocr: { slots: 1 } }, load: [{ journal: 'x', speed: 1e-9 }] },
      'load.0.speed: must be at least 0.001',
    ],
  ])('with %s is refused', (_name, plan, expected) => {
    expect(problemsOf(plan).join('\n')).toContain(expected);
  });

  it.each([
    ['at even distances', { count: 10_000_000, every: '1s' }],
    ['until a moment', { perSecond: 10_000, until: '1h' }],
    ['at random moments until then', { count: 10_000_000, until: '24h' }],
  ])('may let any number arrive after its end, for they never come: %s', (_name, arrivals) => {
    const plan = withStream({ arrivals });
    expect(problemsOf(plan).join()).toContain('attempts of jobs, more than the 5,000,000 of one run: let fewer arrive');
    expect(problemsOf({ ...plan, duration: '1min', end: 'duration' })).toEqual([]);
  });

  it('may have as many executors as fit', () => {
    const many = { ...withStream({ arrivals: { count: 1 } }), classes: { a: MANY }, curve: [30, 100] };
    expect(problemsOf(many)).toEqual([]);
    const largest = largestByClass({ ...checkPlan(many, () => null), scale: 30 });
    expect(largest).toEqual(new Map([['a', 4]]));
  });

  it('names a class that is missing once, where it is needed first, be it in a file', () => {
    const dag = { jobs: [job, { ...job, id: 'b', executorClass: 'typo' }, { ...job, id: 'c', executorClass: 'typo' }] };
    expect(problemsOf(withStream({ jobs: undefined, dags: ['dag.json'] }), () => dag)).toEqual([
      'load.0.dags.0.jobs.1.executorClass: classes has no typo; there are a',
    ]);
  });

  it('lists everything that is wrong at once', () => {
    const jobs = [
      { id: 'b', executorClass: 'a', after: ['nobody'] },
      { id: 'b', executorClass: 'a' },
    ];
    const found = problemsOf({ ...withStream({ jobs }), policy: 'best@9' });
    expect(found.join('\n')).toMatch(/nobody[\s\S]*best@9/);
    expect(found.length).toBeGreaterThanOrEqual(3);
  });

  it('says which fan-outs it must be told of, and which files it can not read', () => {
    const dag = {
      jobs: [job, { id: 'page', executorClass: 'a', after: ['only'], fanOut: { count: { from: 'only' } } }],
    };
    const read = (file: string) => {
      if (file === 'there.json') return dag;
      throw new Error('not there');
    };
    const found = problemsOf(withStream({ jobs: undefined, dags: ['gone.json', 'there.json'] }), read);
    expect(found).toEqual([
      'load.0.dags.0: not there',
      'load.0.dags.1.jobs.1.fanOut: say in fanOuts how many children page has',
    ]);
  });

  it('lists a hundred of the jobs that no executor has room for, each at its place, and says how many more there are', () => {
    const jobs = Array.from({ length: 70_000 }, (_, n) => ({ id: `j${n}`, executorClass: 'a', slots: 5 }));
    const stream = { ...good.load[0], jobs: undefined, dags: ['dag.json'] };
    const found = problemsOf({ ...good, load: [stream, stream] }, () => ({ jobs }));
    expect(found).toHaveLength(101);
    expect(found[99]).toBe('load.0.dags.0.jobs.99.slots: j99 needs 5 slots of one executor, and those of a have 4');
    expect(found[100]).toBe(': and 139900 more');
  });
});
