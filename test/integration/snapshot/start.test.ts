/** A fold that is opened on an empty store, with snapshots beside the journal: good ones, damaged ones, none. */
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeDocuments } from '../../../bench/support/documents-history.js';
import { CELL } from '../../../bench/support/journal.js';
import { openJournal, takeSnapshots } from '../../../replay/index.js';
import { nodeDisk } from '../../../src/journal/files/node-disk.js';
import { openFileJournal } from '../../../src/journal/files/open.js';
import { LAYOUT } from '../../../src/kernel/rows/tables.js';
import { snapshotsIn } from '../../../src/main/snapshot-folder.js';
import type { SnapshotNews } from '../../../src/scheduler/bootstrap.js';
import { openFold } from '../../../src/scheduler/start.js';
import type { SnapshotFolder } from '../../../src/snapshot/folder.js';
import { listSnapshots, putSnapshot, SnapshotReader, type SnapshotStorage } from '../../../src/snapshot/index.js';
import { coldKey, everything, type StoreEntry } from '../../../src/store/index.js';
import { openRocksStoreInThread } from '../../../src/store/rocksdb/thread/store.js';
import { MemoryMedium } from '../../support/memory/medium.js';
import { openMemoryStore } from '../../support/memory/open-store.js';

const IDENTITY = { cell: CELL, layout: LAYOUT };
const FILLING = { ...IDENTITY, turn: 0, hash: new Uint8Array(32), stateHash: new Uint8Array(16) };

let data: string;
let snapshots: SnapshotFolder;
/** The names of the snapshots, the newest first, and what the newest holds. */
let names: readonly string[];
let newest: Buffer;

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'marie-snapshot-start-'));
  const folder = join(data, 'journal');
  // Small segments, so that there are some which can be archived.
  await writeDocuments(folder, 60_000, { retainTerminalJobs: 2_000, segmentBytes: 256 * 1024 });
  snapshots = snapshotsIn(join(data, 'snapshots'));
  const history = await openJournal(data);
  const last = await history.lastTurn();
  await takeSnapshots(history, { everyTurns: Math.floor(last / 5), at: { turn: last - 2 } });
  names = (await listSnapshots(snapshots)).map(({ name }) => name);
  newest = await readFile(join(data, 'snapshots', names[0]!));
});

afterAll(() => rm(data, { recursive: true, force: true }));

interface Start {
  readonly medium?: MemoryMedium;
  readonly journal?: string;
  readonly withSnapshots?: boolean;
  readonly storage?: SnapshotStorage;
}

/** Opens a fold, and says what it came to. */
async function start({
  medium = new MemoryMedium(),
  journal = join(data, 'journal'),
  withSnapshots = true,
  storage = snapshots,
}: Start = {}) {
  const news: SnapshotNews[] = [];
  const fold = await openFold({
    cell: CELL,
    openStore: () => openMemoryStore({ ...IDENTITY, medium }),
    openJournal: (stored) =>
      openFileJournal({
        disk: nodeDisk,
        folder: journal,
        cell: CELL,
        sync: 'off',
        ...(stored && { coveredTurn: stored.turn, coveredHash: stored.hash }),
      }),
    ...(withSnapshots && { snapshots: storage, onSnapshot: (one) => void news.push(one) }),
  });
  const { position, kernel, stored } = fold;
  const found = { stateHash: Buffer.from(kernel.state.hash.toBytes()).toString('hex'), turn: position.turn };
  await fold.close();
  return { news, found, folded: position.events, storedTurn: stored?.turn ?? 0 };
}

/** The rows of a snapshot, and others behind them: more bytes than are put into a store at once. */
async function* padded(reader: SnapshotReader): AsyncGenerator<readonly StoreEntry[]> {
  const { from, to } = everything();
  yield* reader.scan(from, to);
  yield Array.from({ length: 100 }, (_, dag) => ({ key: coldKey(200, dag, 0, 0), value: Buffer.alloc(65_536) }));
}

/** A copy of the journal without the segments that end before a turn. */
async function archivedBefore(turn: number): Promise<string> {
  const folder = await mkdtemp(join(data, 'archived-'));
  const files = (await readdir(join(data, 'journal'))).filter((name) => name.endsWith('.turns')).sort();
  const kept = files.filter((_, i) => files[i + 1] === undefined || Number(files[i + 1]!.slice(0, 16)) > turn);
  expect(kept.length).toBeLessThan(files.length);
  for (const name of kept) await copyFile(join(data, 'journal', name), join(folder, name));
  return folder;
}

describe('an empty store', () => {
  it('is filled from the newest snapshot, and comes to what the whole journal comes to', async () => {
    const whole = await start({ withSnapshots: false });
    const filled = await start();
    expect(filled.found).toEqual(whole.found);
    expect(filled.news).toEqual([{ name: names[0], problem: null }]);
    expect(filled.storedTurn).toBe(whole.found.turn - 2);
    expect(filled.folded).toBeLessThan(whole.folded / 5);
  });

  it('in RocksDB then has exactly the rows of the snapshot, and is opened without one', async () => {
    const dir = join(data, 'rocks');
    const open = () =>
      openFold({
        cell: CELL,
        snapshots,
        onSnapshot: ({ name, problem }) => expect({ name, problem }).toEqual({ name: names[0], problem: null }),
        openStore: () => openRocksStoreInThread({ dir, ...IDENTITY }),
        openJournal: (stored) =>
          openFileJournal({
            disk: nodeDisk,
            folder: join(data, 'journal'),
            cell: CELL,
            sync: 'off',
            ...(stored && { coveredTurn: stored.turn, coveredHash: stored.hash }),
          }),
      });
    const fold = await open();
    const { from, to } = everything();
    const reader = await SnapshotReader.open(snapshots, names[0]!);
    const rows: string[] = [];
    for await (const chunk of reader.scan(from, to)) {
      for (const { key, value } of chunk) rows.push(`${key.toString()}=${value.toString()}`);
    }
    await reader.close();
    const { position, entries, end } = await fold.opened.store.capture();
    expect(position?.turn).toBe(reader.head.turn);
    const stored: string[] = [];
    for await (const chunk of entries) for (const { key, value } of chunk) stored.push(`${key}=${value}`);
    expect(stored).toEqual(rows);
    await end();
    await fold.close();
    await (await open()).close();
  });

  it('passes over a damaged snapshot, and says so', async () => {
    const whole = await start({ withSnapshots: false });
    const path = join(data, 'snapshots', names[0]!);
    for (const at of [3, newest.length >> 1, newest.length - 100]) {
      const damaged = Buffer.from(newest);
      damaged[at]! ^= 4;
      await writeFile(path, damaged);
      const filled = await start();
      expect(filled.found).toEqual(whole.found);
      expect(filled.news).toMatchObject([
        { name: names[0], problem: { code: 'snapshot-damaged' } },
        { name: names[1], problem: null },
      ]);
    }
    await writeFile(path, newest);
  });

  it('passes over one whose rows are not those of its state hash, and leaves nothing of it', async () => {
    const whole = await start({ withSnapshots: false });
    const [first, second] = await Promise.all(names.slice(0, 2).map((name) => SnapshotReader.open(snapshots, name)));
    const { from, to } = everything();
    const { name } = await putSnapshot(snapshots, first!.head, second!.scan(from, to));
    expect(name).toBe(names[0]);
    await Promise.all([first!.close(), second!.close()]);
    const filled = await start();
    expect(filled.found).toEqual(whole.found);
    expect(filled.news).toMatchObject([{ problem: { code: 'snapshot-damaged' } }, { name: names[1], problem: null }]);
    await writeFile(join(data, 'snapshots', names[0]!), newest);
  });

  it('passes over what can not be read, such as a folder with the name of a snapshot', async () => {
    const whole = await start({ withSnapshots: false });
    const path = join(data, 'snapshots', names[0]!);
    await rm(path);
    await mkdir(path);
    const filled = await start();
    expect(filled.found).toEqual(whole.found);
    expect(filled.news).toMatchObject([
      { name: names[0], problem: { code: 'unreadable-file', detail: expect.stringContaining('EISDIR') } },
      { name: names[1], problem: null },
    ]);
    await rm(path, { recursive: true });
    await writeFile(path, newest);
  });

  it.each([
    ['can not be read', () => Promise.reject(new Error('EIO: i/o error')), 'unreadable-file'],
    ['are not what they were', async (into: Uint8Array) => into.fill(7).length, 'snapshot-damaged'],
  ])('holds nothing of a snapshot whose rows %s after all of it was found good', async (_, spoil, code) => {
    const whole = await start({ withSnapshots: false });
    const folder = snapshotsIn(join(data, 'large'));
    const reader = await SnapshotReader.open(snapshots, names[0]!);
    const { name } = await putSnapshot(folder, reader.head, padded(reader));
    await reader.close();
    const storage: SnapshotStorage = {
      list: () => folder.list(),
      create: (one) => folder.create(one),
      remove: (one) => folder.remove(one),
      async open(one) {
        const { size, read, close } = await folder.open(one);
        let bytes = 0;
        return {
          size,
          read(into, position) {
            bytes += into.length;
            // All is read once to be checked, and then once more.
            return bytes > 1.8 * size ? spoil(into) : read(into, position);
          },
          close,
        };
      },
    };
    const filled = await start({ storage });
    expect(filled.news).toMatchObject([{ name, problem: { code } }]);
    expect(filled.found).toEqual(whole.found);
  });

  it('folds the whole journal where no snapshot can be used', async () => {
    const whole = await start({ withSnapshots: false });
    for (const name of names) await writeFile(join(data, 'snapshots', name), 'nothing');
    const filled = await start();
    expect(filled.news.map(({ problem }) => problem?.code)).toEqual(names.map(() => 'snapshot-damaged'));
    expect(filled).toMatchObject({ found: whole.found, folded: whole.folded });
    for (const name of names) await rm(join(data, 'snapshots', name));
    await takeSnapshots(await openJournal(data), { everyTurns: 1e9, at: { turn: whole.found.turn - 2 } });
  });

  it('that was not filled to its end is filled again', async () => {
    const whole = await start({ withSnapshots: false });
    const medium = new MemoryMedium();
    const { store } = await openMemoryStore({ ...IDENTITY, medium });
    await store.write([{ key: Uint8Array.of(1, 1, 1), value: Uint8Array.of(1) }], FILLING);
    await store.close();
    expect((await start({ medium })).found).toEqual(whole.found);
    const again = new MemoryMedium();
    const { store: other } = await openMemoryStore({ ...IDENTITY, medium: again });
    await other.write([{ key: Uint8Array.of(1, 1, 1), value: Uint8Array.of(1) }], FILLING);
    await other.close();
    expect((await start({ medium: again, withSnapshots: false })).found).toEqual(whole.found);
  });
});

describe('a journal whose first turns are archived', () => {
  it('is gone on from a snapshot, and refused without one', async () => {
    const whole = await start({ withSnapshots: false });
    const [name = ''] = (await listSnapshots(snapshots)).map((one) => one.name);
    const journal = await archivedBefore(Number(name.slice(0, 16)));
    expect(await start({ journal })).toMatchObject({ found: whole.found, news: [{ name, problem: null }] });
    await expect(start({ journal, withSnapshots: false })).rejects.toMatchObject({ code: 'no-snapshot' });
  });

  it('replaces a store that stands for an archived turn', async () => {
    const whole = await start({ withSnapshots: false });
    const medium = new MemoryMedium();
    const { store } = await openMemoryStore({ ...IDENTITY, medium });
    const history = await openJournal(data);
    for await (const { record, hash } of history.read(2)) {
      await store.write([], { ...IDENTITY, turn: 2, hash, stateHash: record.stateHash });
      break;
    }
    await store.close();
    const [name = ''] = (await listSnapshots(snapshots)).map((one) => one.name);
    const journal = await archivedBefore(Number(name.slice(0, 16)));
    expect(await start({ medium, journal })).toMatchObject({ found: whole.found, news: [{ name, problem: null }] });
  });
});
