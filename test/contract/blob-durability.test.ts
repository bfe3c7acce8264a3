/**
 * What the port of blobs promises of a loss of power: when `put`
 * resolves, the names that lead to the blob are on the disk.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { beforeEach, expect, it, vi } from 'vitest';
import { BlobDirectory } from '../../src/blobs/directory.js';
import { BlobsFull } from '../../src/blobs/port.js';
import { sha256 } from '../../src/catalogue/digest.js';
import { temporaryFolder } from '../support/fabric/fabric.js';

/** What reached the disk, in order: folders and files that were synced, and files that got their name. */
const disk = vi.hoisted(() => ({
  seen: [] as string[],
  /** Stands before every sync. */
  beforeSync: async (_path: string): Promise<void> => undefined,
  /** A file that can't be read. */
  bad: '',
}));

vi.mock('node:fs/promises', async (original) => {
  const { watchedDisk } = await import('../support/watched-disk.js');
  const real = await original<typeof import('node:fs/promises')>();
  const watched = watchedDisk(real, {
    beforeSync: (path) => disk.beforeSync(path),
    synced: (path) => disk.seen.push(`sync ${path}`),
    renamed: (_from, to) => {
      disk.seen.push(`name ${to}`);
      if (to === disk.bad) disk.bad = '';
    },
  });
  const stat = async (path: string) => {
    if (path === disk.bad) throw Object.assign(new Error('EIO'), { code: 'EIO' });
    return real.stat(path);
  };
  return { ...watched, stat };
});

const BYTES = Buffer.from('page one');
const DIGEST = sha256(BYTES).toString('hex');

const put = (blobs: BlobDirectory) => blobs.put(Readable.from([BYTES]), { mostBytes: BYTES.length });

beforeEach(() => {
  disk.seen.length = 0;
  disk.beforeSync = async () => undefined;
});

async function directory() {
  const around = temporaryFolder();
  const root = join(around, 'blobs');
  let names = 0;
  const open = () => new BlobDirectory(root, () => `n${names++}`);
  return { around, root, path: join(root, DIGEST.slice(0, 2), DIGEST.slice(2)), open };
}

/** The folders that were synced since the blob got its name, or at all. */
function syncedFolders(path: string): readonly string[] {
  const after = disk.seen.slice(disk.seen.lastIndexOf(`name ${path}`) + 1);
  return after.filter((one) => one.startsWith('sync ')).map((one) => one.slice('sync '.length));
}

it('a new blob is synced, and then every name that was made for it', async () => {
  const { around, root, path, open } = await directory();
  await put(open());
  expect(disk.seen[0]).toMatch(/^sync .*\.new-n0$/);
  expect(syncedFolders(path)).toEqual([dirname(path), root, around]);
});

it('one that a process left behind which died before it had synced the name is synced by the next put', async () => {
  const { around, root, path, open } = await directory();
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, BYTES);
  await put(open());
  expect(syncedFolders(path)).toEqual([dirname(path), root, around]);
});

it('a put that finds the name of another that is not synced yet does not resolve before it is', async () => {
  const { root, path, open } = await directory();
  const blobs = open();
  let goOn: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const isNamed = new Promise<void>((resolve) => {
    disk.beforeSync = async (synced) => {
      if (synced !== dirname(path)) return;
      disk.beforeSync = async () => undefined;
      resolve();
      await held;
    };
  });
  const first = put(blobs);
  await isNamed;
  const second = put(blobs).then(() => syncedFolders(path));
  // Whether it waits for the first or syncs by itself is its own affair.
  setTimeout(goOn, 100);
  expect(await second).toEqual(expect.arrayContaining([dirname(path), root]));
  await first;
});

it('one whose name could not be synced is synced when it is put again', async () => {
  const { around, root, path, open } = await directory();
  const blobs = open();
  disk.beforeSync = async (synced) => {
    if (synced === dirname(path)) throw Object.assign(new Error('EIO'), { code: 'EIO' });
  };
  await expect(put(blobs)).rejects.toMatchObject({ code: 'EIO' });
  disk.beforeSync = async () => undefined;
  await put(blobs);
  expect(syncedFolders(path)).toEqual([dirname(path), root, around]);
});

it('one for which a quota has no room is told as on a full disk, as Node has no name of that', async () => {
  const { open } = await directory();
  disk.beforeSync = async () => {
    throw Object.assign(new Error('Unknown system error -122'), { code: 'Unknown system error -122' });
  };
  await expect(put(open())).rejects.toBeInstanceOf(BlobsFull);
});

it('one that the disk can not read is told as damaged, until it is put again', async () => {
  const { path, open } = await directory();
  const blobs = open();
  await put(blobs);
  disk.bad = path;
  await expect(blobs.get(DIGEST)).rejects.toMatchObject({ code: 'blob-damaged', cause: { code: 'EIO' } });
  await put(blobs);
  expect(await blobs.get(DIGEST)).toMatchObject({ bytes: BYTES.length });
});

it('what is known to be on the disk is not synced once more', async () => {
  const { path, open } = await directory();
  const blobs = open();
  await put(blobs);
  disk.seen.length = 0;
  await put(blobs);
  expect(disk.seen).toEqual([]);
  await writeFile(path, 'damaged!');
  await put(blobs);
  expect(syncedFolders(path)).toContain(dirname(path));
});

it.each(['ENOSPC', 'EDQUOT'])(
  'that has no room (%s) is refused as such, leaves nothing, and is kept once there is',
  async (code) => {
    const { root, path, open } = await directory();
    const blobs = open();
    disk.beforeSync = () => Promise.reject(Object.assign(new Error('no space left on device'), { code }));
    await expect(put(blobs)).rejects.toMatchObject({ name: 'Error', code: 'disk-full' });
    expect((await readdir(root)).filter((name) => name.startsWith('.'))).toEqual([]);
    disk.beforeSync = async () => undefined;
    await put(blobs);
    expect(await readFile(path)).toEqual(BYTES);
  },
);
