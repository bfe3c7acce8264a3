import { basename, dirname, join } from 'node:path';
import { nodeDisk } from '../../src/journal/files/node-disk.js';
import { SnapshotFolder } from '../../src/snapshot/folder.js';

/** The name of the folder in a data directory, and in an export, in which snapshots are. */
const SNAPSHOTS = 'snapshots';
const JOURNAL = 'journal';

/** The snapshots beside the journal in a folder: in its data directory, or in the folder itself. */
export function snapshotsBeside(folder: string): SnapshotFolder {
  return new SnapshotFolder(nodeDisk, join(basename(folder) === JOURNAL ? dirname(folder) : folder, SNAPSHOTS));
}

/** The snapshots in a folder that somebody named. */
export function snapshotsIn(folder: string): SnapshotFolder {
  return new SnapshotFolder(nodeDisk, folder);
}
