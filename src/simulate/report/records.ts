/** What became of DAGs and attempts in a run: the raw material of every report. */

import { inputOf } from '../../catalogue/caused.js';
import { Code } from '../../catalogue/generated/codes.js';
import type {
  AnyEntry,
  ExecutorRegistered,
  JobSpec,
  RegisterExecutor,
  SubmitDag,
} from '../../catalogue/generated/types.js';
import { madeOnce } from '../../catalogue/made-once.js';
import { OUTCOMES } from '../../catalogue/outcomes.js';
import type { VirtualTurn } from '../cell/virtual-cell.js';
import { className } from '../class-name.js';
import { Attempts, type HeldAttempt, type WaitingJob } from '../history/attempts.js';
import { FanOuts } from '../history/fan-outs.js';
import { deadlineOf } from './deadline.js';
import { type Hold, Holds } from './holds.js';

/** One DAG. Times are journal time in ms; null: it didn't come to that. */
export interface DagRecord {
  readonly submission: SubmitDag;
  readonly acceptedAt: number;
  /** The earlier of its deadlines: those of its submission, until others are set. */
  deadlineAtMs: number | null;
  endedAt: number | null;
  outcome: 'open' | 'succeeded' | 'failed' | 'cancelled';
  /** Its hard deadline has ended it, or is ending it. */
  hardEnded: boolean;
  /** How long limits of its tenant held it; null: they never did. */
  hold: Hold | null;
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
}

/** A job that still waits for a slot. */
export type WaitingRecord = Pick<AttemptRecord, 'dag' | 'executorClass' | 'readyAt'>;

/** A job that was cancelled while it waited for a slot. */
export interface CancelledRecord extends WaitingRecord {
  readonly cancelledAt: number;
  /** By the hard deadline of its DAG: not because a job failed, or on request. */
  readonly byHardDeadline: boolean;
}

/** An input that was refused. */
export interface RefusalRecord {
  readonly at: number;
  readonly code: string;
  readonly detail: string;
}

const ANSWERS: ReadonlySet<number> = new Set([Code.CompleteJob, Code.FailJob, Code.ReturnJob]);

/** Writes down what the turns of a run say. */
export class Recorder {
  readonly dags: DagRecord[] = [];
  readonly attempts: AttemptRecord[] = [];
  readonly cancelled: CancelledRecord[] = [];
  readonly refusals: RefusalRecord[] = [];
  turns = 0;
  /** When a DAG came or ended, or an attempt began or let go of its slots, for the last time. */
  lastAt = 0;
  /** By the sequence number; one that has ended is there until the cell forgets it, for it may be run again. */
  readonly #known = new Map<number, DagRecord>();
  readonly #fanOuts = new FanOuts();
  readonly #holds = new Holds();
  readonly #follower = new Attempts<AttemptRecord>({
    dispatched: (attempt) => this.#dispatched(attempt),
    cancelled: (job, at) => {
      const waiting = this.#waiting(job);
      this.cancelled.push({ ...waiting, cancelledAt: at, byHardDeadline: waiting.dag.hardEnded });
    },
    completed: (record) => {
      record.succeeded = true;
    },
    released: (record, at) => {
      this.lastAt = at;
      record.releasedAt = at;
    },
  });
  readonly #classes = new Map<number, string>();
  readonly #executorClass = new Map<number, string>();

  readonly watch = ({ at, entries }: Pick<VirtualTurn, 'at' | 'entries'>): void => {
    this.turns += 1;
    for (const entry of entries) this.#note(at, entry, entries);
  };

  /** Jobs that still wait for a slot. */
  waiting(): readonly WaitingRecord[] {
    return this.#follower.waiting().map((job) => this.#waiting(job));
  }

  #waiting({ dag: seq, job, readyAt }: WaitingJob): WaitingRecord {
    const { group, executorClass } = this.specOf(seq, job);
    return { dag: this.#known.get(seq)!, executorClass: className(group, executorClass), readyAt };
  }

  /** The job of a submission that a job of a DAG is, or is a child of. */
  specOf(dag: number, job: number): JobSpec {
    return this.submissionOf(dag).jobs[this.#fanOuts.placeOf(dag, job).spec]!;
  }

  /** The submission of a DAG that the cell has not forgotten, by its sequence number. */
  submissionOf(dag: number): SubmitDag {
    return this.#known.get(dag)!.submission;
  }

  #note(at: number, entry: AnyEntry, entries: readonly AnyEntry[]): void {
    switch (entry.code) {
      case Code.DagAccepted:
        return this.#accepted(at, entry.body.dag, inputOf(Code.SubmitDag, entry, entries));
      case Code.DagHeld:
        return this.#holds.held(this.#known.get(entry.body.dag)!, at, entry.body.reason);
      case Code.DagReleased:
        return this.#holds.released(this.#known.get(entry.body.dag)!, at);
      case Code.DagSucceeded:
      case Code.DagFailed:
      case Code.DagCancelled:
        return this.#ended(at, entry.body.dag, OUTCOMES[entry.code]);
      case Code.DagReopened:
        return this.#reopened(entry.body.dag);
      case Code.DagForgotten:
        return this.#forgotten(entry.body.dag);
      case Code.JobsFannedOut:
        return this.#fanOuts.fannedOut(entry.body);
      case Code.DeadlineChanged: {
        this.#known.get(entry.body.dag)!.deadlineAtMs = deadlineOf(entry.body)?.atMs ?? null;
        return;
      }
      case Code.HardDeadlinePassed:
        this.#known.get(entry.body.dag)!.hardEnded = !entry.body.demoted;
        return;
      case Code.InputRefused:
        // The answer to a dispatch may meet its lease's end; that is no mistake of who sent it.
        if (ANSWERS.has(entries[entry.cause]!.code)) return;
        this.refusals.push({ at, code: entry.body.code, detail: entry.body.problems[0]?.detail ?? '' });
        return;
      case Code.ExecutorRegistered:
        return this.#registered(entry.body, inputOf(Code.RegisterExecutor, entry, entries));
      default:
        this.#follower.take(at, entry);
    }
  }

  #accepted(at: number, seq: number, submission: SubmitDag): void {
    this.lastAt = at;
    const dag: DagRecord = {
      submission,
      acceptedAt: at,
      deadlineAtMs: deadlineOf(submission)?.atMs ?? null,
      endedAt: null,
      outcome: 'open',
      hardEnded: false,
      hold: null,
    };
    this.dags.push(dag);
    this.#known.set(seq, dag);
  }

  #ended(at: number, seq: number, outcome: DagRecord['outcome']): void {
    const dag = this.#known.get(seq)!;
    this.#holds.ended(dag, at);
    this.lastAt = at;
    dag.endedAt = at;
    dag.outcome = outcome;
  }

  /** A DAG that is run again has not ended; it takes from its first acceptance to its last end. */
  #reopened(seq: number): void {
    const dag = this.#known.get(seq)!;
    dag.endedAt = null;
    dag.outcome = 'open';
    dag.hardEnded = false;
  }

  /** Nothing of it comes any more: its record alone is kept. */
  #forgotten(seq: number): void {
    this.#known.delete(seq);
    this.#fanOuts.forget(seq);
  }

  #registered(body: ExecutorRegistered, { group, executorClass }: RegisterExecutor): void {
    const name = madeOnce(this.#classes, body.class, () => className(group, executorClass));
    this.#executorClass.set(body.executor, name);
  }

  #dispatched({ dag, executor, ...attempt }: HeldAttempt): AttemptRecord {
    this.lastAt = attempt.dispatchedAt;
    const record: AttemptRecord = {
      ...attempt,
      dag: this.#known.get(dag)!,
      executorClass: this.#executorClass.get(executor)!,
      releasedAt: null,
      succeeded: false,
    };
    this.attempts.push(record);
    return record;
  }
}
