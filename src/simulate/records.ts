/** What became of DAGs and attempts in a run: the raw material of every report. */
import { Code } from '../catalogue/generated/codes.js';
import type { EventEntry, InputEntry, SubmitDag } from '../catalogue/generated/types.js';
import { MAX_JOBS_PER_DAG } from '../kernel/limits.js';
import type { VirtualTurn } from './virtual-cell.js';

/** One DAG. Times are journal time in ms; null: it didn't come to that. */
export interface DagRecord {
  readonly submission: SubmitDag;
  readonly acceptedAt: number;
  endedAt: number | null;
  outcome: 'open' | 'succeeded' | 'failed' | 'cancelled';
  /** A hard deadline has passed. */
  hardPassed: boolean;
  /** Slot-ms that its attempts have held, in vain or not. */
  usedMs: number;
}

/** One attempt of a job. */
export interface AttemptRecord {
  readonly dag: DagRecord;
  /** Index of the job in its DAG; children of fan-outs come after the jobs of the submission. */
  readonly job: number;
  /** Its executor class, as `group/class` where the group isn't `default`. */
  readonly executorClass: string;
  readonly slots: number;
  readonly readyAt: number;
  readonly dispatchedAt: number;
  releasedAt: number | null;
  succeeded: boolean;
  /** The lane of its dispatch: 0 guard, 1 urgent, 2 regular. */
  readonly lane: number;
}

/** An input that was refused. */
export interface RefusalRecord {
  readonly at: number;
  readonly code: string;
  readonly detail: string;
}

type Entry = InputEntry | EventEntry;

const ANSWERS: ReadonlySet<number> = new Set([Code.CompleteJob, Code.FailJob, Code.ReturnJob]);

/** Writes down what the turns of a run say. */
export class Recorder {
  readonly dags: DagRecord[] = [];
  readonly attempts: AttemptRecord[] = [];
  readonly refusals: RefusalRecord[] = [];
  turns = 0;
  readonly #open = new Map<number, DagRecord>();
  /** When jobs that wait became ready, by DAG and job. */
  readonly #readyAt = new Map<number, number>();
  readonly #leases = new Map<number, AttemptRecord>();
  readonly #classes = new Map<number, string>();
  readonly #executorClass = new Map<number, string>();
  readonly #granted = new Map<number, { readonly dag: number; readonly job: number; readonly executor: number }>();
  readonly #slots = new Map<number, number>();

  readonly watch = ({ at, entries }: Pick<VirtualTurn, 'at' | 'entries'>): void => {
    this.turns += 1;
    for (const entry of entries) this.#note(at, entry, entries);
  };

  /** When the jobs became ready that still wait. */
  waitingSince(): readonly number[] {
    return [...this.#readyAt.values()];
  }

  #note(at: number, entry: Entry, entries: readonly Entry[]): void {
    switch (entry.code) {
      case Code.DagAccepted:
        return this.#accepted(at, entry.body.dag, entries[entry.cause] as InputEntry);
      case Code.DagSucceeded:
        return this.#ended(at, entry.body.dag, 'succeeded');
      case Code.DagFailed:
        return this.#ended(at, entry.body.dag, 'failed');
      case Code.DagCancelled:
        return this.#ended(at, entry.body.dag, 'cancelled');
      case Code.HardDeadlinePassed:
        this.#open.get(entry.body.dag)!.hardPassed = true;
        return;
      case Code.InputRefused:
        // The answer to a dispatch may meet its lease's end; that is no mistake of who sent it.
        if (ANSWERS.has(entries[entry.cause]!.code)) return;
        this.refusals.push({ at, code: entry.body.code, detail: entry.body.problems[0]?.detail ?? '' });
        return;
      case Code.ExecutorRegistered:
        return this.#registered(entry.body, entries[entry.cause] as InputEntry);
      default:
        this.#noteJob(at, entry);
    }
  }

  #noteJob(at: number, entry: Entry): void {
    switch (entry.code) {
      case Code.JobReadied:
        this.#readyAt.set(keyOf(entry.body), at);
        return;
      case Code.JobCancelled:
        this.#readyAt.delete(keyOf(entry.body));
        return;
      case Code.LeaseGranted:
        this.#granted.set(entry.body.token, entry.body);
        return;
      case Code.SlotReserved:
        this.#slots.set(entry.body.token, entry.body.slots);
        return;
      case Code.JobDispatched:
        return this.#dispatched(at, entry.body.token, entry.body.evidence.lane);
      case Code.LeaseReleased:
        if (entry.body.reason === 'completed') this.#leases.get(entry.body.token)!.succeeded = true;
        return;
      case Code.SlotReleased:
      case Code.SlotWithdrawn:
        return this.#released(at, entry.body.token);
      default:
    }
  }

  #accepted(at: number, seq: number, input: InputEntry): void {
    if (input.code !== Code.SubmitDag) throw new Error('assertion failed: a DAG without its submission');
    const dag: DagRecord = {
      submission: input.body,
      acceptedAt: at,
      endedAt: null,
      outcome: 'open',
      hardPassed: false,
      usedMs: 0,
    };
    this.dags.push(dag);
    this.#open.set(seq, dag);
  }

  #ended(at: number, seq: number, outcome: DagRecord['outcome']): void {
    const dag = this.#open.get(seq)!;
    dag.endedAt = at;
    dag.outcome = outcome;
  }

  #registered(body: { readonly executor: number; readonly class: number }, input: InputEntry): void {
    if (input.code !== Code.RegisterExecutor) throw new Error('assertion failed: a registration without its input');
    let name = this.#classes.get(body.class);
    if (name === undefined) {
      name = className(input.body.group, input.body.executorClass);
      this.#classes.set(body.class, name);
    }
    this.#executorClass.set(body.executor, name);
  }

  #dispatched(at: number, token: number, lane: number): void {
    const granted = this.#granted.get(token)!;
    const record: AttemptRecord = {
      dag: this.#open.get(granted.dag)!,
      job: granted.job,
      executorClass: this.#executorClass.get(granted.executor)!,
      slots: this.#slots.get(token)!,
      readyAt: this.#readyAt.get(keyOf(granted)) ?? at,
      dispatchedAt: at,
      releasedAt: null,
      succeeded: false,
      lane,
    };
    this.attempts.push(record);
    this.#leases.set(token, record);
    this.#granted.delete(token);
    this.#slots.delete(token);
    this.#readyAt.delete(keyOf(granted));
  }

  #released(at: number, token: number): void {
    const record = this.#leases.get(token);
    if (record === undefined) return;
    record.releasedAt = at;
    record.dag.usedMs += (at - record.dispatchedAt) * record.slots;
    this.#leases.delete(token);
  }
}

/** Name of an executor class for people. */
export function className(group: string, executorClass: string): string {
  return group === 'default' ? executorClass : `${group}/${executorClass}`;
}

function keyOf({ dag, job }: { readonly dag: number; readonly job: number }): number {
  return dag * MAX_JOBS_PER_DAG + job;
}
