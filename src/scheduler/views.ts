/** What a gateway may read of the local fold, and of the immutable rows behind it. */
import type { LeaseRef } from '../catalogue/generated/types.js';

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
  /** Why it is not running, or has failed; of one that its executor failed the code that the executor gave. */
  readonly reason: string | null;
  /** 0 to 1000, of the running attempt; 0 of a job that doesn't run. */
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
  /** Slots of cordoned executors in which nothing runs; they are among those advertised. */
  readonly slotsClosed: number;
  readonly ready: number;
  readonly meanOccupancyMs: number | null;
  /** Slots that may be in use at once, null where only the executors limit them. */
  readonly maxSlots: number | null;
  readonly unitCost: number;
  /** One slot in so many is kept from long jobs while short ones come, 0 for none; null where the default (8) holds. */
  readonly shortReserve: number | null;
  readonly rates: readonly RateView[];
}

/** A rate of a class, with the tokens that its bucket has now. */
export interface RateView {
  readonly per: 'starts' | 'units';
  readonly add: number;
  readonly perMs: number;
  readonly burst: number;
  /** Below zero where more was used than it held. */
  readonly tokens: number;
}

/** How an executor stands; of those that are live the two that take no work have words of their own. */
export const EXECUTOR_STATES = ['live', 'draining', 'cordoned', 'lost', 'left'] as const;

export interface ExecutorView {
  readonly executor: string;
  readonly seq: number;
  readonly incarnation: string;
  readonly group: string;
  readonly executorClass: string;
  readonly state: (typeof EXECUTOR_STATES)[number];
  readonly slots: number;
  /** Slots that work holds, and those of them of which nobody has said that cancelled or timed out work stopped. */
  readonly slotsReserved: number;
  readonly slotsReclaiming: number;
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
  /** By how much the wall clock is ahead of journal time, below zero if it is behind; null but of a leader. */
  readonly clockAheadMs: number | null;
}

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
  | { readonly reason: 'paused-dag' | 'turn-full' }
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

/** Why an attempt failed, as its executor said it. */
export interface FailureView {
  readonly attempt: number;
  readonly code: string;
  readonly message: string;
}

/** Bytes of an output: inline JSON, or a blob. */
export type OutputView =
  | { readonly json: string }
  | { readonly blob: { readonly uri: string; readonly sha256: string; readonly bytes: number } }
  | null;

/** A child of a fan-out. */
export interface ChildView {
  readonly index: number;
  readonly state: string;
  readonly output: OutputView;
}

/** Children of a fan-out as they stood in one turn, however long it takes to read them. */
export interface Collection {
  /**
   * The next ones with their outputs, at most so many; none at the end. All others get their turn before. Null where the
   * DAG was forgotten meanwhile.
   */
  next(atMost: number): Promise<readonly ChildView[] | null>;
}

/** A DAG as listings show it. */
export interface DagSummary extends Omit<DagView, 'turn'> {
  readonly template: string | null;
  /** Jobs that failed or were cancelled: neither optional ones nor children of fan-outs, nor those that were skipped. */
  readonly jobsFailedOrCancelled: number;
  readonly risk: DeadlineRisk;
}

/** Where a DAG stands with its deadlines; the worst that was recorded. */
export type DeadlineRisk = 'none' | 'safe' | 'at-risk' | 'missed' | 'hard-passed';

/** Which moments are meant: from the first one on, before the second; in ms of journal time, null where open. */
export interface Span {
  readonly fromMs: number | null;
  readonly toMs: number | null;
}

/** What DAGs and jobs can both be searched by. A null says nothing. */
interface SearchQuery {
  readonly tenant: string | null;
  /** Names of states. */
  readonly states: ReadonlySet<string> | null;
  readonly executorClass: string | null;
  readonly group: string | null;
  readonly oldestFirst: boolean;
  readonly limit: number;
}

export interface DagQuery extends SearchQuery {
  /** The whole id of a DAG. */
  readonly id: string | null;
  /** What the id, the name, the template, the idempotency key, or the value of a label begins with. */
  readonly text: string | null;
  /** Labels that it has; with a null value any, else one that begins with this. */
  readonly labels: readonly { readonly name: string; readonly value: string | null }[];
  readonly paused: boolean | null;
  readonly risk: DeadlineRisk | null;
  readonly accepted: Span;
  readonly ended: Span;
  /** Sequence number of the DAG after which the page begins. */
  readonly after: number | null;
}

export interface JobQuery extends SearchQuery {
  /** Sequence number of the only DAG that is meant. */
  readonly dag: number | null;
  /** What the job's id, or that of its DAG, begins with. */
  readonly text: string | null;
  readonly ready: Span;
  /** The job after which the page begins. */
  readonly after: { readonly dag: number; readonly index: number } | null;
}

/** A job as listings show it. */
export interface FoundJob extends JobView {
  readonly dag: number;
  readonly dagId: string;
  readonly tenant: string;
}

/** A page of a search. It may hold less than was asked for, even nothing, although there is more. */
export interface Page<T, C> {
  readonly items: readonly T[];
  /** Where the next page begins; null at the end. */
  readonly next: C | null;
}

/** One job of a DAG's graph; a fan-out is one, whatever the number of its children. */
export interface GraphNode extends JobView {
  /** Indexes of the jobs that it comes after. */
  readonly after: readonly number[];
  /** Whether it has a condition, so that it may be skipped. */
  readonly conditional: boolean;
}

/** A limit, how much of it is used, and whether somebody has set it; null where there is none. */
export interface LimitView {
  readonly limit: number | null;
  readonly used: number | null;
  readonly isDefault: boolean;
}

export interface TenantView {
  readonly tenant: string;
  readonly weight: number;
  readonly openDags: LimitView;
  readonly activeDags: LimitView;
  readonly runnableJobs: LimitView;
  readonly heldDags: number;
}

export interface CellLimitsView {
  readonly knownJobs: LimitView;
  readonly retainTerminalMs: LimitView;
  readonly retainTerminalJobs: LimitView;
  readonly retainExecutorsMs: LimitView;
}

/** What the measuring of turns reads of the fold: at once, and without a copy. */
export interface FoldSignals {
  /** Sequence number of an executor's class; 0 for an executor that is gone. */
  classOfExecutor(executor: number): number;
  className(classSeq: number): { readonly group: string; readonly executorClass: string } | null;
  /** How long a job that was dispatched had waited for its slot, in ms; -1 where it is gone. */
  waitMs(dag: number, job: number): number;
  /** Calls back with each DAG in memory that has not ended. */
  eachOpenDag(each: (dag: number, acceptedAtMs: number, isStarted: boolean) => void): void;
  /** Calls back with each token that holds slots, and their class. */
  eachHeldToken(each: (token: number, classSeq: number) => void): void;
  /** Counts open DAGs with deadlines that are in danger, by class and priority; lets others run meanwhile. */
  pressure(): Promise<readonly PressureView[]>;
}

/** Open DAGs by where they stand with their deadlines. */
export interface PressureView {
  /** The class in which they have work that is ready or under way; null for all open DAGs. */
  readonly group: string | null;
  readonly executorClass: string | null;
  readonly priority: number;
  readonly open: number;
  readonly atRisk: number;
  /** Past a deadline. */
  readonly overdue: number;
}

/** Reads of the local fold; every answer stands for one turn, or for turns that are not after `cell().turn`. */
export interface Views {
  cell(): CellView;
  /** That of `cell()`, for who asks often: no index is brought up to date for it. */
  clockAheadMs(): number | null;
  classes(): readonly ClassView[];
  executors(): readonly ExecutorView[];
  /** The executor's sequence number and whether the incarnation is the one in force, or null when unknown. */
  executor(id: string): { readonly seq: number; readonly incarnation: string; readonly live: boolean } | null;
  dag(tenant: string, dagId: string): Promise<DagView | null>;
  /** The job of a DAG by its id (with [n] for a child of a fan-out), or null. */
  job(dag: number, id: string): Promise<JobView | null>;
  /** DAGs that a query names, in the order in which they were accepted; the work for one page is bounded. */
  findDags(query: DagQuery): Promise<Page<DagSummary, number>>;
  /** Jobs that a query names, by DAG and index; the work for one page is bounded. */
  findJobs(query: JobQuery): Promise<Page<FoundJob, { readonly dag: number; readonly index: number }>>;
  /** Jobs of a submission with what they come after, by index; fewer than `limit` where they have many edges. */
  graph(dag: number, from: number, limit: number): Promise<Page<GraphNode, number>>;
  cellLimits(): CellLimitsView;
  /** A tenant by its name, or null when nothing has named it. */
  tenant(name: string): TenantView | null;
  /** Tenants by sequence number; the cursor is the number of the last one. */
  tenants(after: number, limit: number): Page<TenantView, number>;
  /** Jobs by index from `from` on, at most `limit`; children of fan-outs are listed only when `children` is set. */
  jobs(dag: number, from: number, limit: number, children: boolean): Promise<readonly JobView[]>;
  /** Children of a fan-out in order, from a place on. */
  collection(dag: number, job: string, from: number, limit: number): Promise<Collection>;
  /** Why a job, by its id, with [n] for a child, isn't running; null when the DAG has none of this name. */
  explain(dag: number, job: string): Promise<ExplainView | null>;
  /** Output of the last successful attempt of a job; the job's id with [n] for a child. */
  output(dag: number, job: string): Promise<OutputView>;
  /** Why the newest attempt of a job that has failed failed; null when none has. */
  failure(dag: number, job: string): Promise<FailureView | null>;
  /**
   * The dispatches of these leases, resolved from immutable rows; null for a lease that is no longer in force. Without a
   * promise where nothing has to be fetched: who waits for a turn gets them before anything else is done for it.
   */
  dispatches(tokens: readonly number[]): readonly (DispatchView | null)[] | Promise<readonly (DispatchView | null)[]>;
  /** Whether no fact that is known denies that this lease was granted: its token, and whose lease that is if it is held. */
  mayBeGranted(lease: LeaseRef): boolean;
  /** Tokens of leases in force of an executor that it has not acknowledged, in the order of their tokens. */
  unacknowledged(executor: number): readonly number[];
  /** Tokens whose work the executor should stop (its slots are reclaiming). */
  stopping(executor: number): readonly number[];
}
