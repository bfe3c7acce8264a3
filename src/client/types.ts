/** What producers send and read; the fabric's API page describes every field. */

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

/** The answer to an accepted submission: its turn is durable. */
export interface Submitted {
  readonly dagId: string;
  readonly dag: number;
  readonly turn: number;
  readonly atMs: number;
  /** Whether it repeats an earlier submission, whose answer this is. */
  readonly duplicate: boolean;
}

/** The answer to an accepted control. */
export interface Controlled {
  readonly turn: number;
  readonly atMs: number;
  readonly duplicate: boolean;
}

/** A job as it is read; times are ms since 1970. */
export interface Job {
  /** Its id; that of a child of a fan-out has its place behind it, in brackets. */
  readonly job: string;
  readonly index: number;
  readonly parent: string | null;
  readonly child: number | null;
  readonly kind: string;
  readonly executorClass: string;
  readonly state: string;
  readonly attempt: number;
  readonly reason: string | null;
  readonly permille: number;
  readonly readyAtMs: number | null;
  readonly dispatchedAtMs: number | null;
  readonly endedAtMs: number | null;
  /** For a fan-out: how many children there are by state. */
  readonly children: Readonly<Record<string, number>> | null;
}

/** Why an attempt of a job failed, as its executor said it. */
export interface Failure {
  readonly attempt: number;
  readonly code: string;
  readonly message: string;
}

/** A DAG as it is read; times are ms since 1970. */
export interface Dag {
  readonly dagId: string;
  readonly dag: number;
  readonly tenant: string;
  readonly name: string;
  /** held, open, ending, succeeded, failed, cancelled */
  readonly state: string;
  readonly paused: boolean;
  readonly run: number;
  readonly priority: number;
  readonly deadlineAtMs: number | null;
  readonly hardDeadlineAtMs: number | null;
  readonly labels: readonly { readonly name: string; readonly value: string }[];
  readonly acceptedAtMs: number;
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly code: string | null;
  readonly jobsTotal: number;
  readonly jobsLeft: number;
  /** The turn that this answer stands for. */
  readonly turn: number;
  readonly jobs: readonly Job[];
  readonly timeline: readonly { readonly atMs: number; readonly event: string; readonly job?: string }[];
}

const TERMINAL: ReadonlySet<string> = new Set(['succeeded', 'failed', 'cancelled']);

/** Whether a DAG has ended (until someone retries it). */
export function hasEnded(dag: { readonly state: string }): boolean {
  return TERMINAL.has(dag.state);
}

/** One entry of the journal, as the lifecycle stream tells it. */
export interface LifecycleEvent {
  /** cell:turn:index, the same for everybody; a reader goes on after it. */
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
