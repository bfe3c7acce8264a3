/** Why a job is not running. */

/** The job that comes before another one, by the first field of the key in which it wins. */
export interface AheadView {
  readonly tenant: string;
  readonly dagId: string;
  readonly job: string;
  /** A name of codes.json evidenceFields, in kebab case; a lane's value is its number. */
  readonly field: string;
  /** Null where there is none: it has no deadline. */
  readonly value: number | null;
  /** What the job itself has in that field. */
  readonly own: number | null;
}

/** Why a job is not running: a closed list (docs/policy.md), each reason with its numbers. */
export type WhyView =
  | { readonly reason: 'paused-dag' }
  | { readonly reason: 'turn-full' }
  | {
      readonly reason: 'no-executor-in-class';
      readonly group: string;
      readonly executorClass: string;
      /** Groups, at most 5, in which a class of this name has executors. */
      readonly otherGroups: readonly string[];
    }
  | { readonly reason: 'held-tenant-limit'; readonly limit: string; readonly position: number }
  | { readonly reason: 'waiting-for'; readonly jobs: readonly string[]; readonly more: number }
  | { readonly reason: 'waiting-for-fan-out'; readonly made: number; readonly left: number }
  | { readonly reason: 'waiting-for-signal'; readonly name: string }
  | { readonly reason: 'backoff-until'; readonly untilMs: number; readonly attempt: number }
  | { readonly reason: 'larger-than-any-executor'; readonly slots: number; readonly largest: number }
  | { readonly reason: 'all-cordoned-or-draining'; readonly executors: number }
  | { readonly reason: 'lease-in-force'; readonly executor: string; readonly sinceMs: number }
  | { readonly reason: 'waiting-for-reservation'; readonly executor: string; readonly expectedAtMs: number }
  | { readonly reason: 'class-limit'; readonly slots: number; readonly limit: number; readonly inUse: number }
  | {
      readonly reason: 'rate-limited';
      readonly untilMs: number;
      /** The job that the class waits for, and how many units it counts as. */
      readonly tenant: string;
      readonly dagId: string;
      readonly job: string;
      readonly units: number;
    }
  | { readonly reason: 'reserved-for-short-work'; readonly longRunning: number; readonly allowed: number }
  | {
      readonly reason: 'reserved-for-wide';
      readonly tenant: string;
      readonly dagId: string;
      readonly job: string;
      readonly executor: string;
      /** Whether it would have ended when that job is expected to begin. */
      readonly endsInTime: boolean;
      /** The job that comes first of its DAG: only that one is considered, and it may not start there. */
      readonly ahead: AheadView | null;
    }
  | { readonly reason: 'slot-reclaiming'; readonly executor: string; readonly slots: number; readonly sinceMs: number }
  | {
      readonly reason: 'no-free-slot';
      readonly ahead: AheadView | null;
      /** Slots that the job needs, and the most that are free on one executor. */
      readonly slots: number;
      readonly widest: number;
    };

/** A job with the reason for which it isn't running; null once it has ended. */
export interface ExplainView {
  readonly dagId: string;
  readonly job: string;
  readonly state: string;
  readonly policy: string;
  readonly atMs: number;
  readonly turn: number;
  readonly why: WhyView | null;
}
