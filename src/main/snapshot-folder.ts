/** Folders of snapshots on this machine. */
import { statfs } from 'node:fs/promises';
import { SEGMENT_BYTES } from '../journal/files/journal.js';
import { nodeDisk } from '../journal/files/node-disk.js';
import { type KeptFree, SnapshotFolder } from '../snapshot/folder.js';
import { systemIds } from './adapters/system.js';

/** A fabric's own snapshots leave so much of the disk to its journal: the next segment. */
const KEPT_FREE: KeptFree = { bytes: SEGMENT_BYTES, freeAt };

/** The snapshots in a folder. */
export function snapshotsIn(folder: string, keptFree: KeptFree | null = null): SnapshotFolder {
  return new SnapshotFolder(nodeDisk, folder, () => systemIds.next(), keptFree);
}

/** The same, of a fabric that takes them by itself: nobody has asked for them, and nobody makes room for them. */
export function ownSnapshotsIn(folder: string): SnapshotFolder {
  return snapshotsIn(folder, KEPT_FREE);
}

async function freeAt(folder: string): Promise<number> {
  const told = await statfs(folder).catch(() => null);
  // Where a file system doesn't tell its size, nothing is known of what is free.
  return told === null || told.blocks === 0 ? Number.POSITIVE_INFINITY : told.bavail * told.bsize;
}
