import { childNamed } from '../../src/catalogue/child-name.js';
import { Code } from '../../src/catalogue/generated/codes.js';
import type { AnyEntry, EntryOf, EventEntry, SubmitDag, TurnRecord } from '../../src/catalogue/generated/types.js';
import type { Visitor } from '../fold.js';
import type { ScratchFold } from '../scratch-fold.js';
import type { Waits } from './waits.js';

/**
 * A job as people name it: the id in its submission, with `[n]` for a child of a fan-out, and `#n` behind it where one
 * attempt is meant. An id may end with `#n` itself: one that the submission has is that job.
 */
export interface JobPath {
  readonly tenant: string;
  readonly dag: string;
  readonly job: string;
}

/**
 * Finds a job in a history by its name, and has it watched from the event on that makes it. Which job it is is known
 * before that turn is folded: it may be dispatched in the same turn, and who decides that again asks before.
 */
export class FindJob implements Visitor {
  /** Its DAG's sequence number; null until the turn that accepts it. */
  dag: number | null = null;
  /** Its index; null until the turn that makes it. That of a child is another one where it is made anew. */
  job: number | null = null;
  spec: SubmitDag | null = null;
  /** Place of its specification in the submission: for a child that of its fan-out. */
  own = -1;
  /** Its name without the attempt, once its DAG is known. */
  name: string;
  /** The attempt that is named with it; null: none is. */
  attempt: number | null = null;
  #child: number | null = null;
  /** What makes it. */
  #madeBy: EventEntry | null = null;

  constructor(
    private readonly path: JobPath,
    private readonly waits: Waits,
  ) {
    this.name = path.job;
  }

  /** Whether the DAG of this id has no such job. */
  get isMissing(): boolean {
    return this.spec !== null && this.own < 0;
  }

  before({ entries }: TurnRecord): void {
    // Children may be made anew, and elsewhere.
    if (this.job !== null && this.#child === null) return;
    for (const entry of entries) {
      if (entry.code === Code.DagAccepted) this.#accepted(entry, entries);
      else if (entry.code === Code.JobsFannedOut) this.#fannedOut(entry);
    }
  }

  event(entry: EventEntry, record: TurnRecord, fold: ScratchFold): void {
    if (entry !== this.#madeBy) return;
    const what = entry.code === Code.DagAccepted ? 'dag-accepted' : 'child-made';
    const job = { dag: this.dag!, job: this.job! };
    this.waits.watch({ job, spec: this.spec!, own: this.own }, what, record, fold);
  }

  #accepted(entry: EntryOf<typeof Code.DagAccepted>, entries: readonly AnyEntry[]): void {
    const input = entries[entry.cause];
    if (this.dag !== null || input?.code !== Code.SubmitDag) return;
    if (input.body.dagId !== this.path.dag || input.body.tenant !== this.path.tenant) return;
    this.dag = entry.body.dag;
    this.spec = input.body;
    if (this.#isIn(input.body, this.name, entry)) return;
    const [, name, attempt] = /^(.*)#(\d{1,6})$/.exec(this.name) ?? [];
    if (name === undefined || !this.#isIn(input.body, name, entry)) return;
    this.name = name;
    this.attempt = Number(attempt);
  }

  /** Whether a submission has a job of this name, or the fan-out that it is a child of. */
  #isIn({ jobs }: SubmitDag, name: string, by: EventEntry): boolean {
    this.own = jobs.findIndex(({ id }) => id === name);
    if (this.own >= 0) {
      this.#found(this.own, by);
      return true;
    }
    const child = childNamed(name);
    if (child === null) return false;
    this.own = jobs.findIndex(({ id, fanOut }) => id === child.fanOut && fanOut !== null);
    this.#child = child.place;
    return this.own >= 0;
  }

  #fannedOut(entry: EntryOf<typeof Code.JobsFannedOut>): void {
    const { dag, job, base, from, to } = entry.body;
    if (this.dag !== dag || job !== this.own || this.#child === null) return;
    const index = base + this.#child;
    if (index >= from && index < to) this.#found(index, entry);
  }

  #found(job: number, by: EventEntry): void {
    this.job = job;
    this.#madeBy = by;
  }
}
