/** What a benchmark and its load process tell each other. */
import type { Spread } from '../support/percentiles.js';

export type Shape = 'documents' | 'fan-out' | 'flat';

export interface LoadOptions {
  readonly url: string;
  readonly shape: Shape;
  /** DAGs that are open at a time. */
  readonly openDags: number;
  /** DAGs in one request at most. */
  readonly batch: number;
  /** Slots of each executor. */
  readonly slots: number;
}

export type ToLoad =
  | { readonly type: 'start'; readonly options: LoadOptions }
  /** Asks for the counts so far. */
  | { readonly type: 'count' }
  /** Submit no more; answer when all that was submitted has ended. */
  | { readonly type: 'finish' };

export interface Counts {
  /** DAGs that the fabric has accepted. */
  readonly submitted: number;
  /** DAGs whose last job has run. */
  readonly finished: number;
  /** From before the request to the last job's run, in ms, of those that finished since the last count. */
  readonly dagMs: Spread;
  /** Of one request of submissions, in ms. */
  readonly requestMs: Spread;
}

export type FromLoad =
  | { readonly type: 'started' }
  | { readonly type: 'counted'; readonly counts: Counts }
  | { readonly type: 'finished'; readonly counts: Counts }
  | { readonly type: 'failed'; readonly detail: string };
