/** What may happen to a cell, as data. Numbers pick among what is there then. */

/** A job of a random DAG; `after` picks among the jobs before it, as bits. */
export interface JobShape {
  readonly kind: 'executor' | 'noop' | 'signal';
  readonly after: number;
  readonly join: number;
  readonly slots: number;
  readonly units: number;
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
  /** Terminal DAGs leave the memory of the second kernel before this turn. */
  readonly rebuild: boolean;
  /** The third kernel is made anew from the journal before this turn. */
  readonly refold: boolean;
}
