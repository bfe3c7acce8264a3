import type { FlowHeads } from '../flow-heads.js';
import type { State } from '../state.js';

/** A job that a policy proposes, by its row, with what the choice rests on. */
export interface Choice {
  job: number;
  flow: number;
  lane: number;
}

/** The first field in which one job wins over another, and the loser's value in it. */
export interface Difference {
  /** Number of codes.json evidenceFields. */
  field: number;
  value: number;
}

/** What a policy is given to look at. */
export interface PolicyView {
  readonly state: State;
  readonly heads: FlowHeads;
}

/**
 * How the planner chooses (policy.md, section 12). Pure: indexes over rows, changed only by what it is told, so that
 * `rebuild` over the rows gives an index that decides as one grown over a year. The kernel turns proposals into events.
 *
 * Calls come after the rows have changed. A flow that competes is told by `flowStarted`, and taken back by `flowEnded`.
 */
export interface Policy {
  /** name@version; frozen once released. */
  readonly id: string;
  flowStarted(flow: number, dag: number): void;
  flowEnded(flow: number): void;
  /** A competing flow has another head, or its DAG's place among the tenant's DAGs has changed. */
  flowMoved(flow: number): void;
  /** A tenant's tag in a class and priority has changed. */
  tagMoved(tag: number): void;
  /** A job entered a flow, before that flow starts; or left it, before it ends: whether the flow competes or not. */
  jobAdded(job: number, flow: number): void;
  jobRemoved(job: number, flow: number): void;
  /** The most important job of the class that needs at most `slots` slots, or null. */
  peek(classSeq: number, slots: number, into: Choice): Choice | null;
  /** Why the first wins over the second. */
  compare(winner: Choice, loser: Choice): Difference;
}

/** Makes a policy over a view; the caller tells it all competing flows afterwards. */
export type PolicyFactory = (view: PolicyView) => Policy;
