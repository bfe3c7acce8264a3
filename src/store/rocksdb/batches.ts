import { StoreCorrupt } from '../errors.js';
import type { StoreEntry } from '../port.js';

/**
 * Every batch leaves a record under its own number, with the position that it stands for. RocksDB's log of recent
 * batches is read without complaint when a part or a whole file of it is gone; the store would then hold a batch
 * without one before it. A gap in the numbers shows that. So a record stays until the batches after it cannot lose
 * one before it any more, that is, until a table holds it; the newest stays always.
 */

const RECORD = [0x00, 0x01] as const;

/** All records. */
export const BATCH_RANGE = { from: Uint8Array.from(RECORD), to: Uint8Array.of(0x00, 0x02) } as const;

/** Key of a batch's record: two bytes, and its number in seven, big-endian. */
export function batchKey(batch: number): Uint8Array {
  const key = new Uint8Array(9);
  key.set(RECORD, 0);
  for (let i = 8, rest = batch; i > 1; i--, rest = Math.floor(rest / 256)) key[i] = rest % 256;
  return key;
}

/** The numbers of the oldest and the newest batch with a record; throws `StoreCorrupt` if one between them is missing. */
export function checkedNumbers(records: readonly StoreEntry[]): { readonly oldest: number; readonly newest: number } {
  const numbers = records.map(({ key }) => key.subarray(2).reduce((sum, byte) => sum * 256 + byte, 0));
  for (let i = 1; i < numbers.length; i++) {
    if (numbers[i] !== numbers[i - 1]! + 1) {
      throw new StoreCorrupt(`batches between ${numbers[i - 1]} and ${numbers[i]} are missing`);
    }
  }
  return { oldest: numbers[0]!, newest: numbers[numbers.length - 1]! };
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
  /** Batches up to this one are in tables. */
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

  /** At most `limit` batches whose records can be deleted with the next batch; the newest is never among them. */
  removable(limit: number): readonly number[] {
    const last = Math.min(this.#settled, this.#newest - 1, this.#oldest + limit - 1);
    return Array.from({ length: Math.max(0, last - this.#oldest + 1) }, (_, i) => this.#oldest + i);
  }

  /** A batch was written that deleted the records of so many batches. */
  written(removed: number): void {
    this.#newest += 1;
    this.#oldest += removed;
  }

  /** Takes note of the log. With nothing waiting, all batches so far are in its oldest needed file or before it. */
  observe({ oldestLog, waiting }: LogState): void {
    if (this.#mark !== null && oldestLog > this.#mark.log) {
      this.#settled = this.#mark.batch;
      this.#mark = null;
    }
    if (this.#mark === null && waiting === 0) this.#mark = { batch: this.#newest, log: oldestLog };
  }
}
