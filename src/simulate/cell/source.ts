import type { Arrival, Attempt, Ending } from './world.js';

/** Where some of the DAGs of a run come from, and what becomes of their attempts. */
export interface Source {
  /** What arrives, in the order of time. */
  readonly arrivals: Iterator<Arrival>;
  /** As in `World`; undefined: the attempt is of a DAG from elsewhere. */
  ending(attempt: Attempt): Ending | null | undefined;
}
