import { StoreCorrupt } from '../errors.js';
import type { StoreEntry } from '../port.js';

/**
 * Every batch leaves a record under its own number: the position that it stands for, and the number of the oldest
 * record that is kept beside it. RocksDB opens without complaint when a part or a whole file of its log of recent
 * batches is gone, or the end of the list of its tables; the store would then hold a batch without one before it.
 * Missing records show that. So a record stays as long as a batch after it is in the log only, and the newest record
 * that is certainly in a table stays too.
 */

const RECORD = [0x00, 0x01] as const;
const NUMBER_BYTES = 7;

/** All records. */
export const BATCH_RANGE = { from: Uint8Array.from(RECORD), to: Uint8Array.of(0x00, 0x02) } as const;

/** Key of a batch's record: two bytes, and its number in seven, big-endian. */
export function batchKey(batch: number): Uint8Array {
  const key = new Uint8Array(RECORD.length + NUMBER_BYTES);
  key.set(RECORD, 0);
  putNumber(key, RECORD.length, batch);
  return key;
}

/** A record: the number of the oldest one that is kept, and the position. */
export function batchRecord(oldest: number, position: Uint8Array): Uint8Array {
  const value = new Uint8Array(NUMBER_BYTES + position.length);
  putNumber(value, 0, oldest);
  value.set(position, NUMBER_BYTES);
  return value;
}

/** What the records of a store say: which ones are there, and the position of the newest. */
export interface FoundBatches {
  readonly oldest: number;
  readonly newest: number;
  readonly position: Uint8Array;
}

/** Reads the records, of which there is at least one; throws `StoreCorrupt` if one is missing that should be there. */
export function readRecords(records: readonly StoreEntry[]): FoundBatches {
  const last = records[records.length - 1]!;
  const oldest = getNumber(last.value, 0);
  const newest = getNumber(last.key, RECORD.length);
  records.forEach(({ key }, i) => {
    const found = getNumber(key, RECORD.length);
    if (found !== oldest + i) throw new StoreCorrupt(`batch ${oldest + i} is missing, batch ${found} is there`);
  });
  if (newest - oldest + 1 !== records.length) throw new StoreCorrupt(`batches before ${newest} are missing`);
  return { oldest, newest, position: last.value.subarray(NUMBER_BYTES) };
}

function putNumber(bytes: Uint8Array, at: number, value: number): void {
  for (let i = at + NUMBER_BYTES - 1, rest = value; i >= at; i--, rest = Math.floor(rest / 256)) bytes[i] = rest % 256;
}

function getNumber(bytes: Uint8Array, at: number): number {
  return bytes.subarray(at, at + NUMBER_BYTES).reduce((sum, byte) => sum * 256 + byte, 0);
}

/** What RocksDB says about its log at a moment between two writes. */
export interface LogState {
  /** Number of the oldest log file that is still needed. */
  readonly oldestLog: number;
  /** Memtables that are full and not a table yet. */
  readonly waiting: number;
}

/** Decides which records can go. */
export class BatchRecords {
  #newest: number;
  /** The oldest record that is still there. */
  #oldest: number;
  /** Batches up to this one are in tables, for certain; 0 if none is. */
  #settled: number;
  /** Batches up to `batch` are in log files up to `log`, for certain. */
  #mark: { readonly batch: number; readonly log: number } | null = null;

  /** Opening turns the whole log into tables, so what was there then is settled. */
  constructor(oldest: number, newest: number) {
    this.#oldest = oldest;
    this.#newest = newest;
    this.#settled = newest;
  }

  /** The number of the next batch. */
  get next(): number {
    return this.#newest + 1;
  }

  /** How many records are there. */
  get count(): number {
    return this.#newest - this.#oldest + 1;
  }

  /** The oldest record that is kept once so many have been removed. */
  oldestAfter(removed: number): number {
    return this.#oldest + removed;
  }

  /** At most `limit` batches whose records are not needed any more, so that they can go with the next batch. */
  removable(limit: number): readonly number[] {
    const count = Math.max(0, Math.min(limit, this.#settled - this.#oldest));
    return Array.from({ length: count }, (_, i) => this.#oldest + i);
  }

  /** A batch was written that removed the records of so many batches. */
  written(removed: number): void {
    this.#newest += 1;
    this.#oldest += removed;
  }

  /** Takes note of the log. With nothing waiting, all batches so far are in its oldest needed file or before it. */
  observe({ oldestLog, waiting }: LogState): void {
    if (this.#mark !== null && oldestLog > this.#mark.log) this.#settled = this.#mark.batch;
    if (waiting === 0) this.#mark = { batch: this.#newest, log: oldestLog };
  }
}
