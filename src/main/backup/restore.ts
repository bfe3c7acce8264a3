import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { headOf } from './backup.js';
import { copyBlobs, copyDigested, namesIn } from './files.js';
import { BackupError, BLOBS, JOURNAL, type Manifest, readManifest } from './manifest.js';
import { type OnBackup, type OnBytes, phaseOf } from './progress.js';
import { makeWhole } from './whole-folder.js';

/** Folds the journal in a folder again; resolves with what is wrong with it, or null. */
export type CheckFold = (journal: string) => Promise<string | null>;

/**
 * Makes a data folder of a backup. Every file is compared with the manifest, the journal's chain is checked up to the
 * turn that the manifest names, and every turn is folded again; only then the folder gets its name. Throws `BackupError`.
 */
export async function restore(backup: string, data: string, checkFold: CheckFold, tell?: OnBackup): Promise<Manifest> {
  const manifest = await readManifest(backup);
  return makeWhole(data, async (folder) => {
    const journal = join(folder, JOURNAL);
    await copyJournal(manifest, join(backup, JOURNAL), journal, phaseOf('journal copied', tell));
    await checkHead(manifest, journal, phaseOf('journal checked', tell));
    const problem = await checkFold(journal);
    if (problem !== null) throw new BackupError('backup-damaged', problem, journal);
    const blobs = await copyBlobs(join(backup, BLOBS), join(folder, BLOBS), phaseOf('blobs copied', tell));
    if (blobs.sha256 !== manifest.blobs.sha256) {
      const detail = `the manifest names ${manifest.blobs.count} blobs, and these are ${blobs.count} others`;
      throw new BackupError('backup-damaged', detail, join(backup, BLOBS));
    }
    return manifest;
  });
}

async function copyJournal({ files }: Manifest, from: string, to: string, onBytes: OnBytes): Promise<void> {
  await mkdir(to);
  const strange = (await namesIn(from)).find(
    (name) => name.endsWith('.turns') && !files.some(({ file }) => file === name),
  );
  if (strange !== undefined) {
    throw new BackupError('backup-damaged', 'the manifest does not name this file', join(from, strange));
  }
  for (const { file, bytes, sha256 } of files) {
    const path = join(from, file);
    const copied = await copyDigested(path, join(to, file), onBytes).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      throw new BackupError('backup-damaged', 'the file is missing', path);
    });
    if (copied.bytes !== bytes || copied.sha256 !== sha256) {
      throw new BackupError('backup-damaged', 'the file is not as it was when the backup was made', path);
    }
  }
}

async function checkHead({ cell, turn, hash }: Manifest, journal: string, onBytes: OnBytes): Promise<void> {
  const head = await headOf(journal, onBytes);
  if (head.cell !== cell || head.turn !== turn || head.hash !== hash) {
    const detail = `the journal ends at turn ${head.turn} of the cell ${head.cell}, not at turn ${turn} of ${cell}`;
    throw new BackupError('backup-damaged', detail, journal);
  }
}
