/** What `sla` tells. */
import type { Deadline } from '../../src/simulate/report/deadline.js';
import type { AmongSame } from '../same-id.js';
import type { DagPath } from '../what-if/change.js';
import type { PartKind } from './blame.js';
import type { Held } from './held.js';

/** A capacity of one class with which the deadline would have been met: the history was played with it. */
export interface CapacityRemedy {
  readonly executorClass: string;
  readonly slots: number;
  /** So many more than the history had at most. */
  readonly more: number;
  /** Whether it was played with every smaller number, too, and none was enough; otherwise only with the one before. */
  readonly isLeast: boolean;
}

export interface Remedies {
  /** One for each class on the path in which more slots alone would have been enough. */
  readonly capacity: readonly CapacityRemedy[];
  /** A submission that would have been in time, and 100 ms later would not; null: none that was tried would have been. */
  readonly submitAtMs: number | null;
}

/** A part of a segment by names. */
export interface PartView extends Held {
  readonly kind: PartKind;
  readonly on: string | null;
}

/** A job of the critical path. Its parts sum exactly to `ms`, and the segments to the time from acceptance to end. */
export interface SegmentView {
  readonly job: string;
  readonly executorClass: string;
  readonly attempts: number;
  readonly fromMs: number;
  readonly ms: number;
  readonly estimateMs: number | null;
  readonly parts: readonly PartView[];
}

/** Time of a path that went to one thing in one class. */
export interface BlameView extends PartView {
  readonly executorClass: string;
}

export interface SlaReport extends DagPath, AmongSame {
  readonly outcome: string;
  readonly acceptedAtMs: number;
  /** The soft one, or the hard one where there is no other, or where it comes first. */
  readonly deadlineAtMs: number | null;
  readonly deadlineKind: Deadline['kind'] | null;
  readonly endedAtMs: number | null;
  /** How much later than the deadline it ended; below 0: it was in time. */
  readonly lateMs: number | null;
  readonly path: readonly SegmentView[];
  /** What the path's time went to, beside runs as they usually are; the most first. */
  readonly blame: readonly BlameView[];
  /** The first of them in a sentence. */
  readonly cause: string;
  /** null where it was in time, or they were not asked for. */
  readonly remedies: Remedies | null;
}
