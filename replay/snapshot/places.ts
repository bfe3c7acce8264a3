import { basename, dirname, join } from 'node:path';
import { snapshotsIn } from '../../src/main/snapshot-folder.js';
import type { SnapshotFolder } from '../../src/snapshot/folder.js';

/** The name of the folder in a data directory, and in an export, in which snapshots are. */
const SNAPSHOTS = 'snapshots';
const JOURNAL = 'journal';

/** The snapshots beside the journal in a folder: in its data directory, or in the folder itself. */
export function snapshotsBeside(folder: string): SnapshotFolder {
  return snapshotsIn(join(basename(folder) === JOURNAL ? dirname(folder) : folder, SNAPSHOTS));
}
