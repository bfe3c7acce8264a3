import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StoreCorrupt } from '../errors.js';
import { compareKeys } from '../keys.js';
import { faultOf } from './faults.js';
import type { ListedTable } from './manifest.js';
import { TableFile } from './table-file.js';

/** A table that is in force. */
export interface LiveTable extends ListedTable {
  readonly smallest: Uint8Array;
  readonly largest: Uint8Array;
}

/** Indexes of more tables are not kept: 64 of them are 4 GB of rows, and a few MB of keys. */
const INDEXES_MAX = 64;

/** So many tables are verified at the same time. */
const PARALLEL = 8;

const TABLE = /^ (\d+):(\d+)\[\d+ \.\. \d+\]\['([0-9A-F]*)' seq:\d+, type:\d+ \.\. '([0-9A-F]*)' seq:\d+, type:\d+\]/;

/** Reads RocksDB's property `sstables`: a line for each level, and a line for each table. */
export function parseListing(listing: string): LiveTable[] {
  return listing
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('---'))
    .map((line) => {
      const [, number, bytes, smallest, largest] = TABLE.exec(line) ?? [];
      if (smallest === undefined || largest === undefined)
        throw new Error(`assertion failed: a table listed as ${line}`);
      return {
        number: Number(number),
        bytes: Number(bytes),
        smallest: Buffer.from(smallest, 'hex'),
        largest: Buffer.from(largest, 'hex'),
      };
    });
}

/**
 * What iterators of the binding leave out: it verifies the tables' checksums. Values with checksums of their own would
 * not do, because damage to a table's structure hides rows, or shows an older value with a checksum that is right; and
 * an iterator that meets such damage can end the process by an assertion, so verifying comes first.
 */
export class Tables {
  readonly #read = new Map<number, Promise<TableFile>>();
  #listing: { readonly text: string; readonly tables: readonly LiveTable[] } = { text: '', tables: [] };

  constructor(private readonly dir: string) {}

  /** Every table must be there with its size, and be readable; throws `StoreCorrupt`. */
  async checkListed(tables: readonly ListedTable[]): Promise<void> {
    for (const table of tables) {
      const { number, bytes } = table;
      const found = await stat(this.#path(number)).catch((error: unknown) => {
        throw faultOf(error, `look for table ${number}`, this.dir);
      });
      if (found.size !== bytes) throw new StoreCorrupt(`table ${number} has ${found.size} bytes instead of ${bytes}`);
      await this.#table(table);
      this.#forgetSome();
    }
  }

  /** The tables of a listing. Most listings are the same as the one before. */
  listed(listing: string): readonly LiveTable[] {
    if (listing !== this.#listing.text) {
      this.#listing = { text: listing, tables: parseListing(listing) };
      this.#forgetAllBut(this.#listing.tables);
    }
    return this.#listing.tables;
  }

  /** Verifies all blocks of `tables` that can hold a key of [from, to]; throws `StoreCorrupt`. */
  async verify(tables: readonly LiveTable[], from: Uint8Array, to: Uint8Array): Promise<void> {
    const touched = tables.filter(
      ({ smallest, largest }) => compareKeys(largest, from) >= 0 && compareKeys(smallest, to) <= 0,
    );
    for (let at = 0; at < touched.length; at += PARALLEL) {
      await Promise.all(touched.slice(at, at + PARALLEL).map((table) => this.#verifyTable(table, from, to)));
      this.#forgetSome();
    }
  }

  async #verifyTable(table: LiveTable, from: Uint8Array, to: Uint8Array): Promise<void> {
    const file = await this.#table(table);
    await file.verify(from, to).catch((error: unknown) => {
      throw faultOf(error, `read table ${table.number}`, this.dir);
    });
  }

  /** Closes what was opened. */
  close(): void {
    for (const number of this.#read.keys()) this.#forget(number);
  }

  #table({ number, bytes }: ListedTable): Promise<TableFile> {
    const known = this.#read.get(number);
    if (known !== undefined) return known;
    const opened = TableFile.read(this.#path(number), String(number), bytes).catch((error: unknown) => {
      this.#read.delete(number);
      throw faultOf(error, `read table ${number}`, this.dir);
    });
    this.#read.set(number, opened);
    return opened;
  }

  /** Tables that were merged into others are not asked for again. */
  #forgetAllBut(tables: readonly LiveTable[]): void {
    const live = new Set(tables.map(({ number }) => number));
    for (const number of this.#read.keys()) {
      if (!live.has(number)) this.#forget(number);
    }
  }

  /** Of too many the first ones have to be read again. */
  #forgetSome(): void {
    for (const number of this.#read.keys()) {
      if (this.#read.size <= INDEXES_MAX) return;
      this.#forget(number);
    }
  }

  #forget(number: number): void {
    this.#read.get(number)?.then(
      (file) => file.retire(),
      () => undefined,
    );
    this.#read.delete(number);
  }

  #path(number: number): string {
    return join(this.dir, `${String(number).padStart(6, '0')}.sst`);
  }
}
