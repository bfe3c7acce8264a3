/** A cell, its executors and its limits as they are read. */

/** A rate of a class (`add` tokens each `perMs`, at most `burst` at once), with the tokens that its bucket has now. */
export interface RateView {
  readonly per: 'starts' | 'units';
  readonly add: number;
  readonly perMs: number;
  readonly burst: number;
  /** Below zero where more was used than it held. */
  readonly tokens: number;
}

/** An executor class with its slots and limits. */
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

/** How an executor stands; of those that are live the two that take no work have words of their own. */
export const EXECUTOR_STATES = ['live', 'draining', 'cordoned', 'lost', 'left'] as const;

/** An executor that has registered. */
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
  /** Slots that get no more work until it registers again: for too long nobody said that work on them had stopped. */
  readonly slotsWithdrawn: number;
  readonly sessionUntilMs: number;
}

/** A cell as it stands after a turn. */
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

/** A limit, how much of it is used, and whether somebody has set it; null where there is none. */
export interface LimitView {
  readonly limit: number | null;
  readonly used: number | null;
  readonly isDefault: boolean;
}

/** A tenant with its weight and its limits. */
export interface TenantView {
  readonly tenant: string;
  readonly weight: number;
  readonly openDags: LimitView;
  readonly activeDags: LimitView;
  readonly runnableJobs: LimitView;
  readonly heldDags: number;
}

/** The limits of the cell, and how much of them is used. */
export interface CellLimitsView {
  readonly knownJobs: LimitView;
  readonly retainTerminalMs: LimitView;
  readonly retainTerminalJobs: LimitView;
  readonly retainExecutorsMs: LimitView;
}

/**
 * What a class can do, by the seed's estimate: slots / mean slot occupancy. It is of jobs of one slot each, and no more
 * than the class's rates let start.
 */
export interface ClassCapacity {
  readonly group: string;
  readonly executorClass: string;
  readonly slots: number;
  readonly slotsInUse: number;
  readonly ready: number;
  readonly meanOccupancyMs: number | null;
  readonly perSecond: number | null;
  readonly perHour: number | null;
  /** How long the ready jobs keep these slots busy, in ms. */
  readonly readyForMs: number | null;
}
