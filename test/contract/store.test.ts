import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenedStore, StoreIdentity } from '../../src/store/port.js';
import { openRocksStore, type RocksStoreOptions } from '../../src/store/rocksdb/open.js';
import { openRocksStoreInThread } from '../../src/store/rocksdb/thread/store.js';
import { MemoryMedium } from '../support/memory/medium.js';
import { openMemoryStore } from '../support/memory/open-store.js';
import { storeContract } from './store.js';

storeContract('memory', async () => {
  const medium = new MemoryMedium();
  return {
    open: (identity) => openMemoryStore({ ...identity, medium }),
    aside: async () => medium.aside.length,
    remove: async () => undefined,
  };
});

const rocks = (open: (options: RocksStoreOptions) => Promise<OpenedStore>) => async () => {
  const around = await mkdtemp(join(tmpdir(), 'marie-store-'));
  return {
    // A small write buffer, so that the tests meet tables and merges.
    open: (identity: StoreIdentity) => open({ ...identity, dir: join(around, 'store'), writeBufferBytes: 256 << 10 }),
    aside: async () => (await readdir(around)).filter((name) => name.includes('.aside-')).length,
    remove: () => rm(around, { recursive: true, force: true }),
  };
};

storeContract('rocksdb', rocks(openRocksStore));
storeContract('rocksdb in a thread', rocks(openRocksStoreInThread));
