import type { AnyEntry } from '../catalogue/generated/types.js';

/**
 * When the leader did what with a turn, in ms of the wall clock as it was when the inputs were taken, and what the monotonic
 * clock counts from there: none is before the one above. Outside the chain, so that no replay needs it.
 */
export interface TurnTimings {
  /** Its inputs were taken. */
  readonly takenAtMs: number;
  /** It was computed. */
  readonly plannedAtMs: number;
  /** It was durable: accepted. */
  readonly appendedAtMs: number;
  /**
   * The same moment by the monotonic clock, for who measures on from it: another look at the wall clock may be before it.
   */
  readonly appendedMonotonicMs: number;
  /** How long the planning in it took, in ms. */
  readonly planMs: number;
}

/** One accepted turn, as projections see it. */
export interface AcceptedTurn {
  readonly cell: string;
  readonly epoch: number;
  readonly turn: number;
  /** SHA-256 of its record: by it a turn is told from one of the same number in another history. */
  readonly hash: Uint8Array;
  readonly atMs: number;
  /** Inputs and events in the order in which they were applied; (cell, turn, index) is the id of each. */
  readonly entries: readonly AnyEntry[];
  /** Absent where the turn was made by another process. */
  readonly timings?: TurnTimings;
}

/** Gets every accepted turn, in order, each once per process. It must not throw, and must not hold the loop up. */
export type TurnListener = (turn: AcceptedTurn) => void;

/** The outbox as subscribers in the same process see it. */
export interface Outbox {
  /** Registers a listener from the next accepted turn on; returns how to end it. */
  subscribe(listener: TurnListener): () => void;
  /** Number of the last turn that all listeners have been given. */
  published(): number;
  /**
   * Registers a listener for when a fold was dropped that was ahead of what listeners were given: what was read of it beyond
   * that may never have been. Returns how to end it.
   */
  onDropped(listener: () => void): () => void;
}

/** The outbox as the leader sees it: what it tells is accepted already. */
export interface Publisher {
  /** Number of the last turn that all listeners have been given. */
  published(): number;
  /** Tells an accepted turn; turns come in order. */
  publish(turn: AcceptedTurn): void;
}
