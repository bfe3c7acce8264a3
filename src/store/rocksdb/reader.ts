import { StoreCorrupt } from '../errors.js';
import { compareKeys } from '../keys.js';
import type { StoreEntry } from '../port.js';
import { hex, unseal } from '../seal.js';
import type { Cursor, Database } from './database.js';
import { liveTables, type RangeCheck, type Tables } from './tables.js';

/** Entries of a range in ascending order, as they stood when the reader was made, every one verified. */
export class RangeReader {
  readonly #cursor: Cursor;
  readonly #check: RangeCheck;
  readonly #from: Uint8Array;
  readonly #to: Uint8Array;
  #last: Uint8Array | null = null;
  #ended: Promise<void> | null = null;

  private constructor(cursor: Cursor, check: RangeCheck, from: Uint8Array, to: Uint8Array) {
    this.#cursor = cursor;
    this.#check = check;
    this.#from = from;
    this.#to = to;
  }

  /**
   * Begins to read. The tables that are verified have to be those that the cursor reads: the ones that were in force
   * before and after it was made, if they are the same.
   */
  static async open(db: Database, tables: Tables, from: Uint8Array, to: Uint8Array): Promise<RangeReader> {
    for (;;) {
      const before = db.property('sstables');
      const cursor = db.cursor(from, to);
      const live = liveTables(db);
      if (db.property('sstables') === before) return new RangeReader(cursor, tables.check(live), from, to);
      await cursor.end();
    }
  }

  /** The next entries; none at the end. Throws `StoreCorrupt`. */
  async next(): Promise<StoreEntry[]> {
    const stored = await this.#cursor.next();
    const begin = this.#last ?? this.#from;
    await this.#check.verify(begin, stored[stored.length - 1]?.key ?? this.#to);
    return stored.map(({ key, value }) => {
      const last = this.#last;
      if (last === null ? compareKeys(key, this.#from) < 0 : compareKeys(key, last) <= 0) {
        throw new StoreCorrupt(`key ${hex(key)} is out of order`);
      }
      this.#last = key;
      return { key, value: unseal(key, value) };
    });
  }

  /** All entries that are left. */
  async rest(): Promise<StoreEntry[]> {
    const all: StoreEntry[] = [];
    for (let part = await this.next(); part.length > 0; part = await this.next()) all.push(...part);
    return all;
  }

  /** Lets go of the tables. */
  end(): Promise<void> {
    this.#ended ??= this.#cursor.end();
    return this.#ended;
  }
}
