import { resolve } from 'node:path';
import { StoreCorrupt } from '../errors.js';
import type { StoreIdentity } from '../guard.js';
import { Unusable, usablePosition } from '../identity.js';
import { everything, type KeyRange } from '../keys.js';
import type { OpenedStore, StoreEntry } from '../port.js';
import { BATCH_RANGE, BatchRecords, checkedNumbers } from './batches.js';
import type { Database } from './database.js';
import { faultOf, isOfTheMachine } from './faults.js';
import { Folder } from './folder.js';
import type { Opened } from './opened.js';
import { RangeReader } from './reader.js';
import { RocksStore } from './store.js';
import { liveTables, Tables } from './tables.js';

/** Which store to open, and how large its buffers are. */
export interface RocksStoreOptions extends StoreIdentity {
  readonly dir: string;
  /** Unpacked blocks kept in memory, in bytes; 64 MiB if not given. */
  readonly cacheBytes?: number;
  /** Rows kept in memory before they become a table, in bytes; 64 MiB if not given. Twice as much can be in use. */
  readonly writeBufferBytes?: number;
}

const MIB = 1 << 20;

/**
 * Opens the store in `dir`, or makes one there. One that belongs to another cell, has another layout, is corrupt or
 * cannot be opened is renamed to `<dir>.aside-<n>`, and an empty one is opened instead: the answer says so.
 * Throws a `StoreError` if the machine is to blame: locked by another process, disk full, no permission.
 */
export async function openRocksStore(options: RocksStoreOptions): Promise<OpenedStore> {
  const { cacheBytes = 64 * MIB, writeBufferBytes = 64 * MIB } = options;
  const folder = new Folder(resolve(options.dir), { cacheBytes, writeBufferBytes });
  await folder.sweep();
  try {
    const opened = await openChecked(folder, options);
    return { store: new RocksStore(folder, options, opened), fresh: opened.position === null, setAside: null };
  } catch (error) {
    if (!(error instanceof Unusable)) throw error;
    const place = await folder.setAside();
    const store = new RocksStore(folder, options, await folder.renew());
    return { store, fresh: true, setAside: { reason: error.reason, detail: error.message, place } };
  }
}

/** The database is opened first of all, because that takes its lock: nobody's open store is set aside. */
async function openChecked(folder: Folder, identity: StoreIdentity): Promise<Opened> {
  const db = await folder.open().catch((error: unknown) => {
    const fault = faultOf(error, 'open');
    if (isOfTheMachine(fault)) throw fault;
    throw new Unusable(fault.code === 'store-corrupt' ? 'corrupt' : 'unopenable', fault.message);
  });
  try {
    return await inspect(db, folder, identity);
  } catch (error) {
    await db.close();
    if (error instanceof StoreCorrupt) throw new Unusable('corrupt', error.message);
    throw error;
  }
}

/** What RocksDB doesn't look at: that every table is there, that no batch is missing, and whose store it is. */
async function inspect(db: Database, folder: Folder, identity: StoreIdentity): Promise<Opened> {
  const condemned = folder.condemned();
  if (condemned !== null) throw new Unusable('corrupt', condemned);
  const tables = new Tables(folder.dir);
  await tables.checkPresence(liveTables(db));
  const found = await reading(db, tables, BATCH_RANGE, (reader) => reader.rest());
  if (found.length === 0) {
    await checkEmpty(db, tables);
    return { db, tables, records: new BatchRecords(1, 0), position: null };
  }
  const { oldest, newest } = checkedNumbers(found);
  const position = usablePosition(found[found.length - 1]!.value, identity);
  return { db, tables, records: new BatchRecords(oldest, newest), position };
}

/** Rows without a position stand for nothing. */
async function checkEmpty(db: Database, tables: Tables): Promise<void> {
  const rows = await reading(db, tables, everything(), (reader) => reader.next());
  if (rows.length > 0) throw new StoreCorrupt('the store has rows and no position');
}

async function reading(
  db: Database,
  tables: Tables,
  { from, to }: KeyRange,
  read: (reader: RangeReader) => Promise<StoreEntry[]>,
): Promise<StoreEntry[]> {
  const reader = await RangeReader.open(db, tables, from, to);
  try {
    return await read(reader);
  } finally {
    await reader.end();
  }
}
