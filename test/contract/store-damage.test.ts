import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StoreCorrupt } from '../../src/store/errors.js';
import type { Store } from '../../src/store/port.js';
import { openRocksStore } from '../../src/store/rocksdb/open.js';
import {
  historyBatch,
  historyKey,
  historyPosition,
  historyStates,
  IDENTITY,
  ROWS,
  randomNumbers,
} from './store-history.js';
import { contents, scanned } from './store-support.js';

/**
 * A real RocksDB folder is damaged in one place and opened. Then every read gives what was written up to the position
 * that the store says, or `StoreCorrupt`; or the store was set aside. Nothing else is right, and the process lives.
 */

const TURNS = 220;
const SIZES = { writeBufferBytes: 64 << 10 };

/** Each opens a store, which syncs files, and waits a second if a merge meets damage. */
const SEEDS = 40;
/** Rows of a part that is scanned on its own. */
const PIECE = 50;
const TIMEOUT_MS = 240_000;
const STATES = historyStates(TURNS);

let around: string;
let whole: string;

async function write(from: number, to: number, sizes: { writeBufferBytes?: number }): Promise<void> {
  const { store } = await openRocksStore({ ...IDENTITY, ...sizes, dir: whole });
  for (let turn = from; turn <= to; turn++) await store.write(historyBatch(turn), historyPosition(turn));
  await store.close();
}

beforeAll(async () => {
  around = await mkdtemp(join(tmpdir(), 'marie-store-damage-'));
  whole = join(around, 'whole');
  // First many small tables, then, with a buffer that never fills, a log with the newest batches.
  await write(1, 120, SIZES);
  await write(121, TURNS, {});
});
afterAll(() => rm(around, { recursive: true, force: true }));

type Outcome = 'whole' | 'earlier' | 'set aside' | 'corrupt';

/** Damages a copy of the store, opens and reads it all. */
async function outcomeOf(damage: (dir: string) => void): Promise<Outcome> {
  // A name may hold what an error is known by, as this one does EIO.
  const place = mkdtempSync(join(around, 'damaged-meio-'));
  const dir = join(place, 'store');
  mkdirSync(dir);
  for (const name of readdirSync(whole)) copyFileSync(join(whole, name), join(dir, name));
  damage(dir);
  try {
    const { store, setAside } = await openRocksStore({ ...IDENTITY, ...SIZES, dir });
    try {
      if (setAside !== null) {
        expect(store.position()).toBe(null);
        expect(await contents(store)).toEqual([]);
        return 'set aside';
      }
      return await judged(store);
    } finally {
      await store.close();
    }
  } finally {
    for (const name of readdirSync(around))
      if (name.startsWith('damaged')) rmSync(join(around, name), { recursive: true });
  }
}

/** Reads everything in both ways and in parts, each of which may refuse; what they give is compared with the history. */
async function judged(store: Store): Promise<Outcome> {
  const turn = store.position()?.turn ?? 0;
  const rows = STATES[turn]!;
  const expected = Array.from({ length: ROWS }, (_, row) => rows.get(row) ?? null);
  const keys = expected.map((_, row) => historyKey(row));
  const scan = await orCorrupt(async () => {
    const found = new Map((await contents(store)).map((entry) => [entry.slice(0, 8), entry.slice(9)]));
    return keys.map((key) => found.get(Buffer.from(key).toString()) ?? null);
  });
  const lookup = await orCorrupt(async () =>
    (await store.getMany(keys)).map((value) => (value === null ? null : Buffer.from(value).toString())),
  );
  if (scan !== 'corrupt') expect(scan).toEqual(expected);
  if (lookup !== 'corrupt') expect(lookup).toEqual(expected);
  for (let from = 0; from < ROWS; from += PIECE) {
    const piece = await orCorrupt(() => scanned(store, historyKey(from), historyKey(from + PIECE)));
    if (piece === 'corrupt') continue;
    const there = expected.slice(from, from + PIECE).filter((value) => value !== null);
    expect(piece.map(({ value }) => Buffer.from(value).toString())).toEqual(there);
  }
  if (scan === 'corrupt' || lookup === 'corrupt') return 'corrupt';
  return turn === TURNS ? 'whole' : 'earlier';
}

async function orCorrupt<T>(read: () => Promise<T>): Promise<T | 'corrupt'> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof StoreCorrupt) return 'corrupt';
    throw error;
  }
}

const files = (pattern: RegExp): string[] =>
  readdirSync(whole)
    .filter((name) => pattern.test(name))
    .sort();

/** Changes a file by its bytes. */
function change(path: string, edit: (bytes: Buffer) => void): void {
  const bytes = readFileSync(path);
  edit(bytes);
  writeFileSync(path, bytes);
}

/** One of several kinds of damage, in one of the files; the seed says which. */
function damageOf(seed: number, pattern: RegExp): (dir: string) => void {
  const random = randomNumbers(seed);
  const names = files(pattern);
  const name = names[random(names.length)]!;
  const kind = random(6);
  return (dir) => {
    const path = join(dir, name);
    const size = readFileSync(path).length;
    const at = random(Math.max(1, size));
    if (size === 0) rmSync(path);
    else if (kind <= 2) change(path, (bytes) => bytes.writeUInt8(bytes[at]! ^ (1 << random(8)), at));
    else if (kind === 3) change(path, (bytes) => bytes.fill(0, at, Math.min(at + 100, bytes.length)));
    else if (kind === 4) truncateSync(path, at);
    else rmSync(path);
  };
}

async function outcomesOf(pattern: RegExp, seeds: number): Promise<Set<Outcome>> {
  const outcomes = new Set<Outcome>();
  for (let seed = 1; seed <= seeds; seed++) {
    const outcome = await outcomeOf(damageOf(seed, pattern)).catch((error: unknown) => {
      throw new Error(`seed ${seed} of ${pattern}`, { cause: error });
    });
    outcomes.add(outcome);
  }
  return outcomes;
}

describe('a damaged RocksDB store', { timeout: TIMEOUT_MS }, () => {
  it('is whole when nothing was done to it', async () => {
    expect(files(/\.sst$/).length).toBeGreaterThan(0);
    expect(files(/\.log$/).length).toBeGreaterThan(0);
    expect(await outcomeOf(() => undefined)).toBe('whole');
  });

  it('tells of damage in its tables', async () => {
    const outcomes = await outcomesOf(/\.sst$/, SEEDS / 2);
    expect(outcomes).toContain('set aside');
    expect(outcomes).toContain('corrupt');
    expect(outcomes).not.toContain('earlier');
  });

  it('opens at an earlier batch or is set aside when its log is damaged', async () => {
    const outcomes = await outcomesOf(/\.log$/, SEEDS);
    expect(outcomes).toContain('earlier');
    expect(outcomes).toContain('set aside');
    expect(outcomes).not.toContain('corrupt');
  });

  it('tells of damage to the list of its tables', async () => {
    expect(await outcomesOf(/^(MANIFEST|CURRENT)/, SEEDS / 2)).toContain('set aside');
  });

  it('is set aside when its list of tables is cut off anywhere', async () => {
    const [manifest = ''] = files(/^MANIFEST/);
    const { length } = readFileSync(join(whole, manifest));
    for (let at = 0; at < length; at += Math.ceil(length / 12)) {
      const outcome = await outcomeOf((dir) => truncateSync(join(dir, manifest), at));
      expect({ at, outcome }).toEqual({ at, outcome: 'set aside' });
    }
  });

  it('does not care about what is no part of it', async () => {
    expect([...(await outcomesOf(/^(OPTIONS|IDENTITY|LOCK)/, SEEDS / 4))]).toEqual(['whole']);
  });
});

describe('a store in which something corrupt was read', () => {
  /** Damages a data block: tables begin with one. */
  const damageRows = (dir: string): void => {
    for (const name of files(/\.sst$/)) change(join(dir, name), (bytes) => bytes.writeUInt8(bytes[200]! ^ 0x40, 200));
  };

  it.each(['scan', 'getMany'] as const)('by %s is set aside when it is opened again', async (how) => {
    const dir = join(around, `read-by-${how}`);
    mkdirSync(dir);
    for (const name of readdirSync(whole)) copyFileSync(join(whole, name), join(dir, name));
    damageRows(dir);
    const { store, setAside } = await openRocksStore({ ...IDENTITY, ...SIZES, dir });
    if (setAside === null) {
      const keys = Array.from({ length: ROWS }, (_, row) => historyKey(row));
      await expect(how === 'scan' ? contents(store) : store.getMany(keys)).rejects.toThrow(StoreCorrupt);
      await store.close();
      const again = await openRocksStore({ ...IDENTITY, ...SIZES, dir });
      expect(again).toMatchObject({ setAside: { reason: 'corrupt' } });
      expect(again.store.position()).toBe(null);
      await again.store.close();
    } else {
      await store.close();
    }
    expect(existsSync(`${dir}.aside-1`)).toBe(true);
  });
});
