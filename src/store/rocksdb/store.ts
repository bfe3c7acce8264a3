import { StoreCorrupt, StoreError } from '../errors.js';
import { checkKey, checkPosition } from '../guard.js';
import { compareKeys, everything } from '../keys.js';
import type { Capture, Store, StoreEntry, StoreIdentity, StoreOperation, StorePosition } from '../port.js';
import { encodePosition } from '../position.js';
import { SEAL_BYTES, sealInto, unseal } from '../seal.js';
import { usablePosition } from '../usable.js';
import { BATCH_RANGE, batchKey, batchRecord, readRecords } from './batches.js';
import { asBuffer } from './database.js';
import type { Folder } from './folder.js';
import type { Opened } from './opened.js';
import { RangeReader } from './reader.js';

/** So many operations or bytes of a batch are put together before others get the event loop. */
const SLICE_OPERATIONS = 256;
const SLICE_BYTES = 1 << 20;

/** With each batch at most so many records of older batches are deleted. */
const RECORDS_PER_BATCH = 64;

/** Every so many batches the log is looked at. */
const OBSERVE_BATCHES = 32;

/** So many records of batches are kept before memory is made a table on purpose: an idle cell's never fills. */
const RECORDS_MAX = 16_384;

/** The store on RocksDB. Its promises are those of the port. */
export class RocksStore implements Store {
  /** Writes follow each other. */
  #tail: Promise<void> = Promise.resolve();
  /** Why nothing is written any more. */
  #failed: unknown = null;
  #closed: Promise<void> | null = null;
  /** Scans that are under way. */
  readonly #readers = new Set<Promise<RangeReader>>();
  #sealed = Buffer.allocUnsafeSlow(SLICE_BYTES);

  constructor(
    private readonly folder: Folder,
    private readonly identity: StoreIdentity,
    private opened: Opened,
  ) {}

  position(): StorePosition | null {
    return this.opened.position;
  }

  write(operations: Iterable<StoreOperation>, position: StorePosition): Promise<void> {
    return this.#inTurn(() => this.#write(operations, position));
  }

  async getMany(keys: readonly Uint8Array[]): Promise<(Uint8Array | null)[]> {
    this.#checkOpen();
    for (const key of keys) checkKey(key);
    if (keys.length === 0) return [];
    return this.#condemning(async () => {
      const sealed = await this.opened.db.getMany(keys);
      return keys.map((key, i) => (sealed[i] === undefined ? null : unseal(key, sealed[i])));
    });
  }

  async *scan(from: Uint8Array, to: Uint8Array): AsyncGenerator<readonly StoreEntry[]> {
    this.#checkOpen();
    if (compareKeys(from, to) < 0) yield* this.#read(from, to);
  }

  /** The records of batches are read with the entries: the newest one says what all of them stand for. */
  async capture(): Promise<Capture> {
    this.#checkOpen();
    const reading = this.#read(BATCH_RANGE.from, everything().to);
    const end = async (): Promise<void> => void (await reading.return(undefined));
    try {
      return { ...(await this.#captured(reading)), end };
    } catch (error) {
      await end();
      throw error;
    }
  }

  async #captured(reading: AsyncGenerator<readonly StoreEntry[]>): Promise<Omit<Capture, 'end'>> {
    const records: StoreEntry[] = [];
    for (;;) {
      const { value, done } = await reading.next();
      const chunk = done === true ? [] : value;
      const own = chunk.findIndex(({ key }) => compareKeys(key, BATCH_RANGE.to) >= 0);
      records.push(...chunk.slice(0, own < 0 ? chunk.length : own));
      if (own < 0 && done !== true) continue;
      const found = records.length === 0 ? null : readRecords(records).position;
      const position = found === null ? null : usablePosition(found, this.identity);
      return { position, entries: goingOn(own < 0 ? [] : chunk.slice(own), reading) };
    }
  }

  async *#read(from: Uint8Array, to: Uint8Array): AsyncGenerator<readonly StoreEntry[]> {
    const opening = this.#condemning(() => RangeReader.open({ ...this.opened, folder: this.folder }, from, to));
    this.#readers.add(opening);
    const reader = await opening.catch((error: unknown) => {
      this.#readers.delete(opening);
      throw error;
    });
    try {
      for (;;) {
        this.#checkOpen();
        const entries = await this.#condemning(() => reader.next());
        if (entries.length === 0) return;
        yield entries;
      }
    } finally {
      this.#readers.delete(opening);
      await reader.end();
    }
  }

  clear(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#endDatabase();
      this.opened = await this.folder.renew();
    });
  }

  close(): Promise<void> {
    this.#closed ??= this.#tail.then(() => this.#endDatabase());
    return this.#closed;
  }

  /** Closing would end the scans without telling them. */
  async #endDatabase(): Promise<void> {
    await Promise.allSettled([...this.#readers].map(async (reader) => (await reader).end()));
    this.opened.tables.close();
    await this.opened.db.close();
    this.folder.leave();
  }

  /** After what was asked for before. A failure is remembered: a batch must not follow one that is missing. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#checkOpen();
    const result = this.#tail.then(async () => {
      if (this.#failed !== null) {
        throw new StoreError('store-closed', 'a write has failed before', { cause: this.#failed });
      }
      try {
        await this.#condemning(work);
      } catch (error) {
        this.#failed = error;
        throw error;
      }
    });
    this.#tail = result.catch(() => undefined);
    return result;
  }

  async #write(operations: Iterable<StoreOperation>, position: StorePosition): Promise<void> {
    const { db, records } = this.opened;
    checkPosition(position, this.identity, this.opened.position);
    const batch = db.batch();
    const put = (key: Uint8Array, value: Uint8Array): void => {
      if (this.#sealed.length < value.length + SEAL_BYTES) this.#sealed = Buffer.allocUnsafeSlow(2 * value.length);
      batch.put(asBuffer(key), this.#sealed.subarray(0, sealInto(this.#sealed, key, value)));
    };
    let slice = 0;
    let bytes = 0;
    for (const { key, value } of operations) {
      checkKey(key);
      if (value === null) batch.del(asBuffer(key));
      else put(key, value);
      slice += 1;
      bytes += value?.length ?? 0;
      if (slice < SLICE_OPERATIONS && bytes < SLICE_BYTES) continue;
      slice = 0;
      bytes = 0;
      await new Promise(setImmediate);
    }
    const removed = records.removable(RECORDS_PER_BATCH);
    for (const old of removed) batch.del(asBuffer(batchKey(old)));
    const oldest = records.oldestAfter(removed.length);
    put(batchKey(records.next), batchRecord(oldest, encodePosition(position)));
    await db.write(batch);
    records.written(removed.length);
    this.opened = { ...this.opened, position };
    await this.#boundRecords();
  }

  /** Finds out now and then which records of batches can go. */
  async #boundRecords(): Promise<void> {
    const { db, records } = this.opened;
    if (records.next % OBSERVE_BATCHES !== 0) return;
    if (records.count > RECORDS_MAX && records.removable(1).length === 0) {
      await db.compact(BATCH_RANGE.from, BATCH_RANGE.to);
    }
    // In this order: with nothing waiting and nobody writing, the oldest log is the one that is written.
    const waiting = Number(db.property('num-immutable-mem-table'));
    records.observe({ oldestLog: Number(db.property('min-log-number-to-keep')), waiting });
  }

  #checkOpen(): void {
    if (this.#closed !== null) throw new StoreError('store-closed', 'the store is closed');
  }

  /** Leaves a mark when something corrupt turns up, so that the next opening sets the store aside. */
  async #condemning<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof StoreCorrupt) this.folder.condemn(error.message);
      throw error;
    }
  }
}

/** Entries that were read already, and those behind them. */
async function* goingOn(
  first: readonly StoreEntry[],
  rest: AsyncGenerator<readonly StoreEntry[]>,
): AsyncGenerator<readonly StoreEntry[]> {
  if (first.length > 0) yield first;
  yield* rest;
}
