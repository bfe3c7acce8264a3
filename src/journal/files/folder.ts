import type { Disk } from './disk.js';
import type { Offsets } from './offsets.js';

/** A folder of segments, and what is known of it. */
export interface JournalFolder {
  readonly disk: Disk;
  readonly folder: string;
  /** The cell that it must be of; any, without it. */
  readonly cell?: string | undefined;
  /** The segment that its writer appends to just now; other readers know of none. */
  readonly active?: (() => ActiveSegment) | undefined;
}

/** The segment that a writer appends to. */
export interface ActiveSegment {
  readonly firstTurn: number;
  /** Where the last accepted record ends, in bytes. */
  readonly end: number;
  readonly offsets: Offsets;
}
