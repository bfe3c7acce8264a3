import { Code } from './generated/codes.js';

/** What the last event of a run of a DAG says of it. */
export const OUTCOMES = {
  [Code.DagSucceeded]: 'succeeded',
  [Code.DagFailed]: 'failed',
  [Code.DagCancelled]: 'cancelled',
} as const;
