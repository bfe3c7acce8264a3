import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { BATCH_RANGE } from '../../src/store/rocksdb/batches.js';
import { Database } from '../../src/store/rocksdb/database.js';
import { Folder } from '../../src/store/rocksdb/folder.js';
import { openRocksStore } from '../../src/store/rocksdb/open.js';
import { openRocksStoreInThread } from '../../src/store/rocksdb/thread/store.js';
import { bytes, CELL, contents, positionOf, put } from './store-support.js';

const writeBufferBytes = 64 << 10;

let around: string;
let dir: string;
beforeEach(async () => {
  around = await mkdtemp(join(tmpdir(), 'marie-store-marks-'));
  dir = join(around, 'store');
});
afterEach(() => rm(around, { recursive: true, force: true }));

const open = () => openRocksStore({ ...CELL, writeBufferBytes, dir });

const mark = (name: string): string => readFileSync(join(dir, name), 'latin1');

/** How many records of batches the closed store holds. */
async function recordsThere(): Promise<number> {
  const db = await Database.open(dir, writeBufferBytes);
  const cursor = db.cursor(BATCH_RANGE.from, BATCH_RANGE.to);
  let count = 0;
  for (let part = await cursor.next(); part.length > 0; part = await cursor.next()) count += part.length;
  await cursor.end();
  await db.close();
  return count;
}

describe('records of batches', () => {
  it('are few, however many batches were written', async () => {
    const { store } = await open();
    for (let turn = 1; turn <= 2000; turn++) {
      await store.write([put(`key-${turn % 100}`, 'x'.repeat(2000 + turn))], positionOf(turn));
    }
    await store.close();
    expect(await recordsThere()).toBeLessThan(1_000);
    const again = await open();
    expect(again.setAside).toBe(null);
    expect(again.store.position()?.turn).toBe(2000);
    await again.store.close();
  });

  it('are few when hardly anything is written for a long time', async () => {
    const { store } = await openRocksStore({ ...CELL, dir, writeBufferBytes: 64 << 20 });
    for (let turn = 1; turn <= 20_000; turn++) await store.write([], positionOf(turn));
    await store.close();
    expect(await recordsThere()).toBeLessThan(17_000);
  });
});

describe('marks in the folder', () => {
  it('are gone when nothing is under way', async () => {
    const { store } = await open();
    await store.write([put('a', '1')], positionOf(1));
    for await (const _ of store.scan(bytes('a'), bytes('b'))) expect(mark('SCANNING')).toBe('1');
    expect(mark('SCANNING')).toBe('0');
    expect(existsSync(join(dir, 'OPENING'))).toBe(false);
    await store.close();
  });

  it.each([
    ['here', openRocksStore],
    ['in a thread', openRocksStoreInThread],
  ])('of a capture %s are gone when it was let go, however far it was read', async (_where, openStore) => {
    const { store } = await openStore({ ...CELL, writeBufferBytes, dir });
    const rows = Array.from({ length: 3000 }, (_, i) => put(`k${i}`, 'x'.repeat(1000)));
    await store.write(rows, positionOf(1));
    for (const chunks of [0, 1, 2, Number.POSITIVE_INFINITY]) {
      const { entries, end } = await store.capture();
      expect(mark('SCANNING')).toBe('1');
      let read = 0;
      for await (const _ of chunks === 0 ? [] : entries) {
        read += 1;
        if (read === chunks) break;
      }
      await end();
      expect(mark('SCANNING')).toBe('0');
    }
    await store.close();
  });

  it('of a scan that ended the process lead to a look at everything, which a good store passes', async () => {
    const first = await open();
    await first.store.write([put('a', '1')], positionOf(1));
    await first.store.close();
    writeFileSync(join(dir, 'SCANNING'), '1');
    const { store, setAside } = await open();
    expect(setAside).toBe(null);
    expect(await contents(store)).toEqual(['a=1']);
    await store.close();
    expect(mark('SCANNING')).toBe('0');
  });

  it.each([
    [1, null],
    [2, null],
    [3, { reason: 'corrupt', detail: '3 openings have ended the process' }],
  ])('of %i openings that ended the process', async (openings, expected) => {
    const first = await open();
    await first.store.write([put('a', '1')], positionOf(1));
    await first.store.close();
    writeFileSync(join(dir, 'OPENING'), String(openings));
    const { store, setAside } = await open();
    if (expected === null) expect(setAside).toBe(null);
    else expect(setAside).toMatchObject(expected);
    expect(await contents(store)).toEqual(expected === null ? ['a=1'] : []);
    await store.close();
  });

  it('of an opening are gone once it has come to its end', async () => {
    for (let i = 0; i < 5; i++) {
      const { store, setAside } = await open();
      expect(setAside).toBe(null);
      await store.close();
    }
  });
});

describe('clearing', () => {
  it('that was broken off leaves nothing behind', async () => {
    const { store } = await open();
    await store.write([put('a', '1')], positionOf(1));
    await store.clear();
    expect(existsSync(`${dir}.cleared`)).toBe(false);
    await store.write([put('b', '1')], positionOf(1));
    await store.close();
    const other = await openRocksStore({ ...CELL, writeBufferBytes, dir: `${dir}.cleared` });
    await other.store.close();
    const again = await open();
    expect(existsSync(`${dir}.cleared`)).toBe(false);
    expect(await contents(again.store)).toEqual(['b=1']);
    await again.store.close();
  });

  it('tells as a fault of the machine that its folder can not be moved to be made anew', async () => {
    const { store } = await open();
    // A mount point needs rights of its own; no folder can take the place of a file, either.
    vi.spyOn(Folder.prototype, 'sweep').mockImplementationOnce(async () => writeFileSync(`${dir}.cleared`, ''));
    onTestFinished(() => void vi.restoreAllMocks());
    await expect(store.clear()).rejects.toMatchObject({ code: 'store-unavailable' });
  });
});

describe('opening', () => {
  it('begins anew beside nothing: rows without the file that leads to them are set aside', async () => {
    const { store } = await open();
    await store.write([put('a', '1')], positionOf(1));
    await store.close();
    await rm(join(dir, 'CURRENT'));
    const again = await open();
    expect(again).toMatchObject({ setAside: { reason: 'corrupt' } });
    await again.store.close();
  });

  it('sets aside what is no folder', async () => {
    writeFileSync(dir, 'a file');
    const { store, setAside } = await open();
    expect(setAside).toMatchObject({ reason: 'corrupt' });
    await store.write([put('a', '1')], positionOf(1));
    expect(await contents(store)).toEqual(['a=1']);
    await store.close();
  });

  it('says of a lock that can not be opened why, and not that another process has it; what is there stays', async () => {
    const { store } = await open();
    await store.write([put('a', '1')], positionOf(1));
    await store.close();
    rmSync(join(dir, 'LOCK'));
    mkdirSync(join(dir, 'LOCK'));
    await expect(open()).rejects.toMatchObject({
      code: 'store-unavailable',
      message: expect.stringContaining('LOCK: Is a directory'),
    });
    expect(readdirSync(around)).toEqual(['store']);
  });
});
