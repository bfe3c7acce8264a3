import type { SubmitDag } from '../../catalogue/generated/types.js';
import { ByAttempt } from './by-attempt.js';
import type { Sequenced } from './by-sequence.js';
import type { Failure, KeptRow, Output } from './cold-rows.js';

/** Cold rows of a DAG in memory. Most of them have no failures, and many no outputs yet. */
export class DagRows implements Sequenced<DagRows> {
  behind: DagRows | null = null;
  spec: SubmitDag | null = null;
  outputs: ByAttempt<Output | null> | null = null;
  failures: ByAttempt<Failure> | null = null;
  bytes = 0;
  /** Its submission was used since somebody looked for what may go. */
  wasUsed = false;
  /** The newest hold of the overlay when somebody found something here last: an older one may still rely on it. */
  foundIn = 0;
  /** Operations on rows of this DAG wait for the next batch. */
  isTouched = false;
  /** Batches that hold rows of this DAG and are not stored yet, the next one included: until then it must stay. */
  unstored = 0;
  /** It is out of memory otherwise, or forgotten: its rows go as soon as they may. */
  unwanted = false;

  constructor(readonly dag: number) {}

  /** Puts a row to the others. */
  keep(row: KeptRow): void {
    if (row.kind === 'spec') this.spec = row.submission;
    else if (row.kind === 'failure') {
      this.failures ??= new ByAttempt();
      this.failures.set(row.job, row.attempt, { code: row.code, message: row.message });
    } else this.keepOutput(row.job, row.attempt, { json: row.json, blob: row.blob, items: null });
  }

  keepOutput(job: number, attempt: number, output: Output | null): void {
    this.outputs ??= new ByAttempt();
    this.outputs.set(job, attempt, output);
  }
}
