/** Folders of snapshots on this machine. */
import { nodeDisk } from '../journal/files/node-disk.js';
import { SnapshotFolder } from '../snapshot/folder.js';
import { systemIds } from './adapters/system.js';

/** The snapshots in a folder. */
export function snapshotsIn(folder: string): SnapshotFolder {
  return new SnapshotFolder(nodeDisk, folder, () => systemIds.next());
}
