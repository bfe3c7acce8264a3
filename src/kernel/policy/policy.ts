import type { FlowHeads } from '../indexes/flow-heads.js';
import type { State } from '../rows/state.js';

/** A job that a policy proposes, by its row, with what the choice rests on. */
export interface Choice {
  job: number;
  flow: number;
  /** Row of its DAG. */
  dag: number;
  lane: number;
}

/** The first field in which one job wins over another, and the loser's value in it. */
export interface Difference {
  /** Number of codes.json evidenceFields. */
  readonly field: number;
  readonly value: number;
}

/** What a choice has in one field of the key. */
export interface KeyValue {
  /** Number of codes.json evidenceFields. */
  readonly field: number;
  readonly value: number;
  /** The higher value comes first. */
  readonly descends: boolean;
}

/** What a class has room for at a moment: a job that fits needs no more of either. */
export interface Room {
  classSeq: number;
  /** Row of the class. */
  cls: number;
  /** Journal time in ms. */
  at: number;
  /** Slots free on one executor. */
  slots: number;
  /** Longest estimate in ms, where what is free is only free until a job of several slots begins. */
  estimateMs: number;
  /** Long jobs that are taken to have ended when there is this room: none, but where it is asked what starts then. */
  longEnds: number;
}

/** What a policy is given to look at. */
export interface PolicyView {
  readonly state: State;
  /** Ready jobs of each flow by (-rank, readySeq). */
  readonly heads: FlowHeads;
  /** Row of the DAG of each flow that has ready jobs. */
  readonly dagOf: Int32Array;
  /** Calls back with each flow of a DAG that has ready jobs, whether it competes or not. */
  eachFlow(dag: number, each: (flow: number) => void): void;
}

/**
 * How the planner chooses (policy.md: Choosing another policy). Pure: indexes over rows, changed only by what it is
 * told, so that one that is told all that there is decides as one that grew over a year. The kernel turns proposals
 * into events; it finds the executor, and reserves one for a job of several slots that has waited (Jobs that need
 * several slots; Placement), the same under every policy.
 *
 * Calls come after the rows have changed. A flow that competes is told by `flowStarted`, and taken back by `flowEnded`.
 */
export interface Policy {
  /** name@version; frozen once released. */
  readonly id: string;
  /** Whether its order depends on what was dispatched of a DAG, and on what has ended. */
  readonly followsService: boolean;
  /** Whether it has lanes, and keeps slots for short jobs; all others dispatch in the regular lane. */
  readonly hasLanes: boolean;
  flowStarted(flow: number, dag: number): void;
  flowEnded(flow: number): void;
  /** A flow has another head, or its DAG another place among the DAGs. */
  flowMoved(flow: number): void;
  /** A flow has another need or risk. */
  needChanged(flow: number): void;
  /** A tenant's tag in a class and priority has changed. */
  tagMoved(tag: number): void;
  /** A job of the DAG was dispatched, has ended, or its slots were released; told only where `followsService`. */
  dagServed(dag: number): void;
  /** A job entered a flow, before that flow starts; or left it, before it ends: whether the flow competes or not. */
  jobAdded(job: number, flow: number): void;
  jobRemoved(job: number, flow: number): void;
  /**
   * It is `at`: what time alone moves stands where it belongs. Only who compares without a `peek` before has to say so.
   */
  advance(at: number): void;
  /** The most important job for which there is room; null when there is none. */
  peek(room: Room, into: Choice): Choice | null;
  /** Whether any job competes that needs more slots than there is room for, but at most `most`. */
  hasUnfit(room: Room, most: number): boolean;
  /** The earliest moment after `room.at` at which time alone changes either; infinity when there is none. */
  nextAt(room: Room, most: number): number;
  /** The job of a flow that comes first in its order: of each flow only that one is proposed. */
  headOf(flow: number): number;
  /** The lane in which the head of a flow competes, the guard apart. */
  laneOf(flow: number): number;
  /** Why the first wins over the second. */
  compare(winner: Choice, loser: Choice): Difference;
  /** The values of a choice in its lane, in the order in which they are compared. */
  keyOf(choice: Choice): readonly KeyValue[];
}

/** Makes a policy over a view; the caller tells it all competing flows afterwards. */
export type PolicyFactory = (view: PolicyView) => Policy;
