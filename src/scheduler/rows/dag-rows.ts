import type { SubmitDag } from '../../catalogue/generated/types.js';
import { ByAttempt } from './by-attempt.js';
import type { Sequenced } from './by-sequence.js';
import type { Failure, KeptRow, Output } from './cold-rows.js';

/** Cold rows of a DAG in memory. Most of them have no failures, and many no outputs yet. */
export interface DagRows extends Sequenced<DagRows> {
  spec: SubmitDag | null;
  outputs: ByAttempt<Output | null> | null;
  failures: ByAttempt<Failure> | null;
  bytes: number;
  /** Its submission was used since somebody looked for what may go. */
  wasUsed: boolean;
  /** The newest hold of the overlay when somebody found something here last: an older one may still rely on it. */
  foundIn: number;
  /** Operations on rows of this DAG wait for the next batch. */
  isTouched: boolean;
  /** Batches that hold rows of this DAG and are not stored yet, the next one included: until then it must stay. */
  unstored: number;
  /** It is out of memory otherwise, or forgotten: its rows go as soon as they may. */
  unwanted: boolean;
}

/** No rows of a DAG. */
export function rowsOf(dag: number): DagRows {
  return {
    dag,
    behind: null,
    spec: null,
    outputs: null,
    failures: null,
    bytes: 0,
    wasUsed: false,
    foundIn: 0,
    isTouched: false,
    unstored: 0,
    unwanted: false,
  };
}

/** Puts a row to the others of its DAG. */
export function keep(rows: DagRows, row: KeptRow): void {
  if (row.kind === 'spec') {
    rows.spec = row.submission;
  } else if (row.kind === 'failure') {
    rows.failures ??= new ByAttempt();
    rows.failures.set(row.job, row.attempt, { code: row.code, message: row.message });
  } else {
    rows.outputs ??= new ByAttempt();
    rows.outputs.set(row.job, row.attempt, { json: row.json, blob: row.blob, items: null });
  }
}
