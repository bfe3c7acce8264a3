/** What a gateway may read of the local fold, and of the immutable rows behind it. */
import type {
  CellLimitsView,
  CellView,
  ClassView,
  DagSummary,
  DagView,
  DeadlineRisk,
  ExecutorView,
  ExplainView,
  FailureView,
  FoundJob,
  GraphNode,
  JobView,
  PressureView,
  TenantView,
} from '../../answers/types.js';
import type { LeaseRef } from '../../catalogue/generated/types.js';

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

/** A blob by its address, its digest in hexadecimal. */
export interface BlobView {
  readonly uri: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** Bytes of an output: inline JSON, or a blob. */
export type OutputView = { readonly json: string } | { readonly blob: BlobView } | null;

/** A child of a fan-out. */
export interface ChildView {
  readonly index: number;
  readonly state: string;
  readonly output: OutputView;
}

/** Children of a fan-out as they stood in one turn, however long it takes to read them. */
export interface Collection {
  /** How many they are in all. */
  readonly count: number;
  /**
   * The next ones with their outputs, at most so many; none at the end. All others get their turn before. Null where the
   * DAG was forgotten meanwhile.
   */
  next(atMost: number): Promise<readonly ChildView[] | null>;
}

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
  /** Labels that it has: `name=value`, or a name without `=` for any value. */
  readonly labels: readonly string[];
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

/** A page of a search. It may hold less than was asked for, even nothing, although there is more. */
export interface Page<T, C> {
  readonly items: readonly T[];
  /** Where the next page begins; null at the end. */
  readonly next: C | null;
}

/** What the measuring of turns reads of the fold: at once, and without a copy. */
export interface FoldSignals {
  /** Sequence number of an executor's class; 0 for an executor that is gone. */
  classOfExecutor(executor: number): number;
  className(classSeq: number): { readonly group: string; readonly executorClass: string } | null;
  /** How long a job that was dispatched had waited for its slot, in ms; -1 where it is gone. */
  waitMs(dag: number, job: number): number;
  /** Calls back with each DAG that has never ended, and whether one of its jobs was ready. */
  eachFirstRun(each: (dag: number, acceptedAtMs: number, wasReady: boolean) => void): void;
  /** Calls back with each token that holds slots, and their class. */
  eachHeldToken(each: (token: number, classSeq: number) => void): void;
  /** Counts open DAGs with deadlines that are in danger, by class and priority; lets others run meanwhile. */
  pressure(): Promise<readonly PressureView[]>;
}

/** Jobs of a DAG by index from `from` on, at most `limit`; children of fan-outs are listed only when `children` is set. */
export interface JobRange {
  readonly from: number;
  readonly limit: number;
  readonly children: boolean;
}

export interface DagWithJobs {
  readonly dag: DagView;
  readonly jobs: readonly JobView[];
}

/** Nodes of a DAG, and the turn that they stand for. */
export interface GraphPage extends Page<GraphNode, number> {
  readonly turn: number;
}

/** Reads of the local fold; every answer stands for one turn, or for turns that are not after `cell().turn`. */
export interface Views {
  cell(): CellView;
  classes(): readonly ClassView[];
  executors(): readonly ExecutorView[];
  /** The executor's sequence number and whether the incarnation is the one in force, or null when unknown. */
  executor(id: string): { readonly seq: number; readonly incarnation: string; readonly live: boolean } | null;
  dag(tenant: string, dagId: string): Promise<DagView | null>;
  /** A DAG with jobs of it, both as of one turn. */
  dagWithJobs(tenant: string, dagId: string, range: JobRange): Promise<DagWithJobs | null>;
  /** The job of a DAG by its id (with [n] for a child of a fan-out), or null. */
  job(dag: number, id: string): Promise<JobView | null>;
  /** DAGs that a query names, in the order in which they were accepted; the work for one page is bounded. */
  findDags(query: DagQuery): Promise<Page<DagSummary, number>>;
  /** Jobs that a query names, by DAG and index; the work for one page is bounded. */
  findJobs(query: JobQuery): Promise<Page<FoundJob, { readonly dag: number; readonly index: number }>>;
  /** Jobs of a submission with what they come after, by index; fewer than `limit` where they have many edges. */
  graph(dag: number, from: number, limit: number): Promise<GraphPage | null>;
  cellLimits(): CellLimitsView;
  /** A tenant by its name, or null when nothing has named it. */
  tenant(name: string): TenantView | null;
  /** Tenants by sequence number; the cursor is the number of the last one. */
  tenants(after: number, limit: number): Page<TenantView, number>;
  /** The job of a DAG at an index, a child of a fan-out among them, or null. */
  jobAt(dag: number, index: number): Promise<JobView | null>;
  /** Children of a fan-out in order, from a place on. */
  collection(dag: number, job: string, from: number, limit: number): Promise<Collection>;
  /** Why a job, by its id, with [n] for a child, isn't running; null when the DAG has none of this name. */
  explain(dag: number, job: string): Promise<ExplainView | null>;
  /** Output of the last successful attempt of a job; the job's id with [n] for a child. */
  output(dag: number, job: string): Promise<OutputView>;
  /** Why the newest attempt of a job that has failed failed; null when none has. */
  failure(dag: number, job: string): Promise<FailureView | null>;
  /**
   * The dispatches of these leases, resolved from immutable rows; null for a lease that is no longer in force. Where their
   * inputs are large it gives the first ones only, one at least: ask again for the others. Without a promise where nothing
   * has to be fetched: who waits for a turn gets them before anything else is done for it.
   */
  dispatches(tokens: readonly number[]): readonly (DispatchView | null)[] | Promise<readonly (DispatchView | null)[]>;
  /** Whether no fact that is known denies that this lease was granted: its token, and whose lease that is if it is held. */
  mayBeGranted(lease: LeaseRef): boolean;
  /** Tokens of leases in force of an executor that it has not acknowledged, in the order of their tokens. */
  unacknowledged(executor: number): readonly number[];
  /** Tokens whose work the executor should stop (its slots are reclaiming). */
  stopping(executor: number): readonly number[];
  /** Whether it is to be told to give its jobs back. */
  isDraining(executor: number): boolean;
}
