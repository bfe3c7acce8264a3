/**
 * The store port: the materialized fold and the position that it stands for (design: law 3).
 *
 * Promises that every adapter keeps, and that `test/contract/store.ts` checks:
 * - Atomicity: `write` stores its operations and the position together, or none of them.
 * - Order: `scan` yields keys in unsigned byte order.
 * - Honesty: a value that is not what was written is reported as `StoreCorrupt`, never returned.
 * - The store may lose its newest batches when the machine loses power; it never keeps a part of one, and it is
 *   never ahead of what was written. The journal makes up for what was lost.
 */

/** What the rows of a store stand for. */
export interface StorePosition {
  readonly cell: string;
  /** Number of the row layout that wrote it; a store of another layout is set aside and rebuilt. */
  readonly layout: number;
  /** Turn after which the rows stood so. */
  readonly turn: number;
  /** SHA-256 of that turn's record. */
  readonly hash: Uint8Array;
  /** State hash after that turn, 16 bytes. */
  readonly stateHash: Uint8Array;
}

/** One change: a put, or a deletion where `value` is null. */
export interface StoreOperation {
  readonly key: Uint8Array;
  readonly value: Uint8Array | null;
}

export interface StoreEntry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

export interface Store {
  /** The position of the newest batch that is there, or null for an empty store. */
  position(): StorePosition | null;
  /** Writes one batch. Later operations on the same key win. */
  write(operations: readonly StoreOperation[], position: StorePosition): Promise<void>;
  /** The values of the keys, in their order; null where there is none. */
  getMany(keys: readonly Uint8Array[]): Promise<(Uint8Array | null)[]>;
  /** All entries with `from <= key < to`, in key order, in chunks of a bounded size. */
  scan(from: Uint8Array, to: Uint8Array): AsyncIterable<readonly StoreEntry[]>;
  /** Removes everything, the position too. */
  clear(): Promise<void>;
  close(): Promise<void>;
}
