/** What may happen to a cell, as data that fast-check makes and shrinks. Numbers pick among what is there then. */
import fc from 'fast-check';

/** A job of a random DAG; `after` picks among the jobs before it, as bits. */
export interface JobShape {
  readonly kind: 'executor' | 'noop' | 'signal';
  readonly after: number;
  readonly join: number;
  readonly slots: number;
  readonly executorClass: number;
  readonly estimateMs: number;
  readonly timeoutMs: number;
  readonly attempts: number;
  readonly backoffMs: number;
  readonly optional: boolean;
  readonly when: 'none' | 'exists' | 'two' | 'not-two';
  readonly fanOut: 'none' | 'count' | 'from' | 'over';
  readonly count: number;
  readonly tolerate: number;
}

/** A random DAG. `repeat` makes so many plain jobs of its last one, all after the first. */
export interface DagShape {
  readonly do: 'submit';
  readonly id: number;
  readonly key: number;
  readonly tenant: number;
  readonly priority: number;
  readonly continues: boolean;
  readonly deadlineMs: number;
  readonly hardDeadlineMs: number;
  readonly demote: boolean;
  readonly repeat: number;
  readonly flaw: 'none' | 'cycle' | 'unknown' | 'class';
  readonly jobs: readonly JobShape[];
}

export type Command =
  | DagShape
  | {
      readonly do: 'register';
      readonly executor: number;
      readonly restarts: boolean;
      readonly executorClass: number;
      readonly slots: number;
      readonly lists: 'all' | 'half' | 'none' | 'strange';
      readonly sessionMs: number;
    }
  | { readonly do: 'heartbeat' | 'deregister' | 'cordon' | 'uncordon' | 'drain'; readonly executor: number }
  | {
      readonly do: 'callback';
      readonly pick: number;
      readonly how: 'complete' | 'fail' | 'give-up' | 'return' | 'acknowledge' | 'progress';
      readonly output: number;
    }
  | { readonly do: 'again'; readonly pick: number }
  | { readonly do: 'forge'; readonly pick: number; readonly what: 'token' | 'dag' }
  | {
      readonly do: 'control';
      readonly what:
        | 'cancel'
        | 'pause'
        | 'resume'
        | 'retry'
        | 'cancel-job'
        | 'retry-job'
        | 'signal'
        | 'reprioritize'
        | 'deadline';
      readonly dag: number;
      readonly pick: number;
    }
  | {
      readonly do: 'setting';
      readonly what: 'policy' | 'class' | 'tenant' | 'cell' | 'clock' | 'snapshot' | 'undecodable';
      readonly pick: number;
    }
  | { readonly do: 'elect' }
  | { readonly do: 'leap'; readonly ms: number };

/** A turn: what comes in, and what the machinery around the kernel does at that moment. */
export interface Step {
  readonly commands: readonly Command[];
  readonly laterMs: number;
  readonly caughtUp: boolean;
  /** How many turns wait for the journal before the oldest is accepted. */
  readonly lag: number;
  /** Turns that are computed ahead and never reach the journal. */
  readonly undone: number;
  /** The second kernel makes its indexes anew before this turn. */
  readonly rebuild: boolean;
  /** The third kernel is made anew from the journal before this turn. */
  readonly refold: boolean;
}

const small = (max: number) => fc.nat({ max });

const jobShape: fc.Arbitrary<JobShape> = fc.record({
  kind: fc.constantFrom('executor', 'executor', 'executor', 'executor', 'noop', 'signal'),
  after: fc.oneof(fc.constant(0), small(255)),
  join: fc.constantFrom(0, 0, 0, 1, 2),
  slots: fc.constantFrom(1, 1, 1, 2),
  executorClass: fc.constantFrom(0, 0, 1),
  estimateMs: fc.constantFrom(0, 10, 1000, 60_000),
  timeoutMs: fc.constantFrom(0, 0, 500, 20_000),
  attempts: fc.constantFrom(0, 0, 2, 3),
  backoffMs: fc.constantFrom(0, 300, 5000),
  optional: fc.constantFrom(false, false, false, true),
  when: fc.constantFrom('none', 'none', 'none', 'exists', 'two', 'not-two'),
  fanOut: fc.constantFrom('none', 'none', 'none', 'count', 'from', 'over'),
  count: fc.constantFrom(0, 1, 2, 3, 5, 270),
  tolerate: fc.constantFrom(0, 0, 1, 2),
});

const dagShape: fc.Arbitrary<DagShape> = fc.record({
  do: fc.constant('submit' as const),
  id: small(7),
  key: fc.constantFrom(-1, -1, -1, 0, 1, 2),
  tenant: small(1),
  priority: fc.constantFrom(0, 0, 0, 1, -1),
  continues: fc.boolean(),
  deadlineMs: fc.constantFrom(0, 0, 0, 1, 3000, 30_000),
  hardDeadlineMs: fc.constantFrom(0, 0, 0, 4000, 40_000),
  demote: fc.boolean(),
  repeat: fc.constantFrom(0, 0, 0, 0, 18, 40),
  flaw: fc.constantFrom('none', 'none', 'none', 'none', 'none', 'none', 'none', 'cycle', 'unknown', 'class'),
  jobs: fc.array(jobShape, { minLength: 1, maxLength: 6 }),
});

const callback = fc.record({
  do: fc.constant('callback' as const),
  pick: small(30),
  how: fc.constantFrom('complete', 'complete', 'complete', 'fail', 'give-up', 'return', 'acknowledge', 'progress'),
  output: small(4),
});

const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 5, arbitrary: dagShape },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('register' as const),
      executor: small(3),
      restarts: fc.boolean(),
      executorClass: fc.constantFrom(0, 0, 1),
      slots: fc.constantFrom(1, 2, 3, 5),
      lists: fc.constantFrom('all', 'all', 'half', 'none', 'strange'),
      sessionMs: fc.constantFrom(1000, 10_000, 60_000),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('heartbeat', 'heartbeat', 'heartbeat', 'deregister', 'cordon', 'uncordon', 'drain'),
      executor: small(3),
    }),
  },
  { weight: 12, arbitrary: callback },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('again' as const), pick: small(20) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('forge' as const),
      pick: small(20),
      what: fc.constantFrom('token', 'dag'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('control' as const),
      what: fc.constantFrom(
        'cancel',
        'pause',
        'resume',
        'retry',
        'retry',
        'cancel-job',
        'retry-job',
        'retry-job',
        'signal',
        'reprioritize',
        'deadline',
      ),
      dag: small(15),
      pick: small(300),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('setting' as const),
      what: fc.constantFrom('policy', 'class', 'tenant', 'cell', 'clock', 'snapshot', 'undecodable'),
      pick: small(20),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'elect' as const }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leap' as const), ms: fc.constantFrom(1, 2000, 100_000) }) },
);

const step: fc.Arbitrary<Step> = fc.record({
  commands: fc.array(command, { maxLength: 5 }),
  laterMs: fc.constantFrom(0, 0, 0, 1, 100, 1000, 7000, 31_000, 700_000),
  caughtUp: fc.constantFrom(true, true, true, false),
  lag: fc.constantFrom(0, 0, 1, 2),
  undone: fc.constantFrom(0, 0, 0, 0, 0, 1, 3),
  rebuild: fc.constantFrom(false, false, true),
  refold: fc.constantFrom(false, false, false, false, false, false, false, true),
});

/** A random history. */
export const history: fc.Arbitrary<readonly Step[]> = fc.array(step, { minLength: 1, maxLength: 40 });
