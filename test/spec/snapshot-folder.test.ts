/** Snapshots in a folder, where the last step of one fails. */
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { nodeDisk } from '../../src/journal/files/node-disk.js';
import { SnapshotFolder } from '../../src/snapshot/folder.js';
import { temporaryFolder } from '../support/fabric/fabric.js';

it('what can not be given its name is gone when it is aborted', async () => {
  const folder = temporaryFolder();
  const storage = new SnapshotFolder(nodeDisk, folder);
  await mkdir(join(folder, 'taken'));
  const sink = await storage.create('taken');
  await sink.write(Buffer.from('rows'));
  await expect(sink.commit()).rejects.toMatchObject({ code: 'EISDIR' });
  await sink.abort();
  expect(await readdir(folder)).toEqual(['taken']);
});

it('one that two processes write at once is whole under its name, by the one that came last', async () => {
  const folder = temporaryFolder();
  const storage = new SnapshotFolder(nodeDisk, folder);
  const first = await storage.create('both');
  await first.write(Buffer.from('rows of the first'));
  const second = await storage.create('both');
  await second.write(Buffer.from('rows of '));
  await expect(first.commit()).rejects.toMatchObject({ code: 'target-not-empty', snapshot: 'both' });
  await first.abort();
  expect(await storage.list()).toEqual([]);
  await second.write(Buffer.from('the second'));
  await second.commit();
  expect(await readFile(join(folder, 'both'), 'utf8')).toBe('rows of the second');
});
