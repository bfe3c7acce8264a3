/** A job of a DAG, by the journal's numbers. */
export interface JobRef {
  readonly dag: number;
  readonly job: number;
}

/** The job that comes before another one, and the first field of the key in which it wins, or `reservation`. */
export interface Ahead extends JobRef {
  /** Number of codes.json evidenceFields. */
  readonly field: number;
  readonly value: number;
  /** The value that the job itself has there. */
  readonly own: number;
}

/** Why a job is not running now: the closed list of policy.md (Why is it not running?). */
export type Blocked =
  | { readonly reason: 'paused-dag' }
  | { readonly reason: 'held-tenant-limit'; readonly limit: string; readonly position: number }
  | { readonly reason: 'waiting-for'; readonly jobs: readonly number[]; readonly more: number }
  | { readonly reason: 'waiting-for-fan-out'; readonly made: number; readonly left: number }
  | { readonly reason: 'waiting-for-signal' }
  | { readonly reason: 'backoff-until'; readonly untilMs: number; readonly attempt: number }
  /** `elsewhere`: classes of the same name in other groups that have executors. */
  | { readonly reason: 'no-executor-in-class'; readonly class: number; readonly elsewhere: readonly number[] }
  | { readonly reason: 'larger-than-any-executor'; readonly slots: number; readonly largest: number }
  | { readonly reason: 'all-cordoned-or-draining'; readonly executors: number }
  | { readonly reason: 'lease-in-force'; readonly executor: number; readonly sinceMs: number }
  | { readonly reason: 'waiting-for-reservation'; readonly executor: number; readonly expectedAtMs: number }
  | { readonly reason: 'class-limit'; readonly slots: number; readonly limit: number; readonly inUse: number }
  | { readonly reason: 'rate-limited'; readonly untilMs: number; readonly job: JobRef; readonly units: number }
  | { readonly reason: 'reserved-for-short-work'; readonly longRunning: number; readonly allowed: number }
  | {
      readonly reason: 'reserved-for-wide';
      readonly job: JobRef;
      readonly executor: number;
      /** Whether it would have ended when the executor is needed. */
      readonly endsInTime: boolean;
      /** The first job of its flow, where that is asked in its place. */
      readonly ahead: Ahead | null;
    }
  | { readonly reason: 'slot-reclaiming'; readonly executor: number; readonly slots: number; readonly sinceMs: number }
  | { readonly reason: 'no-free-slot'; readonly ahead: Ahead | null; readonly slots: number; readonly widest: number }
  | { readonly reason: 'turn-full' };
