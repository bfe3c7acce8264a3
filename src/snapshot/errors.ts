import type { ErrorCode } from '../catalogue/generated/errors.js';

/**
 * Why a snapshot can't be used: its bytes are not those that were written; or it is of another cell, row layout or
 * history; or of a format that this program doesn't know; or it can't be read at all.
 */
export type SnapshotErrorCode = Extract<
  ErrorCode,
  'snapshot-damaged' | 'snapshot-unusable' | 'unknown-version' | 'unreadable-file'
>;

export class SnapshotError extends Error {
  override readonly name = 'SnapshotError';

  constructor(
    readonly code: SnapshotErrorCode,
    /** The snapshot's name. */
    readonly snapshot: string,
    /** What was found. */
    readonly detail: string,
  ) {
    super(`${snapshot}: ${detail}`);
  }
}
