/** Snapshots in a folder, where the last step of one fails. */
import { mkdir, readdir, readFile, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Disk } from '../../src/journal/files/disk.js';
import { SEGMENT_BYTES } from '../../src/journal/files/journal.js';
import { nodeDisk } from '../../src/journal/files/node-disk.js';
import { snapshotsIn } from '../../src/main/snapshot-folder.js';
import { snapshotsOf } from '../../src/main/snapshots.js';
import { SnapshotFolder } from '../../src/snapshot/folder.js';
import { temporaryFolder } from '../support/fabric/fabric.js';

it('what can not be given its name is gone when it is aborted', async () => {
  const folder = temporaryFolder();
  const storage = snapshotsIn(folder);
  await mkdir(join(folder, 'taken'));
  const sink = await storage.create('taken');
  await sink.write(Buffer.from('rows'));
  await expect(sink.commit()).rejects.toMatchObject({ code: 'EISDIR' });
  await sink.abort();
  expect(await readdir(folder)).toEqual(['taken']);
});

it('is on the disk before it has its name, and its name before it counts; large ones bit by bit', async () => {
  const done: string[] = [];
  const disk: Disk = {
    ...nodeDisk,
    open: async (path, mode) => {
      const file = await nodeDisk.open(path, mode);
      const [write, sync] = [file.write.bind(file), file.sync.bind(file)];
      file.write = (bytes, at) => write(bytes, at).then(() => void done.push(`${bytes.length} bytes`));
      file.sync = () => sync().then(() => void done.push('synced'));
      return file;
    },
    rename: (from, to) => nodeDisk.rename(from, to).then(() => void done.push('named')),
    remove: (path) => nodeDisk.remove(path).then(() => void done.push('removed')),
    syncFolder: (path) => nodeDisk.syncFolder(path).then(() => void done.push('folder synced')),
  };
  const storage = new SnapshotFolder(disk, temporaryFolder(), () => 'own');
  const sink = await storage.create('one');
  const half = new Uint8Array(4 * 1024 * 1024);
  for (const bytes of [half, half, new Uint8Array(1)]) await sink.write(bytes);
  await sink.commit();
  const written = ['4194304 bytes', '4194304 bytes', 'synced', '1 bytes'];
  expect(done).toEqual([...written, 'synced', 'named', 'folder synced']);
  done.length = 0;
  await storage.remove('one');
  expect(done).toEqual(['removed', 'folder synced']);
});

describe('where room is kept free', () => {
  const MIB = 1024 * 1024;

  /** A folder on a disk with so many bytes, of which 10 MiB are kept free. */
  function storageOf(bytes: number) {
    const folder = temporaryFolder();
    const freeAt = async (): Promise<number> => {
      const used = await Promise.all((await readdir(folder)).map((name) => stat(join(folder, name))));
      return used.reduce((free, { size }) => free - size, bytes);
    };
    return { folder, storage: snapshotsIn(folder, { bytes: 10 * MIB, freeAt }) };
  }

  it('one is given up before it takes that room, and leaves nothing', async () => {
    const { folder, storage } = storageOf(15 * MIB);
    const sink = await storage.create('one');
    const write = async (): Promise<void> => {
      for (let written = 0; written < 15; written++) await sink.write(new Uint8Array(MIB));
    };
    await expect(write()).rejects.toThrow('7340032 bytes are free, and it leaves 10485760 to others');
    await sink.abort();
    expect(await readdir(folder)).toEqual([]);
  });

  it('none is begun without it', async () => {
    const { folder, storage } = storageOf(9 * MIB);
    await expect(storage.create('one')).rejects.toThrow('9437184 bytes are free, and it leaves 10485760 to others');
    expect(await readdir(folder)).toEqual([]);
  });

  it('a fabric keeps that of a segment of its journal', async () => {
    const folder = temporaryFolder();
    const { keptFree } = snapshotsOf({ data: folder, snapshots: { keep: 1 } });
    expect(keptFree?.bytes).toBe(SEGMENT_BYTES);
    const { bavail, bsize } = await statfs(folder);
    expect(await keptFree?.freeAt(folder)).toBeGreaterThan((bavail * bsize) / 2);
  });

  it('it is not asked for where nobody tells what is free', async () => {
    const folder = temporaryFolder();
    const { keptFree } = snapshotsOf({ data: folder, snapshots: { keep: 1 } });
    expect(await keptFree?.freeAt(join(folder, 'not-there'))).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('one that two processes write at once', () => {
  it('is whole under its name, by the one that came last', async () => {
    const folder = temporaryFolder();
    const storage = snapshotsIn(folder);
    const first = await storage.create('both');
    await first.write(Buffer.from('rows of the first'));
    const second = await storage.create('both');
    await second.write(Buffer.from('rows of '));
    await first.commit();
    expect(await readFile(join(folder, 'both'), 'utf8')).toBe('rows of the first');
    await second.write(Buffer.from('the second'));
    await second.commit();
    expect(await readFile(join(folder, 'both'), 'utf8')).toBe('rows of the second');
    expect(await readdir(folder)).toEqual(['both']);
  });

  it('is whole where the second begins just when the first gives it its name', async () => {
    const folder = temporaryFolder();
    const rename: Disk['rename'] = async (from, to) => {
      const second = await snapshotsIn(folder).create('both');
      await second.write(Buffer.from('half'));
      await nodeDisk.rename(from, to);
    };
    const first = await new SnapshotFolder({ ...nodeDisk, rename }, folder, () => 'first').create('both');
    await first.write(Buffer.from('rows of the first'));
    await first.commit();
    expect(await readFile(join(folder, 'both'), 'utf8')).toBe('rows of the first');
  });

  it('is not taken from the one by the other when that gives it up', async () => {
    const folder = temporaryFolder();
    const storage = snapshotsIn(folder);
    const [first, second] = [await storage.create('both'), await storage.create('both')];
    await second.write(Buffer.from('rows of the second'));
    await first.abort();
    await second.commit();
    expect(await readFile(join(folder, 'both'), 'utf8')).toBe('rows of the second');
  });
});
