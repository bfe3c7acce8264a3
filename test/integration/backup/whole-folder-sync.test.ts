/** What makes a folder whole or not at all has all of it on the disk before the folder gets its name. */
import fs from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { beforeEach, expect, it, vi } from 'vitest';
import { anonymise, exportTables, openJournal } from '../../../replay/index.js';
import { exportTurns } from '../../../src/journal/files/export.js';
import { nodeDisk } from '../../../src/journal/files/node-disk.js';
import { openForReading } from '../../../src/journal/files/reader.js';
import { backUp } from '../../../src/main/backup/backup.js';
import { restore } from '../../../src/main/backup/restore.js';
import { makeWhole } from '../../../src/main/backup/whole-folder.js';
import { temporaryFolder } from '../../support/fabric/fabric.js';

/** Paths that were synced before the folder got its name, and those that were synced after. */
const disk = vi.hoisted(() => ({ before: new Set<string>(), after: new Set<string>(), made: '' }));

vi.mock('node:fs/promises', async (original) => {
  const { watchedDisk } = await import('../../support/watched-disk.js');
  return watchedDisk(await original<typeof import('node:fs/promises')>(), {
    synced: (path) => (disk.made === '' ? disk.before : disk.after).add(path),
    renamed: (from) => {
      disk.made = from;
    },
  });
});

beforeEach(() => {
  disk.before.clear();
  disk.after.clear();
  disk.made = '';
});

async function place(): Promise<string> {
  const around = temporaryFolder();
  return join(around, 'out');
}

/** That every file and folder of it was synced in time, and its name afterwards. */
async function expectSynced(out: string): Promise<void> {
  const all = (await readdir(out, { recursive: true })).sort();
  expect(all.length).toBeGreaterThan(0);
  const synced = [...disk.before].map((path) => relative(disk.made, path));
  expect(all.filter((path) => !synced.includes(path))).toEqual([]);
  expect(synced).toContain('');
  expect([...disk.after]).toContain(dirname(out));
}

const CORPUS = 'corpus:late-invoice';

it.each(['parquet', 'ndjson'] as const)('tables as %s', async (format) => {
  const out = await place();
  await exportTables(await openJournal(CORPUS), out, { format });
  await expectSynced(out);
});

it('an anonymised journal', async () => {
  const out = await place();
  await anonymise(await openJournal(CORPUS), out);
  await expectSynced(out);
});

it('with the names of the folders above it that were not there', async () => {
  const above = join(await place(), 'backups');
  const synced = new Set<string>();
  const open = fs.promises.open.bind(fs.promises);
  const watched = vi.spyOn(fs.promises, 'open').mockImplementation(async (path, ...how) => {
    const handle = await open(path, ...how);
    const sync = handle.sync.bind(handle);
    return Object.assign(handle, { sync: () => sync().then(() => synced.add(String(path))) });
  });
  await makeWhole(join(above, 'monday'), (to) => writeFile(join(to, 'turns'), ''));
  watched.mockRestore();
  expect([...synced, ...disk.after]).toEqual([dirname(dirname(above)), dirname(above), above]);
});

it('copied turns', async () => {
  const out = await place();
  const from = await openForReading(nodeDisk, (await openJournal(CORPUS)).place);
  await makeWhole(out, (to) => exportTurns({ disk: nodeDisk, from, to }));
  await expectSynced(out);
});

it('a backup, and what is restored of it', async () => {
  const out = await place();
  const digest = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
  const blobs = join(dirname(out), 'blobs');
  await mkdir(join(blobs, digest.slice(0, 2)), { recursive: true });
  await writeFile(join(blobs, digest.slice(0, 2), digest.slice(2)), '');
  const { place: journal } = await openJournal(CORPUS);
  await backUp({ journal, blobs, snapshots: join(dirname(out), 'snapshots') }, out, async () => true);
  await expectSynced(out);
  disk.before.clear();
  disk.made = '';
  await restore(out, `${out}-data`, async () => null);
  await expectSynced(`${out}-data`);
});
