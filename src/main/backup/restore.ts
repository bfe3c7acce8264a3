import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { unlessMissing } from '../../catalogue/thrown.js';
import { JournalDamaged, JournalError } from '../../journal/errors.js';
import { ARCHIVE, BLOBS, JOURNAL, SNAPSHOTS } from '../data-folder.js';
import { headOf } from './backup.js';
import { copyBlobs, copyDigested, namesIn } from './files.js';
import { BackupError, LISTED, type ListedFolder, listedIn, type Manifest, readManifest } from './manifest.js';
import { type OnBackup, type OnBytes, phaseOf } from './progress.js';
import { makeWhole } from './whole-folder.js';

/**
 * Folds the journal in a folder again, with the archive beside it, or from a snapshot there where it begins later than
 * with turn 1; resolves with what is wrong with it, or null.
 */
export type CheckFold = (journal: string) => Promise<string | null>;

/**
 * Makes a data folder of a backup. Every file is compared with the manifest, the journal's chain is checked up to the
 * turn that the manifest names, and every turn is folded again; only then the folder gets its name. Throws `BackupError`.
 */
export async function restore(backup: string, data: string, checkFold: CheckFold, tell?: OnBackup): Promise<Manifest> {
  const manifest = await readManifest(backup);
  return makeWhole(data, async (folder) => {
    const onJournal = phaseOf('journal copied', tell);
    await copyFolder(manifest, ARCHIVE, backup, folder, onJournal);
    await copyFolder(manifest, JOURNAL, backup, folder, onJournal);
    await copyFolder(manifest, SNAPSHOTS, backup, folder, phaseOf('snapshots copied', tell));
    const journal = join(folder, JOURNAL);
    await checkHead(manifest, backup, journal, phaseOf('journal checked', tell));
    const problem = await checkFold(journal);
    if (problem !== null) throw new BackupError('backup-damaged', problem, backup);
    const blobs = await copyBlobs(join(backup, BLOBS), join(folder, BLOBS), phaseOf('blobs copied', tell));
    if (blobs.sha256 !== manifest.blobs.sha256) {
      const detail = `the manifest names ${manifest.blobs.count} blobs, and these are ${blobs.count} others`;
      throw new BackupError('backup-damaged', detail, join(backup, BLOBS));
    }
    return manifest;
  });
}

/** Copies the files that the manifest lists, and refuses any other. */
async function copyFolder(
  manifest: Manifest,
  part: ListedFolder,
  backup: string,
  data: string,
  onBytes: OnBytes,
): Promise<void> {
  const from = join(backup, part);
  const listed = listedIn(manifest, part);
  const found = (await namesIn(from)).filter((name) => name.endsWith(LISTED[part]));
  // An archive or snapshots of which it lists nothing were put there by hand: whether they fit, the journal's chain and the
  // fold tell.
  if (part !== JOURNAL && listed.length === 0) {
    if (found.length > 0) await mkdir(join(data, part));
    for (const name of found) await copyDigested(join(from, name), join(data, part, name), onBytes);
    return;
  }
  await mkdir(join(data, part));
  const strange = found.find((name) => !listed.some(({ file }) => file === `${part}/${name}`));
  if (strange !== undefined) {
    throw new BackupError('backup-damaged', 'the manifest does not name this file', join(from, strange));
  }
  for (const { file, bytes, sha256 } of listed) {
    const path = join(backup, file);
    const copied = await unlessMissing(copyDigested(path, join(data, file), onBytes), null);
    if (copied === null) throw new BackupError('backup-damaged', 'the file is missing', path);
    if (copied.bytes !== bytes || copied.sha256 !== sha256) {
      throw new BackupError('backup-damaged', 'the file is not as it was when the backup was made', path);
    }
  }
}

async function checkHead(manifest: Manifest, backup: string, journal: string, onBytes: OnBytes): Promise<void> {
  const { cell, turn, hash } = manifest;
  const head = await headOf(journal, onBytes).catch((error: unknown) => {
    const isWrong = error instanceof JournalDamaged || (error instanceof JournalError && error.errno === null);
    throw isWrong ? new BackupError('backup-damaged', error.message, backup) : error;
  });
  if (head.cell !== cell || head.turn !== turn || head.hash !== hash) {
    const detail = `the journal ends at turn ${head.turn} of the cell ${head.cell}, not at turn ${turn} of ${cell}`;
    throw new BackupError('backup-damaged', detail, backup);
  }
}
