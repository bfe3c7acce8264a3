/** Snapshots that a running fabric removes between their listing and their reading. */
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { placeOf } from '../../../replay/index.js';
import { journalArchive } from '../../../src/cli/actions/journal-archive.js';
import { snapshotCreate, snapshotList, snapshotVerify } from '../../../src/cli/actions/snapshot.js';
import { openIo } from '../../../src/cli/terminal/io.js';
import { temporaryFolder } from '../../support/fabric/fabric.js';

const HISTORY = placeOf('corpus:late-invoice');

/** A folder with a snapshot of turn 9, and with one of turn 20 that is listed, and can't be opened as it isn't there. */
async function folderWithOneGone(): Promise<{ snapshots: string; gone: string }> {
  const snapshots = temporaryFolder();
  await snapshotCreate({ ...openIo({ quiet: true }), emit: () => undefined }, HISTORY, { snapshots, at: '9' });
  const gone = join(snapshots, '0000000000000020-0123456789abcdef.snapshot');
  await symlink(join(snapshots, 'nowhere'), gone);
  return { snapshots, gone };
}

it('are left out by who lists or verifies all, and passed over by who takes the newest', async () => {
  const { snapshots } = await folderWithOneGone();
  const turns: unknown[] = [];
  const emit = (_: string, found: object): void => {
    if ('snapshots' in found) turns.push((found.snapshots as { turn: number }[]).map(({ turn }) => turn));
    else turns.push((found as { snapshot: string }).snapshot.slice(0, 16));
  };
  const io = { ...openIo({ quiet: true }), emit } as Parameters<typeof snapshotList>[0];
  await snapshotList(io, HISTORY, { snapshots });
  await snapshotVerify(io, HISTORY, { snapshots });
  await journalArchive(io, HISTORY, { snapshots, dryRun: true });
  await snapshotCreate(io, HISTORY, { snapshots, at: '21' });
  expect(turns).toEqual([[9], [9], '0000000000000009', [21]]);
});

it('are missed by who has named one', async () => {
  const { gone } = await folderWithOneGone();
  await expect(snapshotVerify(openIo({ quiet: true }), gone, {})).rejects.toMatchObject({ code: 'ENOENT' });
});
