import { Code } from '../../src/catalogue/generated/codes.js';
import type { EventEntry, SubmitDag, TurnRecord } from '../../src/catalogue/generated/types.js';
import type { Visitor } from '../fold.js';
import type { Waits } from './waits.js';

/** A job as people name it: the id in its submission, with `[n]` for a child of a fan-out. */
export interface JobPath {
  readonly tenant: string;
  readonly dag: string;
  readonly job: string;
}

/** Finds a job in a history by its name when it comes to be known, and has it watched from then on. */
export class FindJob implements Visitor {
  /** Its DAG's sequence number; null until that is accepted. */
  dag: number | null = null;
  /** Its index; null until it is known. */
  job: number | null = null;
  spec: SubmitDag | null = null;
  /** Place of its specification in the submission: for a child that of its fan-out. */
  own = -1;
  readonly #path: JobPath;
  readonly #waits: Waits;
  #child: number | null = null;

  constructor(path: JobPath, waits: Waits) {
    this.#path = path;
    this.#waits = waits;
  }

  /** Whether the DAG of this id has no such job. */
  get isMissing(): boolean {
    return this.spec !== null && this.own < 0;
  }

  event(entry: EventEntry, record: TurnRecord): void {
    if (entry.code === Code.DagAccepted) return this.#accepted(entry, record);
    if (entry.code !== Code.JobsFannedOut || this.job !== null || this.dag !== entry.body.dag) return;
    const { job, base, from, to } = entry.body;
    if (job !== this.own || this.#child === null) return;
    const index = base + this.#child;
    if (index >= from && index < to) this.#found(index, record, 'child-made');
  }

  #accepted({ cause, body }: Extract<EventEntry, { code: typeof Code.DagAccepted }>, { entries, ...rest }: TurnRecord) {
    const input = entries[cause];
    if (this.dag !== null || input?.code !== Code.SubmitDag) return;
    if (input.body.dagId !== this.#path.dag || input.body.tenant !== this.#path.tenant) return;
    this.dag = body.dag;
    this.spec = input.body;
    this.own = input.body.jobs.findIndex(({ id }) => id === this.#path.job);
    if (this.own >= 0) return this.#found(this.own, { entries, ...rest }, 'dag-accepted');
    const child = /^(.*)\[(\d{1,6})\]$/.exec(this.#path.job);
    if (child === null) return;
    this.own = input.body.jobs.findIndex(({ id, fanOut }) => id === child[1] && fanOut !== null);
    this.#child = Number(child[2]);
  }

  #found(job: number, record: TurnRecord, what: 'dag-accepted' | 'child-made'): void {
    this.job = job;
    this.#waits.watch({ dag: this.dag!, job }, this.spec!, this.own, record, what);
  }
}
