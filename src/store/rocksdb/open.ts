import { resolve } from 'node:path';
import { StoreCorrupt, StoreError } from '../errors.js';
import { everything, type KeyRange } from '../keys.js';
import type { OpenedStore, StoreEntry, StoreIdentity } from '../port.js';
import { Unusable, usablePosition } from '../usable.js';
import { BATCH_RANGE, BatchRecords, readRecords } from './batches.js';
import { loadedBinding } from './binding.js';
import { isOfTheMachine } from './faults.js';
import { Folder } from './folder.js';
import { listedTables } from './manifest.js';
import type { Opened } from './opened.js';
import { RangeReader, type Readable } from './reader.js';
import { RocksStore } from './store.js';
import { Tables } from './tables.js';

/** Which store to open, and how large its buffer is. */
export interface RocksStoreOptions extends StoreIdentity {
  readonly dir: string;
  /** Rows kept in memory before they become a table, in bytes; 64 MiB if not given. Twice as much can be in use. */
  readonly writeBufferBytes?: number;
}

/** Reading this verifies all tables. */
const EVERY_KEY: KeyRange = { from: Uint8Array.of(0), to: Uint8Array.of(0xff) };

/**
 * Opens the store in `dir`, or makes one there. One that belongs to another cell, has another layout, is corrupt or
 * cannot be opened is renamed to `<dir>.aside-<n>`, and an empty one is opened instead: the answer says so.
 * Throws a `StoreError` if the machine is to blame: locked by another process, disk full, no permission, another Node.
 */
export async function openRocksStore(options: RocksStoreOptions): Promise<OpenedStore> {
  await loadedBinding();
  const folder = new Folder(resolve(options.dir), options.writeBufferBytes);
  await folder.sweep();
  try {
    const opened = await openChecked(folder, options);
    return { store: new RocksStore(folder, options, opened), setAside: null };
  } catch (error) {
    if (!(error instanceof Unusable)) throw error;
    const place = await folder.setAside();
    const store = new RocksStore(folder, options, await folder.renew());
    return { store, setAside: { reason: error.reason, detail: error.message, place } };
  }
}

/** What is found is judged only when it is certain that nobody has it open: nobody's open store is set aside. */
async function openChecked(folder: Folder, identity: StoreIdentity): Promise<Opened> {
  try {
    await folder.enter();
    const tables = new Tables(folder.dir);
    const looked = await inspectClosed(folder, tables);
    const db = await folder.open();
    try {
      return await inspectOpen({ folder, db, tables }, identity, looked && !folder.endedInScan());
    } catch (error) {
      tables.close();
      await db.close();
      throw error;
    }
  } catch (error) {
    if (!(error instanceof StoreError) || isOfTheMachine(error)) throw error;
    throw new Unusable(error.code === 'store-corrupt' ? 'corrupt' : 'unopenable', error.message);
  }
}

/** Looks for what would end the process if RocksDB came upon it; false if it wasn't understood what is there. */
async function inspectClosed(folder: Folder, tables: Tables): Promise<boolean> {
  const refused = folder.refused();
  if (refused !== null) throw new StoreCorrupt(refused);
  if (folder.isHeadless()) throw new StoreCorrupt('the file CURRENT is missing');
  const listed = await listedTables(folder.dir);
  await tables.checkListed(listed ?? []);
  return listed !== null;
}

/** What RocksDB doesn't look at: that no batch is missing, that rows have a position, and whose store it is. */
async function inspectOpen(readable: Readable, identity: StoreIdentity, trusted: boolean): Promise<Opened> {
  const { db, tables } = readable;
  if (!trusted) await reading(readable, EVERY_KEY, async () => []);
  const found = await reading(readable, BATCH_RANGE, (reader) => reader.rest());
  if (found.length === 0) {
    const rows = await reading(readable, everything(), (reader) => reader.next());
    if (rows.length > 0) throw new StoreCorrupt('the store has rows and no position');
    return { db, tables, records: new BatchRecords(1, 0), position: null };
  }
  const { oldest, newest, position } = readRecords(found);
  return { db, tables, records: new BatchRecords(oldest, newest), position: usablePosition(position, identity) };
}

/** Verifies a range and reads from it. */
async function reading(
  readable: Readable,
  { from, to }: KeyRange,
  read: (reader: RangeReader) => Promise<StoreEntry[]>,
): Promise<StoreEntry[]> {
  const reader = await RangeReader.open(readable, from, to);
  try {
    return await read(reader);
  } finally {
    await reader.end();
  }
}
