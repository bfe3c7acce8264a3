import { decodeTurnHeader } from '../../catalogue/turn.js';
import type { IncomingRecord, PartitionReader } from '../../kafka/partition-reader.js';

/** A search needs few bytes at a time; the broker gives at least one whole batch. */
const SEEK_BYTES = 64 * 1024;

/**
 * The first record of a turn, or null if the log ends before it or begins behind it. Each record moves the turn on by
 * one at most, and void ones not at all: so from a record of turn t the one of turn n is at least n - t records further
 * on, and a jump of so many never goes past it. `start` is the offset of the first record that is there.
 */
export async function seekTurn(reader: PartitionReader, turn: number, start: number): Promise<IncomingRecord | null> {
  // A turn is never before the offset with its number less one.
  let offset = Math.max(start, turn - 1);
  for (;;) {
    const { records, next, end } = await reader.read(offset, { maxWaitMs: 0, maxBytes: SEEK_BYTES });
    let last = 0;
    for (const record of records) {
      last = turnOf(record);
      if (last === turn) return record;
    }
    if (last > turn) return null;
    if (next >= end) return null;
    offset = Math.max(next, next - 1 + (turn - last));
    // A jump past the end means that void records are behind: the turn may still be among the last ones.
    if (offset >= end) offset = next;
  }
}

/** The turn that a record names; 0 for one that is none. */
export function turnOf({ value }: IncomingRecord): number {
  try {
    return value === null ? 0 : decodeTurnHeader(value).turn;
  } catch {
    return 0;
  }
}
