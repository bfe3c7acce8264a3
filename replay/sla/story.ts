/** What became of DAGs, job by job and attempt by attempt: from the events alone. */

import { inputOf } from '../../src/catalogue/caused.js';
import { childName } from '../../src/catalogue/child-name.js';
import { Code } from '../../src/catalogue/generated/codes.js';
import type {
  AnyEntry,
  DagEnding,
  JobsFannedOut,
  LeaseGranted,
  SubmitDag,
  TurnRecord,
} from '../../src/catalogue/generated/types.js';
import { OUTCOMES } from '../../src/catalogue/outcomes.js';
import type { JobRef } from '../../src/kernel/explain/index.js';
import { dagKey } from '../../src/simulate/history/history.js';
import { type Deadline, deadlineOf } from '../../src/simulate/report/deadline.js';
import type { Visitor } from '../fold.js';

/** How an attempt ended; null while it runs. */
export type AttemptEnd = 'succeeded' | 'failed' | 'timed-out' | 'returned' | 'executor-lost' | 'cancelled';

export interface AttemptStory {
  readonly executor: number;
  readonly grantedAtMs: number;
  endedAtMs: number | null;
  end: AttemptEnd | null;
}

export interface JobStory extends JobRef {
  readonly name: string;
  /** Place of its specification in the submission: a child's is that of its fan-out. */
  readonly spec: number;
  readonly isChild: boolean;
  readonly knownAtMs: number;
  /** When it became ready, or began to wait for its signal, first in its last run; null: it waits for others. */
  readyAtMs: number | null;
  readonly attempts: AttemptStory[];
  endedAtMs: number | null;
  /** Whether it was ended with its DAG. */
  isStopped: boolean;
}

/** Time in which a DAG had ended, until it was run again. */
export interface Rest {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface DagStory {
  readonly seq: number;
  /** Which of the DAGs of its id that are wanted, from 1. */
  readonly nth: number;
  readonly submission: SubmitDag;
  readonly acceptedAtMs: number;
  deadline: Deadline | null;
  /** The end of its last run. */
  endedAtMs: number | null;
  /** Between its runs, in order. */
  readonly rests: Rest[];
  outcome: 'open' | 'succeeded' | 'failed' | 'cancelled';
  /** Whether its last run ends before all its jobs have; by the failure of this job, where it was one. */
  isEnding: boolean;
  endedBy: number | null;
  readonly jobs: Map<number, JobStory>;
}

export interface StoriesOptions {
  /** Which DAGs are of interest, when they are accepted. */
  readonly isWanted: (submission: SubmitDag) => boolean;
  /** Whether the story of a DAG that has ended is kept; asked once more when it is forgotten, and can't be run again. */
  readonly isKept?: (story: DagStory, isForgotten: boolean) => boolean;
}

export class Stories implements Visitor {
  /** Stories of DAGs that are wanted, by their numbers. */
  readonly dags = new Map<number, DagStory>();
  /** Ids of all DAGs by their numbers. */
  readonly names = new Map<number, string>();
  /** How many DAGs that are wanted had an id, by `dagKey`. */
  readonly #uses = new Map<string, number>();

  constructor(private readonly options: StoriesOptions) {}

  /** How many DAGs that are wanted had the id of this one, one after the other. */
  usesOf({ submission }: DagStory): number {
    return this.#uses.get(dagKey(submission))!;
  }

  after(record: TurnRecord): void {
    for (const entry of record.entries) this.#note(entry, record);
  }

  #note(entry: AnyEntry, { at, entries }: TurnRecord): void {
    switch (entry.code) {
      case Code.DagAccepted:
        return this.#accepted(entry.body.dag, inputOf(Code.SubmitDag, entry, entries), at);
      case Code.DeadlineChanged: {
        const dag = this.dags.get(entry.body.dag);
        if (dag !== undefined) dag.deadline = deadlineOf(entry.body);
        return;
      }
      case Code.DagEnding:
        return this.#ending(entry.body);
      case Code.DagReopened:
        return this.#reopened(entry.body.dag, at);
      case Code.DagSucceeded:
      case Code.DagFailed:
      case Code.DagCancelled:
        return this.#ended(entry.body.dag, at, OUTCOMES[entry.code]);
      case Code.DagForgotten:
        return this.#look(entry.body.dag, true);
      default:
        return this.#noteJob(entry, at);
    }
  }

  #noteJob(entry: AnyEntry, at: number): void {
    switch (entry.code) {
      case Code.JobsFannedOut:
        return this.#fannedOut(entry.body, at);
      case Code.JobReadied:
      case Code.SignalAwaited: {
        const job = this.#job(entry.body);
        if (job !== undefined) job.readyAtMs ??= at;
        return;
      }
      case Code.LeaseGranted:
        return this.#granted(entry.body, at);
      case Code.JobSucceeded:
        return this.#jobEnded(entry.body, at, 'succeeded', true);
      case Code.JobFailed:
        return this.#jobEnded(entry.body, at, 'failed', entry.body.final);
      case Code.JobTimedOut:
        return this.#jobEnded(entry.body, at, 'timed-out', entry.body.final);
      case Code.JobReleased:
        return this.#jobEnded(entry.body, at, entry.body.reason === 'returned' ? 'returned' : 'executor-lost', false);
      case Code.JobCancelled:
        return this.#cancelled(entry.body, at);
      case Code.JobSkipped:
        return this.#jobEnded(entry.body, at, 'cancelled', true);
      case Code.JobReopened: {
        const job = this.#job(entry.body);
        if (job !== undefined) {
          job.readyAtMs = null;
          job.endedAtMs = null;
          job.isStopped = false;
        }
        return;
      }
      default:
    }
  }

  #accepted(seq: number, submission: SubmitDag, at: number): void {
    this.names.set(seq, submission.dagId);
    if (!this.options.isWanted(submission)) return;
    const nth = (this.#uses.get(dagKey(submission)) ?? 0) + 1;
    this.#uses.set(dagKey(submission), nth);
    const jobs = new Map<number, JobStory>();
    submission.jobs.forEach(({ id }, job) => {
      jobs.set(job, storyOf({ dag: seq, job }, id, job, false, at));
    });
    this.dags.set(seq, {
      seq,
      nth,
      submission,
      acceptedAtMs: at,
      deadline: deadlineOf(submission),
      endedAtMs: null,
      rests: [],
      outcome: 'open',
      isEnding: false,
      endedBy: null,
      jobs,
    });
  }

  #ending({ dag: seq, job }: DagEnding): void {
    const dag = this.dags.get(seq);
    if (dag === undefined) return;
    dag.isEnding = true;
    dag.endedBy = job < 0 ? null : job;
  }

  #ended(seq: number, at: number, outcome: DagStory['outcome']): void {
    const dag = this.dags.get(seq);
    if (dag === undefined) return;
    dag.endedAtMs = at;
    dag.outcome = outcome;
    this.#look(seq, false);
  }

  #look(seq: number, isForgotten: boolean): void {
    const dag = this.dags.get(seq);
    if (dag !== undefined && this.options.isKept?.(dag, isForgotten) === false) this.dags.delete(seq);
  }

  /** What became of it before is as nothing: its path goes on to its new end. */
  #reopened(seq: number, at: number): void {
    const dag = this.dags.get(seq);
    if (dag === undefined || dag.endedAtMs === null) return;
    dag.rests.push({ fromMs: dag.endedAtMs, toMs: at });
    dag.endedAtMs = null;
    dag.outcome = 'open';
    dag.isEnding = false;
    dag.endedBy = null;
  }

  #fannedOut({ dag, job, base, from, to }: JobsFannedOut, at: number): void {
    const jobs = this.dags.get(dag)?.jobs;
    const parent = jobs?.get(job);
    if (jobs === undefined || parent === undefined) return;
    parent.readyAtMs ??= at;
    for (let index = from; index < to; index++) {
      jobs.set(index, storyOf({ dag, job: index }, childName(parent.name, index - base), job, true, at));
    }
  }

  #granted({ dag, job, executor }: LeaseGranted, at: number): void {
    const story = this.#job({ dag, job });
    if (story === undefined) return;
    story.attempts.push({ executor, grantedAtMs: at, endedAtMs: null, end: null });
  }

  #cancelled(ref: JobRef, at: number): void {
    const job = this.#job(ref);
    if (job !== undefined) job.isStopped = this.dags.get(ref.dag)!.isEnding;
    this.#jobEnded(ref, at, 'cancelled', true);
  }

  #jobEnded(ref: JobRef, at: number, end: AttemptEnd, isFinal: boolean): void {
    const job = this.#job(ref);
    if (job === undefined) return;
    const attempt = job.attempts.at(-1);
    if (attempt !== undefined && attempt.endedAtMs === null) {
      attempt.endedAtMs = at;
      attempt.end = end;
    }
    if (isFinal) job.endedAtMs = at;
  }

  #job({ dag, job }: JobRef): JobStory | undefined {
    return this.dags.get(dag)?.jobs.get(job);
  }
}

function storyOf(ref: JobRef, name: string, spec: number, isChild: boolean, knownAtMs: number): JobStory {
  return { ...ref, name, spec, isChild, knownAtMs, readyAtMs: null, attempts: [], endedAtMs: null, isStopped: false };
}
