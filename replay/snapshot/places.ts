import { basename, dirname, join } from 'node:path';
import { JOURNAL, SNAPSHOTS } from '../../src/main/data-folder.js';
import { snapshotsIn } from '../../src/main/snapshot-folder.js';
import type { SnapshotFolder } from '../../src/snapshot/folder.js';

/** The snapshots beside the journal in a folder: in its data directory, or in the folder itself. */
export function snapshotsBeside(folder: string): SnapshotFolder {
  return snapshotsIn(join(basename(folder) === JOURNAL ? dirname(folder) : folder, SNAPSHOTS));
}
