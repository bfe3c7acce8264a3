/** What a gateway may read of the local fold, and of the immutable rows behind it. */

export interface JobView {
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
  readonly reason: string | null;
  /** 0 to 1000, of the running attempt. */
  readonly permille: number;
  /** Journal times in ms; null where it has not come to that. */
  readonly readyAtMs: number | null;
  readonly dispatchedAtMs: number | null;
  readonly endedAtMs: number | null;
  /** For a fan-out: how many children there are by state. */
  readonly children: Readonly<Record<string, number>> | null;
}

export interface DagView {
  readonly dagId: string;
  readonly dag: number;
  readonly tenant: string;
  readonly name: string;
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
  /** Turn of the fold that this was read from. */
  readonly turn: number;
}

/** A dispatch as an executor gets it: all that it needs to run one attempt. */
export interface DispatchView {
  readonly token: string;
  readonly tenant: string;
  readonly dagId: string;
  readonly job: string;
  readonly child: number | null;
  readonly childCount: number | null;
  readonly attempt: number;
  readonly executorClass: string;
  readonly slots: number;
  readonly timeoutMs: number | null;
  /** JSON text of an object: the resolved inputs by name; `item`, `index`, `count` are beside it for a child. */
  readonly inputsJson: string;
  readonly itemJson: string | null;
}

export interface ClassView {
  readonly group: string;
  readonly executorClass: string;
  readonly executors: number;
  readonly slotsAdvertised: number;
  readonly slotsReserved: number;
  readonly slotsReclaiming: number;
  readonly slotsFree: number;
  readonly ready: number;
  readonly meanOccupancyMs: number | null;
}

export interface ExecutorView {
  readonly executor: string;
  readonly seq: number;
  readonly incarnation: string;
  readonly group: string;
  readonly executorClass: string;
  readonly state: string;
  readonly slots: number;
  readonly slotsReserved: number;
  readonly sessionUntilMs: number;
}

export interface CellView {
  readonly cell: string;
  readonly turn: number;
  readonly atMs: number;
  readonly epoch: number;
  readonly policy: string;
  readonly stateHash: string;
  readonly openDags: number;
  readonly knownJobs: number;
  readonly readyJobs: number;
  readonly inboxWaiting: number;
}

/** Bytes of an output: inline JSON, or a blob. */
export type OutputView =
  | { readonly json: string }
  | { readonly blob: { readonly uri: string; readonly sha256: string; readonly bytes: number } }
  | null;

/** Reads of the local fold; every answer stands for one turn. */
export interface Views {
  cell(): CellView;
  classes(): readonly ClassView[];
  executors(): readonly ExecutorView[];
  /** The executor's sequence number and whether the incarnation is the one in force, or null when unknown. */
  executor(id: string): { readonly seq: number; readonly incarnation: string; readonly live: boolean } | null;
  dag(tenant: string, dagId: string): Promise<DagView | null>;
  /** Jobs by index from `from` on, at most `limit`; children of fan-outs are listed only when `children` is set. */
  jobs(dag: number, from: number, limit: number, children: boolean): Promise<readonly JobView[]>;
  /** Children of a fan-out in order, with their outputs. */
  collection(
    dag: number,
    job: string,
    from: number,
    limit: number,
  ): Promise<readonly { readonly index: number; readonly state: string; readonly output: OutputView }[]>;
  /** Output of the last successful attempt of a job; the job's id with [n] for a child. */
  output(dag: number, job: string): Promise<OutputView>;
  /** The dispatches of these leases, resolved from immutable rows; null for a lease that is no longer in force. */
  dispatches(tokens: readonly number[]): Promise<readonly (DispatchView | null)[]>;
  /** Tokens of leases in force of an executor that it has not acknowledged, in the order of their tokens. */
  unacknowledged(executor: number): readonly number[];
  /** Tokens whose work the executor should stop (its slots are reclaiming). */
  stopping(executor: number): readonly number[];
}
