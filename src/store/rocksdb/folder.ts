import { closeSync, existsSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { BatchRecords } from './batches.js';
import { Database } from './database.js';
import { faultOf } from './faults.js';
import type { Opened } from './opened.js';
import { Tables } from './tables.js';

/** A file in the folder that says whether somebody scans. RocksDB leaves it alone. */
const SCANNING = 'SCANNING';
const YES = '1';
const NO = '0';

/** A file in the folder that is there while RocksDB opens it, and says how often that has not come to an end. */
const OPENING = 'OPENING';

/** So many openings that end the process in a row are not chance: this store must not be opened again. */
const OPENINGS_MAX = 3;

/** A file in the folder that says why the store must not be used again. RocksDB leaves it alone. */
const MARK = 'SET-ASIDE-BECAUSE';

/** The folder that holds one store, and its neighbours: stores that were set aside. */
export class Folder {
  #scans = 0;
  /** The open file of the mark: writing one byte costs far less than making and removing a file. */
  #scanning: number | null = null;

  constructor(
    readonly dir: string,
    private readonly writeBufferBytes: number | undefined,
  ) {}

  /** Marks the store, so that it is set aside when it is opened next. */
  condemn(why: string): void {
    attempt(() => writeFileSync(join(this.dir, MARK), why));
  }

  /** Whether the process ended in a scan, as one does that meets damage where nobody has verified. */
  endedInScan(): boolean {
    const mark = join(this.dir, SCANNING);
    return existsSync(mark) && readFileSync(mark, 'latin1') === YES;
  }

  /** To be called before a scan and, with what it returns, after it. */
  beginScan(): () => void {
    this.#scans += 1;
    if (this.#scans === 1) this.#markScanning(YES);
    return () => {
      this.#scans -= 1;
      if (this.#scans === 0) this.#markScanning(NO);
    };
  }

  #markScanning(answer: string): void {
    attempt(() => {
      this.#scanning ??= openSync(join(this.dir, SCANNING), 'w');
      writeSync(this.#scanning, answer, 0);
    });
  }

  /** Nobody scans any more, and the folder may be moved. */
  leave(): void {
    const file = this.#scanning;
    this.#scanning = null;
    if (file !== null) attempt(() => closeSync(file));
  }

  /** Why the store must not be opened, or null. */
  refused(): string | null {
    const mark = join(this.dir, MARK);
    if (existsSync(mark)) return readFileSync(mark, 'utf8');
    const openings = this.#openings();
    return openings >= OPENINGS_MAX ? `${openings} openings have ended the process` : null;
  }

  /** Whether rows are there without the file that leads to them; RocksDB would begin anew beside them. */
  isHeadless(): boolean {
    const names = existsSync(this.dir) ? readdirSync(this.dir) : [];
    return !names.includes('CURRENT') && names.some((name) => /\.(sst|log)$/.test(name));
  }

  /** Makes the folder if it isn't there. Throws a `StoreError` if it cannot be used, or is in use. */
  async enter(): Promise<void> {
    await mkdir(this.dir, { recursive: true }).catch((error: unknown) => {
      throw faultOf(error, 'make the folder', this.dir);
    });
    await Database.checkUnlocked(this.dir);
  }

  /** Opens the folder's database, or makes it. */
  async open(): Promise<Database> {
    const opening = join(this.dir, OPENING);
    attempt(() => writeFileSync(opening, String(this.#openings() + 1)));
    try {
      return await Database.open(this.dir, this.writeBufferBytes);
    } finally {
      attempt(() => rmSync(opening, { force: true }));
    }
  }

  #openings(): number {
    const opening = join(this.dir, OPENING);
    return existsSync(opening) ? Number(readFileSync(opening, 'utf8')) || 0 : 0;
  }

  /** Moves the folder out of the way; returns where it is now. */
  async setAside(): Promise<string> {
    this.leave();
    const name = `${basename(this.dir)}.aside-`;
    const numbers = readdirSync(dirname(this.dir))
      .filter((other) => other.startsWith(name))
      .map((other) => Number(other.slice(name.length)) || 0);
    const place = `${this.dir}.aside-${Math.max(0, ...numbers) + 1}`;
    await this.#moveTo(place, 'set the store aside');
    return place;
  }

  /** Puts an empty database in the place of the closed one. */
  async renew(): Promise<Opened> {
    this.leave();
    await this.sweep();
    if (existsSync(this.dir)) await this.#moveTo(this.#cleared, 'clear the store');
    await this.enter();
    const db = await this.open();
    await this.sweep();
    return { db, tables: new Tables(this.dir), records: new BatchRecords(1, 0), position: null };
  }

  /** Removes what a clearing left that was broken off. */
  async sweep(): Promise<void> {
    await rm(this.#cleared, { recursive: true, force: true });
  }

  /** No mount point can be moved, above all. */
  async #moveTo(place: string, doing: string): Promise<void> {
    await rename(this.dir, place).catch((error: unknown) => {
      throw faultOf(error, doing, this.dir);
    });
  }

  get #cleared(): string {
    return `${this.dir}.cleared`;
  }
}

/** For marks only: a disk that refuses them refuses more than them, and whoever reads or writes rows will say so. */
function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // See above.
  }
}
