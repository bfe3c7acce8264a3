import { hex } from '../../catalogue/hex.js';
import { StoreCorrupt } from '../errors.js';
import { compareKeys } from '../keys.js';
import type { StoreEntry } from '../port.js';
import { unseal } from '../seal.js';
import type { Cursor, Database } from './database.js';
import type { Folder } from './folder.js';
import type { Tables } from './tables.js';

/** What is read: a database, and what RocksDB leaves to us. */
export interface Readable {
  readonly folder: Folder;
  readonly db: Database;
  readonly tables: Tables;
}

/** Entries of a range in ascending order, as they stood when the reader was made, every one verified. */
export class RangeReader {
  #last: Uint8Array | null = null;
  #ended: Promise<void> | null = null;

  private constructor(
    private readonly cursor: Cursor,
    private readonly from: Uint8Array,
    private readonly leave: () => void,
  ) {}

  /**
   * Verifies the range and begins to read it. Throws `StoreCorrupt`. The tables that are verified have to be those
   * that the cursor reads: the ones in force before and after it was made, if they are the same.
   */
  static async open({ folder, db, tables }: Readable, from: Uint8Array, to: Uint8Array): Promise<RangeReader> {
    const leave = folder.beginScan();
    for (;;) {
      const before = db.property('sstables');
      const reader = new RangeReader(db.cursor(from, to), from, leave);
      try {
        if (db.property('sstables') === before) {
          await tables.verify(tables.listed(before), from, to);
          return reader;
        }
        await reader.cursor.end();
      } catch (error) {
        await reader.end();
        throw error;
      }
    }
  }

  /** The next entries; none at the end. Throws `StoreCorrupt`. */
  async next(): Promise<StoreEntry[]> {
    const stored = await this.cursor.next();
    return stored.map(({ key, value }) => {
      const last = this.#last;
      if (last === null ? compareKeys(key, this.from) < 0 : compareKeys(key, last) <= 0) {
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
    this.#ended ??= this.cursor.end().finally(this.leave);
    return this.#ended;
  }
}
