import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StoreCorrupt } from '../errors.js';
import { compareKeys } from '../keys.js';
import type { Database } from './database.js';
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

const LEVELS = 7;

const LINE = /^ (\d+):(\d+)\[\d+ \.\. \d+\]\['([0-9A-F]*)' seq:\d+, type:\d+ \.\. '([0-9A-F]*)' seq:\d+, type:\d+\]/gm;

/** The tables that make up the store now, as RocksDB lists them. */
export function liveTables(db: Database): LiveTable[] {
  const tables = [...db.property('sstables').matchAll(LINE)].map((line) => ({
    number: Number(line[1]),
    bytes: Number(line[2]),
    smallest: Buffer.from(line[3]!, 'hex'),
    largest: Buffer.from(line[4]!, 'hex'),
  }));
  let count = 0;
  for (let level = 0; level < LEVELS; level++) count += Number(db.property(`num-files-at-level${level}`));
  if (tables.length !== count) throw new Error(`assertion failed: ${tables.length} of ${count} tables understood`);
  return tables;
}

/**
 * What iterators of the binding leave out: it verifies the tables' checksums. Values with checksums of their own would
 * not do, because damage to a table's structure hides rows, or shows an older value with a checksum that is right; and
 * an iterator that meets such damage can end the process by an assertion, so verifying comes first.
 */
export class Tables {
  readonly #dir: string;
  readonly #read = new Map<number, Promise<TableFile>>();

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** Every table must be there with its size, and be readable; throws `StoreCorrupt`. */
  async checkListed(tables: readonly ListedTable[]): Promise<void> {
    for (const table of tables) {
      const { number, bytes } = table;
      const found = await stat(this.#path(number)).catch((error: unknown) => {
        throw faultOf(error, `look for table ${number}`);
      });
      if (found.size !== bytes) throw new StoreCorrupt(`table ${number} has ${found.size} bytes instead of ${bytes}`);
      await this.#table(table);
      this.#forgetSome();
    }
  }

  /** Verifies all blocks of `tables` that can hold a key of [from, to]; throws `StoreCorrupt`. */
  async verify(tables: readonly LiveTable[], from: Uint8Array, to: Uint8Array): Promise<void> {
    this.#forgetAllBut(tables);
    for (const table of tables) {
      if (compareKeys(table.largest, from) < 0 || compareKeys(table.smallest, to) > 0) continue;
      const file = await this.#table(table);
      await file.verify(from, to).catch((error: unknown) => {
        throw faultOf(error, `read table ${table.number}`);
      });
    }
  }

  #table({ number, bytes }: ListedTable): Promise<TableFile> {
    const known = this.#read.get(number);
    if (known !== undefined) return known;
    const opened = TableFile.read(this.#path(number), String(number), bytes).catch((error: unknown) => {
      this.#read.delete(number);
      throw faultOf(error, `read table ${number}`);
    });
    this.#read.set(number, opened);
    return opened;
  }

  /** Tables that were merged into others are not asked for again. */
  #forgetAllBut(tables: readonly LiveTable[]): void {
    const live = new Set(tables.map(({ number }) => number));
    for (const number of this.#read.keys()) {
      if (!live.has(number)) this.#read.delete(number);
    }
    this.#forgetSome();
  }

  /** Of too many the first ones have to be read again. */
  #forgetSome(): void {
    for (const number of this.#read.keys()) {
      if (this.#read.size <= INDEXES_MAX) return;
      this.#read.delete(number);
    }
  }

  #path(number: number): string {
    return join(this.#dir, `${String(number).padStart(6, '0')}.sst`);
  }
}
