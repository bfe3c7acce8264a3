import { openRocksStore } from '../../src/store/rocksdb/open.js';
import { historyBatch, historyPosition, IDENTITY } from './store-history.js';

/**
 * A process that writes the history into the store of a folder, from where it stands, until somebody kills it. It says
 * each turn that was stored. Two batches are always under way.
 */
const [dir = ''] = process.argv.slice(2);
const { store } = await openRocksStore({ ...IDENTITY, dir, writeBufferBytes: 64 << 10 });

let turn = store.position()?.turn ?? 0;
const next = async (): Promise<void> => {
  turn += 1;
  const mine = turn;
  await store.write(historyBatch(mine), historyPosition(mine));
  process.stdout.write(`${mine}\n`);
};
const writeOn = async (): Promise<void> => {
  for (;;) await next();
};
await Promise.all([writeOn(), writeOn()]);
