/** The snapshot of a backup: a journal whose first turns were archived is folded from there. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from '../../catalogue/thrown.js';
import { listSnapshots, type SnapshotStorage } from '../../snapshot/index.js';
import { JOURNAL, SNAPSHOTS } from '../data-folder.js';
import { snapshotsIn } from '../snapshot-folder.js';
import { copyDigested, type Digested } from './files.js';
import type { BackedUpFile } from './manifest.js';
import { type OnBackup, type OnBytes, phaseOf } from './progress.js';

/** Reads all of a snapshot, and looks up its turn in a journal; tells whether it is good. */
export type CheckSnapshot = (storage: SnapshotStorage, name: string, journal: string) => Promise<boolean>;

/** Turns of a journal, both included. */
export interface TurnRange {
  readonly firstTurn: number;
  readonly lastTurn: number;
}

/**
 * Copies the newest good snapshot of one of these turns. It is the copy that is checked, with the journal beside it, so
 * nothing that happens to the original meanwhile is missed. Null where there is none.
 */
export async function copySnapshot(
  from: string,
  { firstTurn, lastTurn }: TurnRange,
  folder: string,
  isGood: CheckSnapshot,
  tell: OnBackup | undefined,
): Promise<BackedUpFile | null> {
  const to = snapshotsIn(join(folder, SNAPSHOTS));
  await mkdir(to.folder);
  for (const { name, turn } of await listSnapshots(snapshotsIn(from))) {
    if (turn < firstTurn || turn > lastTurn) continue;
    const copy = join(to.folder, name);
    const copied = await copyUnlessGone(join(from, name), copy, phaseOf('snapshots copied', tell));
    if (copied === null) continue;
    if (await isGood(to, name, join(folder, JOURNAL))) return { file: `${SNAPSHOTS}/${name}`, ...copied };
    await rm(copy);
  }
  await rm(to.folder, { recursive: true });
  return null;
}

/** A fabric that runs removes snapshots that are too many; then there are newer ones, and the next backup has one. */
async function copyUnlessGone(from: string, to: string, onBytes: OnBytes): Promise<Digested | null> {
  try {
    return await copyDigested(from, to, onBytes);
  } catch (error) {
    if (!isMissing(error)) throw error;
    await rm(to, { force: true });
    return null;
  }
}
