/** What the edge and the gateway must not have by themselves: clock, timers, identity, and what the fold knows. */
import type { LeaseRef } from '../catalogue/generated/types.js';

/** The clocks of this process. */
export interface Clock {
  /** Milliseconds since the Unix epoch, for others to read. It may leap; nothing of the kernel compares it. */
  wallMs(): number;
  /** Milliseconds since some moment: how long something takes is measured by it, whatever the wall clock does meanwhile. */
  monotonicMs(): number;
}

/** Mints identifiers that no other process mints. */
export interface Ids {
  /** A new identifier: ASCII, at most 64 characters, unique across processes and restarts. */
  next(): string;
}

/** Timers of this process; they only bound waiting, nothing that is decided depends on them. */
export interface Timers {
  /** Calls `run` once after `delayMs`; the result cancels it. */
  after(delayMs: number, run: () => void): () => void;
  /** Calls `run` every `periodMs`; the result ends it. */
  every(periodMs: number, run: () => void): () => void;
  /** Resolves when what other callbacks wait for has had its turn. */
  pause(): Promise<void>;
}

/** Who a DAG is that events know by its sequence number. */
export interface DagName {
  readonly tenant: string;
  readonly dagId: string;
}

/** Finds the names of DAGs; a DAG that was forgotten has none any more. */
export interface DagNames {
  nameOf(dag: number): Promise<DagName | null>;
}

/** A lease with its owner. */
export interface HeldLease extends LeaseRef {
  /** The executor's sequence number. */
  readonly executor: number;
}

/** Finds leases whose slots are held: those in force and those that are reclaiming. */
export interface HeldLeases {
  leaseOf(token: number): HeldLease | null;
  /** The sequence number of the executor that a lease was granted to; 0 where no slot is held for it. */
  ownerOf(token: number): number;
}
