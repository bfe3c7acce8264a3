/** What producers send, and what the lifecycle stream tells; the fabric's API page describes every field. */

/** Where one input of a job comes from. */
export type Binding =
  | { readonly value: unknown }
  | { readonly uri: string }
  | { readonly from: string; readonly at?: string };

/** A place in an upstream job's output. */
export interface OutputPlace {
  readonly from: string;
  /** A JSON pointer; the whole output where absent. */
  readonly at?: string;
}

/** One job of a submission. */
export interface JobSubmission {
  /** Unique in the DAG. */
  readonly id: string;
  /** `executor` unless given. */
  readonly kind?: 'executor' | 'noop' | 'signal';
  /** Needed by executor jobs. */
  readonly executorClass?: string;
  /** Group of its executors; `default` unless given. */
  readonly group?: string;
  /** Slots that it needs at once, on one executor; 1 unless given. */
  readonly slots?: number;
  /** Units of the rates of its class that it is expected to use; 0 unless given. */
  readonly units?: number;
  /** Ids of the jobs that it comes after. */
  readonly after?: readonly string[];
  /** How many of those must succeed; `all` unless given. */
  readonly join?: 'all' | 'any' | number;
  /** `{all|any: […]} | {not} | {job, at, op, value}` */
  readonly when?: object;
  /** Whether its failure counts for nothing. */
  readonly optional?: boolean;
  readonly inputs?: Readonly<Record<string, Binding>>;
  readonly fanOut?: {
    readonly count?: number | OutputPlace;
    readonly over?: OutputPlace;
    readonly tolerate?: number;
  };
  /** How long it is expected to take. */
  readonly estimateMs?: number;
  /** Of an attempt; of executor jobs only. */
  readonly timeoutMs?: number;
  /** Of executor jobs only. */
  readonly retry?: {
    readonly maxAttempts: number;
    readonly backoff?: { readonly baseMs: number; readonly maxMs: number };
    readonly nonRetryable?: readonly string[];
  };
  /** Of signal jobs only. */
  readonly signal?: { readonly name?: string };
}

/** A DAG to be submitted. */
export interface Submission {
  /** Unique in the tenant; minted where absent. */
  readonly id?: string;
  /** A repeat with the same key is answered with the first answer; the client makes one where absent. */
  readonly idempotencyKey?: string;
  readonly tenant?: string;
  readonly name?: string;
  readonly template?: string;
  /** Higher first. */
  readonly priority?: number;
  readonly deadlineAtMs?: number;
  readonly hardDeadlineAtMs?: number;
  readonly onHardDeadline?: 'fail' | 'demote';
  readonly labels?: Readonly<Record<string, string>>;
  readonly failurePolicy?: 'fail-fast' | 'continue';
  readonly jobs: readonly JobSubmission[];
}

const TERMINAL: ReadonlySet<string> = new Set(['succeeded', 'failed', 'cancelled']);

/** Whether a DAG has ended (until someone retries it). */
export function hasEnded(dag: { readonly state: string }): boolean {
  return TERMINAL.has(dag.state);
}

/** One entry of the journal, as the lifecycle stream tells it. */
export interface LifecycleEvent {
  /**
   * cell:turn:index:mark, the same for everybody; a reader goes on after it. By the mark a turn is told from one of the same
   * number in another history.
   */
  readonly id: string;
  /** The event's or input's name in the catalogue. */
  readonly type: string;
  readonly turn: number;
  readonly index: number;
  readonly atMs: number;
  readonly data: Readonly<Record<string, unknown>>;
  readonly tenant?: string;
  readonly dagId?: string;
}
