import { expect, it } from 'vitest';
import { LayeredStore } from '../../src/snapshot/index.js';
import { CELL, positionOf, put } from '../contract/store-support.js';

it('a capture lets go of its rows when it ends, however far it was read', async () => {
  const store = new LayeredStore(CELL);
  const rows = Array.from({ length: 1000 }, (_, i) => put(`k${i}`, 'v'));
  await store.write(rows, positionOf(1));
  const [read, unread] = [await store.capture(), await store.capture()];
  const entries = read.entries[Symbol.asyncIterator]();
  expect(await entries.next()).toMatchObject({ done: false });
  await read.end();
  expect(await entries.next()).toEqual({ done: true, value: undefined });
  await unread.end();
  for await (const _ of unread.entries) expect.fail('there is an entry');
});
