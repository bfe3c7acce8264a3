/** Random histories, made and shrunk by fast-check: of everything, and of those things that lead to trouble together. */
import fc from 'fast-check';
import type { Command, DagShape, JobShape, Step } from './commands.js';

const small = (max: number) => fc.nat({ max });

/** Each value as often as it is listed. */
const of = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

const job: { readonly [K in keyof JobShape]: fc.Arbitrary<JobShape[K]> } = {
  kind: of('executor', 'executor', 'executor', 'executor', 'noop', 'signal'),
  after: fc.oneof(fc.constant(0), small(255)),
  join: of(0, 0, 0, 1, 2),
  slots: of(1, 1, 1, 2, 3),
  units: of(0, 0, 1, 7, 2_000_000_000),
  executorClass: of(0, 0, 1),
  estimateMs: of(0, 10, 1000, 60_000),
  timeoutMs: of(0, 0, 500, 20_000),
  attempts: of(0, 0, 2, 3),
  backoffMs: of(0, 300, 5000),
  optional: of(false, false, false, true),
  when: of('none', 'none', 'none', 'exists', 'two', 'not-two'),
  fanOut: of('none', 'none', 'none', 'count', 'from', 'over'),
  count: of(0, 1, 2, 3, 5, 270),
  tolerate: of(0, 0, 1, 2),
};

const plainJob = {
  ...job,
  kind: fc.constant('executor' as const),
  slots: fc.constant(1),
  executorClass: fc.constant(0),
  timeoutMs: fc.constant(0),
  when: fc.constant('none' as const),
  count: of(2, 3),
};

const dag: { readonly [K in keyof DagShape]: fc.Arbitrary<DagShape[K]> } = {
  do: fc.constant('submit' as const),
  id: small(7),
  key: of(-1, -1, -1, 0, 1, 2),
  tenant: small(2),
  priority: of(0, 0, 0, 1, -1),
  continues: fc.boolean(),
  deadlineMs: of(0, 0, 0, 1, 3000, 30_000),
  hardDeadlineMs: of(0, 0, 0, 4000, 40_000),
  demote: fc.boolean(),
  repeat: of(0, 0, 0, 0, 18, 40),
  flaw: of('none', 'none', 'none', 'none', 'none', 'none', 'none', 'cycle', 'unknown', 'class'),
  jobs: fc.array(fc.record(job), { minLength: 1, maxLength: 6 }),
};

/** Submissions of DAGs that only wait for slots, each with a name of its own. */
const plainDag = {
  ...dag,
  id: small(1000),
  key: fc.constant(-1),
  deadlineMs: fc.constant(0),
  hardDeadlineMs: fc.constant(0),
  flaw: fc.constant('none' as const),
  repeat: of(0, 0, 0, 18),
  jobs: fc.array(fc.record(plainJob), { minLength: 1, maxLength: 4 }),
};

const register = {
  do: fc.constant('register' as const),
  executor: small(3),
  restarts: fc.boolean(),
  executorClass: of(0, 0, 1),
  slots: of(1, 2, 3, 5),
  lists: of('all' as const, 'all' as const, 'half' as const, 'none' as const, 'strange' as const),
  sessionMs: of(1000, 10_000, 60_000),
};

type How = Extract<Command, { do: 'callback' }>['how'];
type Control = Extract<Command, { do: 'control' }>['what'];
type Word = 'heartbeat' | 'deregister' | 'cordon' | 'uncordon' | 'drain';
type Setting = Extract<Command, { do: 'setting' }>['what'];

const callback = (...how: How[]) =>
  fc.record({ do: fc.constant('callback' as const), pick: small(30), how: of(...how), output: small(5) });
const control = (...what: Control[]) =>
  fc.record({ do: fc.constant('control' as const), what: of(...what), dag: small(15), pick: small(300) });
const executor = (...words: Word[]) => fc.record({ do: of(...words), executor: small(3) });
const setting = (...what: Setting[]) =>
  fc.record({ do: fc.constant('setting' as const), what: of(...what), pick: small(20) });
const again = fc.record({ do: fc.constant('again' as const), pick: small(20) });

/** A choice of commands, each with its weight. */
function choice(...weighted: readonly (readonly [number, fc.Arbitrary<Command>])[]): fc.Arbitrary<Command> {
  return fc.oneof(...weighted.map(([weight, arbitrary]) => ({ weight, arbitrary })));
}

const step: { readonly [K in keyof Step]: fc.Arbitrary<Step[K]> } = {
  commands: fc.constant([]),
  laterMs: of(0, 0, 0, 1, 100, 1000, 7000, 31_000, 700_000),
  caughtUp: of(true, true, true, false),
  lag: of(0, 0, 1, 2),
  undone: of(0, 0, 0, 0, 0, 1, 3),
  rebuild: of(false, false, true),
  refold: of(false, false, false, false, false, false, false, true),
};

function historyOf(command: fc.Arbitrary<Command>, laterMs: fc.Arbitrary<number>): fc.Arbitrary<readonly Step[]> {
  const one = fc.record({ ...step, commands: fc.array(command, { maxLength: 5 }), laterMs });
  return fc.array(one, { minLength: 1, maxLength: 40 });
}

const everything = historyOf(
  choice(
    [5, fc.record(dag)],
    [4, fc.record(register)],
    [3, executor('heartbeat', 'heartbeat', 'heartbeat', 'deregister', 'cordon', 'uncordon', 'drain')],
    [12, callback('complete', 'complete', 'complete', 'fail', 'give-up', 'return', 'acknowledge', 'progress')],
    [2, again],
    [1, fc.record({ do: fc.constant('forge' as const), pick: small(20), what: of('token' as const, 'dag' as const) })],
    [4, control('cancel', 'pause', 'resume', 'retry', 'cancel-job', 'retry-job', 'signal', 'reprioritize', 'deadline')],
    [2, setting('policy', 'class', 'tenant', 'cell', 'clock', 'snapshot', 'undecodable')],
    [1, fc.constant({ do: 'elect' as const })],
    [1, fc.record({ do: fc.constant('leap' as const), ms: of(1, 2000, 100_000) })],
  ),
  step.laterMs,
);

/** Many want the few slots of one class: tags, virtual time, the order of DAGs and jobs, moves of flows. */
const contention = historyOf(
  choice(
    [6, fc.record(plainDag)],
    [
      2,
      fc.record({
        ...register,
        executorClass: fc.constant(0),
        slots: of(1, 1, 2),
        lists: fc.constant('all' as const),
        sessionMs: fc.constant(600_000),
      }),
    ],
    [10, callback('complete', 'complete', 'complete', 'fail', 'return')],
    [3, control('pause', 'resume', 'reprioritize', 'reprioritize', 'cancel', 'cancel-job')],
    [1, executor('cordon', 'uncordon', 'uncordon')],
    [1, setting('policy', 'tenant', 'class')],
  ),
  of(0, 10, 1000, 1000, 20_000),
);

/** DAGs fail, are cancelled and run again, over and over. */
const runs = historyOf(
  choice(
    [
      3,
      fc.record({
        ...plainDag,
        id: small(3),
        jobs: fc.array(fc.record({ ...job, slots: fc.constant(1), executorClass: fc.constant(0) }), {
          minLength: 1,
          maxLength: 5,
        }),
      }),
    ],
    [
      1,
      fc.record({
        ...register,
        executorClass: fc.constant(0),
        slots: of(2, 5),
        lists: fc.constant('all' as const),
        sessionMs: fc.constant(600_000),
      }),
    ],
    [8, callback('complete', 'complete', 'give-up')],
    [
      8,
      control('cancel', 'retry', 'retry', 'retry', 'cancel-job', 'retry-job', 'retry-job', 'signal', 'pause', 'resume'),
    ],
    [1, setting('tenant')],
  ),
  of(0, 0, 0, 1000),
);

/** Executors come, restart, vanish and come back with and without what they held. */
const sessions = historyOf(
  choice(
    [
      3,
      fc.record({
        ...plainDag,
        jobs: fc.array(fc.record({ ...plainJob, timeoutMs: of(0, 5000) }), { minLength: 1, maxLength: 4 }),
      }),
    ],
    [6, fc.record({ ...register, executor: small(1), executorClass: fc.constant(0), slots: of(1, 2, 3) })],
    [3, executor('heartbeat', 'heartbeat', 'deregister', 'drain')],
    [6, callback('complete', 'acknowledge', 'acknowledge', 'acknowledge', 'return')],
    [2, control('cancel', 'cancel-job')],
    [1, again],
    [1, fc.constant({ do: 'elect' as const })],
  ),
  of(0, 0, 500, 1500, 9000, 20_000),
);

/** Executors die again and again with what they were given, until it is taken for poison. */
const losses = historyOf(
  choice(
    [
      3,
      fc.record({
        ...plainDag,
        id: small(5),
        jobs: fc.array(
          fc.record({
            ...job,
            kind: of('executor' as const, 'executor' as const, 'noop' as const),
            slots: of(1, 1, 2),
          }),
          { minLength: 1, maxLength: 4 },
        ),
      }),
    ],
    [
      8,
      fc.record({
        ...register,
        executor: small(1),
        restarts: of(true, true, true, false),
        slots: of(2, 3, 5),
        lists: of('none' as const, 'none' as const, 'half' as const),
      }),
    ],
    [2, callback('complete', 'complete', 'fail', 'acknowledge')],
    [2, control('retry', 'retry-job', 'cancel-job', 'pause', 'resume')],
    [1, executor('drain', 'deregister')],
    [1, setting('cell', 'class')],
  ),
  of(0, 0, 1000, 9000, 70_000),
);

/** Jobs of several slots among others, with little room: reservations, backfill, executors that go while reserved. */
const wide = historyOf(
  choice(
    [
      5,
      fc.record({
        ...plainDag,
        deadlineMs: of(0, 0, 30_000),
        jobs: fc.array(fc.record({ ...plainJob, slots: of(1, 1, 2, 3, 4, 6) }), { minLength: 1, maxLength: 4 }),
      }),
    ],
    [
      3,
      fc.record({
        ...register,
        executorClass: fc.constant(0),
        slots: of(2, 3, 4),
        lists: fc.constant('all' as const),
        sessionMs: of(20_000, 600_000),
      }),
    ],
    [10, callback('complete', 'complete', 'complete', 'fail', 'return')],
    [1, control('pause', 'resume', 'reprioritize', 'cancel', 'cancel-job')],
    [1, executor('cordon', 'uncordon', 'drain', 'deregister')],
    [1, setting('policy', 'class', 'tenant')],
  ),
  of(0, 10, 1000, 4000, 11_000, 20_000),
);

/** Work with deadlines of every kind among tenants, until it is late, or long overdue. */
const deadlines = historyOf(
  choice(
    [
      6,
      fc.record({
        ...plainDag,
        deadlineMs: of(0, 1000, 5000, 20_000, 60_000),
        hardDeadlineMs: of(0, 0, 30_000, 90_000),
        jobs: fc.array(fc.record({ ...plainJob, slots: of(1, 1, 1, 2) }), { minLength: 1, maxLength: 4 }),
      }),
    ],
    [
      2,
      fc.record({
        ...register,
        executorClass: fc.constant(0),
        slots: of(1, 2, 3),
        lists: fc.constant('all' as const),
        sessionMs: fc.constant(600_000),
      }),
    ],
    [10, callback('complete', 'complete', 'complete', 'fail')],
    [2, control('deadline', 'deadline', 'reprioritize', 'pause', 'resume')],
    [1, setting('policy', 'tenant')],
  ),
  of(0, 10, 1000, 3000, 8000, 60_000),
);

/** A random history. */
export const history: fc.Arbitrary<readonly Step[]> = fc.oneof(
  everything,
  contention,
  runs,
  sessions,
  losses,
  wide,
  deadlines,
);
