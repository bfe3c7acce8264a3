/** DAGs and jobs as they are read; times are those of the journal, in ms since 1970. */

/** A job. */
export interface JobView {
  /** Its id; that of a child of a fan-out has its place behind it, in brackets. */
  readonly job: string;
  readonly index: number;
  /** For a child of a fan-out: the id of the fan-out and the child's place in it. */
  readonly parent: string | null;
  readonly child: number | null;
  readonly kind: string;
  readonly executorClass: string;
  /** A name of codes.json jobStates, in kebab case: waiting, ready, dispatched, …, fanned-out, awaiting-signal. */
  readonly state: string;
  readonly attempt: number;
  /** Why it is not running, or has failed; of one that its executor failed the code that the executor gave. */
  readonly reason: string | null;
  /** 0 to 1000, of the running attempt; 0 of a job that doesn't run. */
  readonly permille: number;
  /** Null where it has not come to that. */
  readonly readyAtMs: number | null;
  readonly dispatchedAtMs: number | null;
  readonly endedAtMs: number | null;
  /** For a fan-out: how many children there are by state. */
  readonly children: Readonly<Record<string, number>> | null;
}

/** Where a DAG stands with its deadlines; the worst that was recorded. */
export type DeadlineRisk = 'none' | 'safe' | 'at-risk' | 'missed' | 'hard-passed';

/** A DAG. */
export interface DagView {
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
  readonly risk: DeadlineRisk;
  readonly labels: readonly { readonly name: string; readonly value: string }[];
  readonly acceptedAtMs: number;
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly code: string | null;
  readonly jobsTotal: number;
  readonly jobsLeft: number;
  /** Turn of the fold that this was read from. */
  readonly turn: number;
}

/** A DAG as listings show it. */
export interface DagSummary extends Omit<DagView, 'turn'> {
  readonly template: string | null;
  /** Jobs that failed or were cancelled: neither optional ones nor children of fan-outs, nor those that were skipped. */
  readonly jobsFailedOrCancelled: number;
}

/** A job as listings show it. */
export interface FoundJob extends JobView {
  readonly dag: number;
  readonly dagId: string;
  readonly tenant: string;
}

/** One job of a DAG's graph; a fan-out is one, whatever the number of its children. */
export interface GraphNode extends JobView {
  /** Indexes of the jobs that it comes after. */
  readonly after: readonly number[];
  /** Whether it has a condition, so that it may be skipped. */
  readonly conditional: boolean;
}

/** Why an attempt failed, as its executor said it. */
export interface FailureView {
  readonly attempt: number;
  readonly code: string;
  readonly message: string;
}

/** Something that happened to a DAG, or to a job of it. */
export interface Moment {
  readonly atMs: number;
  readonly event: string;
  readonly job?: string;
}
