/** Snapshots in a folder, where the last step of one fails. */
import { mkdir, readdir } from 'node:fs/promises';
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
