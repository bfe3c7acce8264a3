import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { BatchRecords } from './batches.js';
import { Database, type DatabaseSizes } from './database.js';
import { faultOf } from './faults.js';
import type { Opened } from './opened.js';
import { Tables } from './tables.js';

/** A file in the folder that says why the store must not be used again. RocksDB leaves it alone. */
const MARK = 'SET-ASIDE-BECAUSE';

/** The folder that holds one store, and its neighbours: stores that were set aside. */
export class Folder {
  constructor(
    readonly dir: string,
    readonly sizes: DatabaseSizes,
  ) {}

  /** Why an earlier reader found this store corrupt, or null. */
  condemned(): string | null {
    const mark = join(this.dir, MARK);
    return existsSync(mark) ? readFileSync(mark, 'utf8') : null;
  }

  /** Marks the store, so that it is set aside when it is opened next. */
  condemn(why: string): void {
    try {
      writeFileSync(join(this.dir, MARK), why);
    } catch {
      // A disk that refuses this too will be found out again; the caller gets the first error in any case.
    }
  }

  /** Opens the folder's database, or makes it. */
  async open(): Promise<Database> {
    await mkdir(this.dir, { recursive: true });
    return Database.open(this.dir, this.sizes);
  }

  /** Moves the folder out of the way; returns where it is now. */
  async setAside(): Promise<string> {
    const name = `${basename(this.dir)}.aside-`;
    const numbers = readdirSync(dirname(this.dir))
      .filter((other) => other.startsWith(name))
      .map((other) => Number(other.slice(name.length)) || 0);
    const place = `${this.dir}.aside-${Math.max(0, ...numbers) + 1}`;
    await rename(this.dir, place).catch((error: unknown) => {
      throw faultOf(error, 'set the store aside');
    });
    return place;
  }

  /** Puts an empty database in the place of the closed one. */
  async renew(): Promise<Opened> {
    await this.sweep();
    if (existsSync(this.dir)) await rename(this.dir, this.#cleared);
    const db = await this.open();
    await this.sweep();
    return { db, tables: new Tables(this.dir), records: new BatchRecords(1, 0), position: null };
  }

  /** Removes what a clearing left that was broken off. */
  async sweep(): Promise<void> {
    await rm(this.#cleared, { recursive: true, force: true });
  }

  get #cleared(): string {
    return `${this.dir}.cleared`;
  }
}
