import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { speaksOfBlob } from '../../blobs/port.js';
import { hex } from '../../catalogue/hex.js';
import { decodeTurnHeader } from '../../catalogue/turn.js';
import { exportTurns } from '../../journal/files/export.js';
import { nodeDisk } from '../../journal/files/node-disk.js';
import { openForReading } from '../../journal/files/reader.js';
import type { ReadableJournal } from '../../journal/readable.js';
import { NoSnapshot } from '../../scheduler/bootstrap.js';
import { ARCHIVE, BLOBS, JOURNAL, MANIFEST } from '../data-folder.js';
import { archiveOf, openWithArchive } from '../readable.js';
import { copyBlobs, digestOf, namesIn } from './files.js';
import { type BackedUpFile, BackupError, LISTED, type Manifest } from './manifest.js';
import { type OnBackup, type OnBytes, phaseOf } from './progress.js';
import { type CheckSnapshot, copySnapshot, type TurnRange } from './snapshot.js';
import { makeWhole } from './whole-folder.js';

export interface BackupSource {
  /** The folder of the journal; it may be that of a running fabric. */
  readonly journal: string;
  /** The folder of the snapshots. */
  readonly snapshots: string;
  /** The folder of the blobs. */
  readonly blobs: string;
  /** Whether somebody has named that folder: then it may have none, although turns speak of some. */
  readonly blobsNamed?: boolean;
  /** Whether an archive that the data directory has is left out. */
  readonly withoutArchive?: boolean;
}

/**
 * Copies what a fabric can't be without into a folder of its own: the journal up to the last turn that is whole, then
 * the blobs. A blob is there before the turn that speaks of it, so none is missing. The store isn't copied: it is a
 * fold of the journal. With a journal that was archived goes the newest snapshot from which that fold goes on, and the
 * archive in its data directory; where no snapshot can be used, as after an upgrade with another layout of rows, the archive
 * is enough if it goes back to turn 1. Throws `NoSnapshot` where it isn't, `BackupError` (`blob-not-found` where turns speak
 * of blobs, and a folder that nobody named has none), and as `makeWhole` and reading a journal do.
 */
export async function backUp(
  source: BackupSource,
  to: string,
  checkSnapshot: CheckSnapshot,
  tell?: OnBackup,
): Promise<Manifest> {
  return makeWhole(to, async (folder) => {
    const journal = join(folder, JOURNAL);
    const from = await openForReading(nodeDisk, source.journal);
    // A fabric that goes on writing must not be run after.
    const range = { firstTurn: from.firstTurn(), lastTurn: await from.lastTurn() };
    const archive = source.withoutArchive === true ? null : await archiveBefore(from, source.journal);
    await copyJournal({ from, archive }, range, folder, phaseOf('journal copied', tell));
    const { speaksOfBlobs, ...head } = await headOf(journal, phaseOf('journal checked', tell));
    const files = await filesOf(folder, phaseOf('journal digested', tell));
    if (range.firstTurn > 1) {
      const snapshot = await copySnapshot(source.snapshots, range, folder, checkSnapshot, tell);
      if (snapshot !== null) files.push(snapshot);
      else if (archive?.firstTurn() !== 1) throw new NoSnapshot(range.firstTurn);
    }
    const blobs = await copyBlobs(source.blobs, join(folder, BLOBS), phaseOf('blobs copied', tell));
    if (blobs.count === 0 && speaksOfBlobs && source.blobsNamed !== true) {
      throw new BackupError('blob-not-found', 'turns speak of blobs, and none is in this folder', source.blobs);
    }
    const manifest: Manifest = { format: 2, ...head, files, blobs };
    await writeFile(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
    return manifest;
  });
}

/**
 * The archive that goes with a journal. One that leaves a gap before the journal is refused before anything is copied:
 * that may take hours, and nothing reads the two as one.
 */
async function archiveBefore(journal: ReadableJournal, folder: string): Promise<ReadableJournal | null> {
  const archive = await archiveOf(folder, journal);
  if (archive === null) return null;
  const [border, firstTurn, lastTurn] = [journal.firstTurn(), archive.firstTurn(), await archive.lastTurn()];
  if (firstTurn < border && lastTurn >= border - 1) return archive;
  const detail = `the archive has turns ${firstTurn} to ${lastTurn}, and the journal begins with turn ${border}`;
  throw new BackupError('history-incomplete', detail, archive.place);
}

/** The archive comes second: what is archived meanwhile is in both, and never in neither. */
async function copyJournal(
  { from, archive }: { readonly from: ReadableJournal; readonly archive: ReadableJournal | null },
  { firstTurn, lastTurn }: TurnRange,
  folder: string,
  onTurn: OnBytes,
): Promise<void> {
  await exportTurns({ disk: nodeDisk, from, to: join(folder, JOURNAL), fromTurn: firstTurn, toTurn: lastTurn, onTurn });
  if (archive === null) return;
  await exportTurns({ disk: nodeDisk, from: archive, to: join(folder, ARCHIVE), toTurn: firstTurn - 1, onTurn });
}

interface Head extends Pick<Manifest, 'cell' | 'turn' | 'hash'> {
  readonly speaksOfBlobs: boolean;
}

/**
 * The last turn of a journal, of which cell it is, and whether any turn speaks of a blob. Checks all of its records on the
 * way, and those of the archive that is beside it.
 */
export async function headOf(journal: string, onBytes: OnBytes): Promise<Head> {
  const reader = await openWithArchive(journal);
  let head: Head = { cell: '', turn: 0, hash: '', speaksOfBlobs: false };
  for await (const { turn, hash, bytes } of reader.read(reader.firstTurn())) {
    const cell = head.cell === '' ? decodeTurnHeader(bytes).cell : head.cell;
    const speaksOfBlobs = head.speaksOfBlobs || speaksOfBlob(bytes);
    head = { cell, turn, hash: hex(hash), speaksOfBlobs };
    onBytes(bytes.length);
  }
  return head;
}

async function filesOf(folder: string, onBytes: OnBytes): Promise<BackedUpFile[]> {
  const files: BackedUpFile[] = [];
  for (const part of [ARCHIVE, JOURNAL] as const) {
    for (const name of await namesIn(join(folder, part))) {
      // The lock of whoever wrote it is no part of it.
      if (!name.endsWith(LISTED[part])) continue;
      files.push({ file: `${part}/${name}`, ...(await digestOf(join(folder, part, name), onBytes)) });
    }
  }
  return files;
}
