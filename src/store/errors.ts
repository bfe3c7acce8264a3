/**
 * What a store refuses with.
 *
 * - `store-corrupt`: a row or the store itself is not what was written. The owner closes the store and opens it again:
 *   a store that was found corrupt is set aside then, and rebuilt from the journal.
 * - `store-locked`: another process has the store open. Nothing is touched.
 * - `disk-full`: no room. What was not written stays unwritten; the same store opens when there is room.
 * - `store-unavailable`: the disk refuses for another reason (I/O error, read-only, permissions).
 * - `node-not-supported`: this Node can't load the store's library. Nothing is touched.
 * - `store-closed`: it was closed before, or a write failed before, after which no later one may be written.
 */
export type StoreErrorCode =
  | 'store-corrupt'
  | 'store-locked'
  | 'disk-full'
  | 'store-unavailable'
  | 'node-not-supported'
  | 'store-closed';

/** A fault of the store, with its stable code; the cause is what the disk or the library said. */
export class StoreError extends Error {
  override readonly name: string = 'StoreError';

  constructor(
    readonly code: StoreErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** What is stored is not what was written. */
export class StoreCorrupt extends StoreError {
  override readonly name = 'StoreCorrupt';

  constructor(message: string, options?: ErrorOptions) {
    super('store-corrupt', message, options);
  }
}
