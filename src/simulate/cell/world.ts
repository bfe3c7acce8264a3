/** What a virtual cell is given in place of producers and executors. */
import type { BodyOf, InputEntry, LeaseRef, SubmitDag } from '../../catalogue/generated/types.js';
import type { Terminal } from './terminal.js';

/** An input from outside that isn't the answer to a dispatch. */
export interface Arrival {
  /** Journal time in ms. */
  readonly at: number;
  /** Its place among what happens at the same moment: smaller first. */
  readonly order: number;
  readonly code: InputEntry['code'];
  readonly body: InputEntry['body'];
}

/** An arrival with its code and body checked against each other. */
export function arrival<C extends InputEntry['code']>(at: number, code: C, body: BodyOf<C>, order = 0): Arrival {
  return { at, order, code, body };
}

/** An attempt that was dispatched. */
export interface Dispatched {
  readonly lease: LeaseRef;
  /** Index of the job in the submission; of a child of a fan-out, that of the fan-out. */
  readonly spec: number;
  /** Its place among the children of its fan-out; null: it is no child. */
  readonly child: number | null;
  /** Of a child: which making of its fan-out's children it is of (`FanBases`). */
  readonly making: number;
  /** Sequence number of its executor. */
  readonly executor: number;
  readonly slots: number;
  /** How long its job is expected to take, by what was given and what the cell has learned. */
  readonly estimateMs: number;
  /** When it was dispatched, in journal time. */
  readonly at: number;
}

/** An attempt with the submission that it is of. */
export interface Attempt extends Dispatched {
  readonly submission: SubmitDag;
}

/** How an attempt ends, and when. */
export interface Ending {
  /** How long it holds its slots, in ms. */
  readonly afterMs: number;
  /** As in `Arrival`; attempts that end at the same moment with the same order end by (DAG, job, attempt). */
  readonly order: number;
  readonly terminal: Terminal;
}

/** Producers and executors, as far as a run sees them. Both answers may rest on what was asked, not on when. */
export interface World {
  /** The next arrival, in the order of time and `order`; null when there are no more. */
  next(): Arrival | null;
  /** Whether what still comes makes no DAG any more, so that a run without open DAGs is over; absent: it may. */
  readonly isOver?: boolean;
  /** Called once for each attempt, when it is dispatched; null: it never ends by itself. */
  ending(attempt: Attempt): Ending | null;
}
