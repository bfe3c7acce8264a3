/**
 * What bits and numbers in fields of rows mean, where events don't
 * carry them (those that do are in the catalogue's codes).
 */

/** Bits of a job's flags. */
export const JobFlag = {
  noop: 1,
  signal: 2,
  optional: 4,
  /** Needs its specification before it can be readied: a condition or a fan-out. */
  cold: 8,
  fanOut: 16,
  child: 32,
  /** A signal was resolved before the job was reached. */
  resolved: 64,
  hasWhen: 128,
  /** The shape under which it stands in the frontier. */
  long: 256,
  wide: 512,
  /** Some attempt left an output row; without one the output of a job that succeeded is null. */
  hasOutput: 1024,
  /** Some attempt left a failure row. */
  hasFailure: 2048,
} as const;

/** Bits of a DAG's `rules`: how its submission wants failures and its hard deadline to be taken. */
export const DagRule = { continues: 1, demotes: 2 } as const;

/** Bits of a DAG's `deadlineFlags`: the soft deadline was missed, the DAG at risk in this run, the hard one passed. */
export const DeadlineFlag = { missed: 1, atRisk: 2, hardPassed: 4 } as const;

/** What an executor's state field means. */
export const ExecutorState = { live: 1, lost: 2, left: 3 } as const;
