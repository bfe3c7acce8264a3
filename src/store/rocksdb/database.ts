import type RocksDb from 'rocksdb';
import type { RocksBatch, RocksIterator } from 'rocksdb';
import { StoreError } from '../errors.js';
import type { StoreEntry } from '../port.js';
import { loadedBinding } from './binding.js';
import { faultOf, isOfTheMachine } from './faults.js';

/** Blocks of the tables that are kept unpacked in memory. */
const CACHE_BYTES = 64 * 1024 * 1024;

/** Rows that are kept in memory before they become a table. Large, because the journal is what is synced. */
const WRITE_BUFFER_BYTES = 64 * 1024 * 1024;

/** Small enough for a lookup, large enough to be packed well. */
const BLOCK_BYTES = 8 * 1024;

/** One hop to the thread pool brings about so many bytes of a scan. */
const HOP_BYTES = 512 * 1024;

/** All tables stay open: their index and filter are read, and their checksums verified, once. */
const KEEP_ALL_OPEN = -1;

/** A lookup of fewer keys isn't worth a second hop to the thread pool. */
const KEYS_PER_HOP = 128;

/** Lookups of one call at the same time: the thread pool has four threads, and the journal needs one. */
const HOPS_MAX = 3;

/** The same bytes as a Buffer: the binding takes nothing else. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** RocksDB with promises, and with faults instead of messages. Bloom filter: ten bits a key, built into the binding. */
export class Database {
  private constructor(
    private readonly db: RocksDb,
    private readonly dir: string,
  ) {}

  /** Opens the folder, or makes it. Throws a `StoreError`. */
  static async open(dir: string, writeBufferBytes = WRITE_BUFFER_BYTES): Promise<Database> {
    const db = new (await loadedBinding())(dir);
    const options = {
      createIfMissing: true,
      compression: true,
      cacheSize: CACHE_BYTES,
      writeBufferSize: writeBufferBytes,
      blockSize: BLOCK_BYTES,
      maxOpenFiles: KEEP_ALL_OPEN,
    };
    await settled(dir, 'open', (done) => db.open(options, done));
    return new Database(db, dir);
  }

  /**
   * Finds out whether another process has the folder open: throws `store-locked` then, or why the lock can't be had, as it
   * may not be opened: asked a second time, RocksDB says of such a lock that this process holds it. RocksDB takes the lock
   * before it looks at anything else, and here it is told to refuse whatever it finds.
   */
  static async checkUnlocked(dir: string): Promise<void> {
    const Binding = await loadedBinding();
    const fault = await settled(dir, 'open', (done) =>
      new Binding(dir).open({ createIfMissing: false, errorIfExists: true }, done),
    ).catch((error: StoreError) => error);
    if (fault instanceof StoreError && isOfTheMachine(fault)) throw fault;
  }

  /** Ends iterators, waits for what is under way, closes. */
  close(): Promise<void> {
    return settled(this.dir, 'close', (done) => this.db.close(done));
  }

  /** Values in the order of the keys. Their blocks' checksums are verified. */
  async getMany(keys: readonly Uint8Array[]): Promise<(Buffer | undefined)[]> {
    const hops = Math.max(1, Math.min(HOPS_MAX, Math.ceil(keys.length / KEYS_PER_HOP)));
    if (hops === 1) return this.#hop(keys);
    const share = Math.ceil(keys.length / hops);
    const parts = Array.from({ length: hops }, (_, i) => this.#hop(keys.slice(i * share, (i + 1) * share)));
    return (await Promise.all(parts)).flat();
  }

  #hop(keys: readonly Uint8Array[]): Promise<(Buffer | undefined)[]> {
    return new Promise((resolve, reject) => {
      this.db.getMany(keys.map(asBuffer), { fillCache: true }, (error, values) => {
        if (error) reject(faultOf(error, 'read', this.dir));
        else resolve(values);
      });
    });
  }

  /** An empty batch; `write` stores all of it or nothing. */
  batch(): RocksBatch {
    return this.db.batch();
  }

  /** Stores a batch: in the log, which is not synced. */
  write(batch: RocksBatch): Promise<void> {
    return settled(this.dir, 'write', (done) => batch.write({ sync: false }, done));
  }

  /** A cursor over a range, as it stands now. It verifies nothing. */
  cursor(from: Uint8Array, to: Uint8Array): Cursor {
    const range = { gte: asBuffer(from), lt: asBuffer(to), fillCache: false, highWaterMark: HOP_BYTES };
    return new Cursor(this.db.iterator(range), this.dir);
  }

  /** Makes tables of what is in memory, if the range has something there, and merges the range's tables. */
  compact(from: Uint8Array, to: Uint8Array): Promise<void> {
    return settled(this.dir, 'compact', (done) => this.db.compactRange(asBuffer(from), asBuffer(to), done));
  }

  /** One of RocksDB's own properties, '' if it has no such one. */
  property(name: string): string {
    return this.db.getProperty(`rocksdb.${name}`);
  }
}

/** Reads a range in chunks. It holds its tables until it is ended. */
export class Cursor {
  constructor(
    private readonly iterator: RocksIterator,
    private readonly dir: string,
  ) {}

  /** The next entries, as they are stored; none at the end. */
  next(): Promise<StoreEntry[]> {
    return new Promise((resolve, reject) => {
      this.iterator.next((error, key, value) => {
        if (error) return reject(faultOf(error, 'scan', this.dir));
        if (key === undefined || value === undefined) return resolve([]);
        const entries: StoreEntry[] = [{ key, value }];
        // Asking for each entry would cost a tick of the event loop; the rest of the hop's is here already.
        const rest = this.iterator.cache ?? [];
        for (let i = rest.length - 1; i > 0; i -= 2) entries.push({ key: rest[i]!, value: rest[i - 1]! });
        rest.length = 0;
        resolve(entries);
      });
    });
  }

  end(): Promise<void> {
    return settled(this.dir, 'scan', (done) => this.iterator.end(done));
  }
}

function settled(
  dir: string,
  doing: string,
  start: (done: (error: Error | null | undefined) => void) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => (error ? reject(faultOf(error, doing, dir)) : resolve()));
  });
}
