/**
 * The store port: the materialized fold and the position that it stands for (law 3).
 *
 * Promises that every adapter keeps, and that `test/contract/store.ts` checks:
 * - Atomicity: `write` stores its operations and the position together, or none of them.
 * - Order: `scan` yields keys in unsigned byte order; batches are stored in the order of the calls of `write`.
 * - Honesty: what is not as it was written is reported as `StoreCorrupt`, never returned: no value of another key, no
 *   older value, and no silence about a value that should be there.
 * - The store may lose its newest batches when the machine loses power; it never keeps a part of one, never a batch
 *   without those before it, and it is never ahead of what was written. The journal makes up for what was lost.
 * - After a write has failed every later one fails too (`store-closed`): a batch is never missing among others.
 *
 * Errors are `StoreError`s with a stable code. After a `StoreCorrupt` the owner closes the store and opens it again:
 * it is then set aside and starts empty.
 *
 * Keys are 1 to 1,024 bytes. Those that begin with 0x00 or 0xff are the adapter's own.
 */

/** What a store was opened for. */
export interface StoreIdentity {
  readonly cell: string;
  /** Number of the row layout of this program. */
  readonly layout: number;
}

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

/** Everything that a store held at one moment. */
export interface Capture {
  /** What it stood for; null for an empty store. */
  readonly position: StorePosition | null;
  /** All entries in the order of their keys, as `scan` gives them. */
  readonly entries: AsyncIterable<readonly StoreEntry[]>;
  /** Lets go of what it holds of the store; to be called however far it was read, and if it never was. */
  end(): Promise<void>;
}

export interface Store {
  /** The position of the newest batch that is there, or null for an empty store. */
  position(): StorePosition | null;
  /**
   * Writes one batch. Later operations on the same key win. The operations must not change before the promise is
   * settled. The position's cell and layout are those that the store was opened for; its turn never falls.
   */
  write(operations: Iterable<StoreOperation>, position: StorePosition): Promise<void>;
  /** The values of the keys, in their order; null where there is none. The caller owns the values. */
  getMany(keys: readonly Uint8Array[]): Promise<(Uint8Array | null)[]>;
  /**
   * All entries with `from <= key < to`, in key order, in chunks of a bounded size, as they stood when the first chunk
   * was asked for. The caller owns keys and values.
   */
  scan(from: Uint8Array, to: Uint8Array): AsyncIterable<readonly StoreEntry[]>;
  /** All entries with the very position that they stand for, whatever is written meanwhile and afterwards. */
  capture(): Promise<Capture>;
  /** Removes everything, the position too; afterwards the store is as good as new. */
  clear(): Promise<void>;
  /** Waits for what is under way. A store that is closed refuses everything but another `close`. */
  close(): Promise<void>;
}

/** Why a store was not used. */
export type SetAsideReason =
  /** It belongs to another cell. */
  | 'other-cell'
  /** It was written with another row layout, older or newer. */
  | 'other-layout'
  /** Something in it is missing or is not what was written. */
  | 'corrupt'
  /** It cannot be opened at all. */
  | 'unopenable';

/** A store that was found and not used; it is kept for whoever wants to know. */
export interface SetAside {
  readonly reason: SetAsideReason;
  /** A sentence that says what was found. */
  readonly detail: string;
  /** Where it is now. */
  readonly place: string;
}

/** The answer to opening a store. */
export interface OpenedStore {
  readonly store: Store;
  /** Set if there was a store that could not be used; the one that was opened is empty then. To be reported. */
  readonly setAside: SetAside | null;
}
