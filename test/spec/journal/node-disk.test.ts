/** Folders that the machine's file system makes, and those that it may not. */
import { chmod, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { nodeDisk } from '../../../src/journal/files/node-disk.js';

/** Somebody who owns nothing here, in place of root, who may everything. */
const NOBODY = 65534;

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'marie-disk-'));
  ends.push(() => rm(folder, { recursive: true, force: true }));
  await chmod(folder, 0o755);
  return folder;
}

/** Does it as somebody who isn't root. */
async function asNobody<T>(act: () => Promise<T>): Promise<T> {
  const own = process.geteuid!();
  if (own === 0) process.seteuid!(NOBODY);
  try {
    return await act();
  } finally {
    if (own === 0) process.seteuid!(own);
  }
}

it('makes a folder with those above it, and leaves one that is there as it is', async () => {
  const root = await temporaryFolder();
  await nodeDisk.makeFolder(join(root, 'a', 'b'));
  await nodeDisk.makeFolder(join(root, 'a'));
  expect(await readdir(join(root, 'a'))).toEqual(['b']);
});

it('says of a link that leads nowhere, as to a disk that is not mounted, that nothing is there', async () => {
  const link = join(await temporaryFolder(), 'link');
  await symlink('not-mounted/data', link);
  for (const folder of [link, join(link, 'data')]) {
    await expect(nodeDisk.makeFolder(folder)).rejects.toMatchObject({ code: 'ENOENT', path: link });
  }
});

it('takes one that may be entered and not listed for what it is, and makes nothing where nobody may look', async () => {
  const root = await temporaryFolder();
  for (const name of ['unlisted', 'closed']) await mkdir(join(root, name, 'data'), { recursive: true });
  await chmod(join(root, 'unlisted'), 0o311);
  await chmod(join(root, 'closed'), 0o600);
  ends.push(
    () => chmod(join(root, 'closed'), 0o700),
    () => chmod(join(root, 'unlisted'), 0o700),
  );
  await expect(asNobody(() => nodeDisk.makeFolder(join(root, 'unlisted', 'data')))).resolves.toBeUndefined();
  await expect(asNobody(() => nodeDisk.makeFolder(join(root, 'closed', 'data')))).rejects.toMatchObject({
    code: 'EACCES',
  });
});
