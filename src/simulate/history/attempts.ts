/** Attempts of jobs as the events of turns tell of them: from ready to dispatched, and until their slots are free. */
import { Code } from '../../catalogue/generated/codes.js';
import type { AnyEntry, JobDispatched } from '../../catalogue/generated/types.js';
import { MAX_JOBS_PER_DAG } from '../../kernel/limits.js';

/** An attempt that holds slots. */
export interface HeldAttempt {
  readonly dag: number;
  /** Index of the job in its DAG; children of fan-outs come after the jobs of the submission. */
  readonly job: number;
  readonly executor: number;
  readonly slots: number;
  /** When its job became ready for it. */
  readonly readyAt: number;
  readonly dispatchedAt: number;
}

/** A job that is ready and holds no slots. */
export type WaitingJob = Pick<HeldAttempt, 'dag' | 'job' | 'readyAt'>;

/** Told of attempts, in order. What is given for a dispatch comes back with what becomes of it. */
export interface AttemptListener<T> {
  /** A job that waited is cancelled: it gets no slots. */
  cancelled?(job: WaitingJob, at: number): void;
  dispatched(attempt: HeldAttempt): T;
  /** It ended well; its slots are released next. */
  completed?(attempt: T): void;
  /** Its slots are free, or withdrawn: then its executor has so many fewer, until it registers again. */
  released(attempt: T, at: number, isWithdrawn: boolean): void;
}

/** Follows attempts through turns. */
export class Attempts<T> {
  /** When jobs that wait became ready, by DAG and job. */
  readonly #readyAt = new Map<number, number>();
  readonly #held = new Map<number, T>();
  /** What is dispatched at the moment: its lease, its slots and its dispatch follow each other. */
  #granted: { readonly token: number; readonly executor: number } | null = null;
  #slots = 0;

  constructor(private readonly listener: AttemptListener<T>) {}

  /** Jobs that still wait. */
  waiting(): readonly WaitingJob[] {
    return [...this.#readyAt].map(([key, readyAt]) => ({
      dag: Math.floor(key / MAX_JOBS_PER_DAG),
      job: key % MAX_JOBS_PER_DAG,
      readyAt,
    }));
  }

  /** What was given for each attempt that still holds slots. */
  held(): Iterable<T> {
    return this.#held.values();
  }

  /** An attempt whose slots were free holds slots again. */
  hold(token: number, attempt: T): void {
    this.#held.set(token, attempt);
  }

  /** Takes an entry of a turn at a moment. */
  take(at: number, entry: AnyEntry): void {
    switch (entry.code) {
      case Code.JobReadied:
      case Code.JobReleased:
        this.#readyAt.set(keyOf(entry.body), at);
        return;
      case Code.JobCancelled:
        return this.#cancelled(at, entry.body);
      case Code.LeaseGranted:
        this.#granted = entry.body;
        return;
      case Code.SlotReserved:
        this.#slots = entry.body.slots;
        return;
      case Code.JobDispatched:
        return this.#dispatched(at, entry.body);
      case Code.LeaseReleased: {
        const held = entry.body.reason === 'completed' ? this.#held.get(entry.body.token) : undefined;
        if (held !== undefined) this.listener.completed?.(held);
        return;
      }
      case Code.SlotReleased:
      case Code.SlotWithdrawn:
        return this.#released(at, entry.body.token, entry.code === Code.SlotWithdrawn);
      default:
    }
  }

  #cancelled(at: number, body: { readonly dag: number; readonly job: number }): void {
    const key = keyOf(body);
    const readyAt = this.#readyAt.get(key);
    if (readyAt === undefined) return;
    this.#readyAt.delete(key);
    this.listener.cancelled?.({ dag: body.dag, job: body.job, readyAt }, at);
  }

  #dispatched(at: number, body: JobDispatched): void {
    const { token, dag, job } = body;
    if (this.#granted?.token !== token) throw new Error('assertion failed: a dispatch without its lease');
    const key = keyOf(body);
    const readyAt = this.#readyAt.get(key) ?? at;
    this.#readyAt.delete(key);
    const { executor } = this.#granted;
    const attempt = { dag, job, executor, slots: this.#slots, readyAt, dispatchedAt: at };
    this.#held.set(token, this.listener.dispatched(attempt));
  }

  #released(at: number, token: number, isWithdrawn: boolean): void {
    const held = this.#held.get(token);
    if (held === undefined) return;
    this.#held.delete(token);
    this.listener.released(held, at, isWithdrawn);
  }
}

function keyOf({ dag, job }: { readonly dag: number; readonly job: number }): number {
  return dag * MAX_JOBS_PER_DAG + job;
}
