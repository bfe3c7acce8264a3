import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeTurnHeader } from '../../catalogue/turn.js';
import { exportTurns } from '../../journal/files/export.js';
import { nodeDisk } from '../../journal/files/node-disk.js';
import { openForReading } from '../../journal/files/reader.js';
import { copyBlobs, digestOf, namesIn } from './files.js';
import { type BackedUpFile, BLOBS, JOURNAL, MANIFEST, type Manifest } from './manifest.js';
import { type OnBackup, type OnBytes, phaseOf } from './progress.js';
import { makeWhole } from './whole-folder.js';

export interface BackupSource {
  /** The folder of the journal; it may be that of a running fabric. */
  readonly journal: string;
  /** The folder of the blobs. */
  readonly blobs: string;
}

/**
 * Copies what a fabric can't be without into a folder of its own: the journal up to the last turn that is whole, then
 * the blobs. A blob is there before the turn that speaks of it, so none is missing. The store isn't copied: it is a
 * fold of the journal. Throws `BackupError`, and as `makeWhole` and reading a journal do.
 */
export async function backUp(source: BackupSource, to: string, tell?: OnBackup): Promise<Manifest> {
  return makeWhole(to, async (folder) => {
    const journal = join(folder, JOURNAL);
    const from = await openForReading(nodeDisk, source.journal);
    // A fabric that goes on writing must not be run after.
    const toTurn = await from.lastTurn();
    const onTurn = phaseOf('journal copied', tell);
    await exportTurns({ disk: nodeDisk, from, to: journal, toTurn, onTurn });
    const head = await headOf(journal, phaseOf('journal checked', tell));
    const files = await filesOf(journal, phaseOf('journal digested', tell));
    const blobs = await copyBlobs(source.blobs, join(folder, BLOBS), phaseOf('blobs copied', tell));
    const manifest: Manifest = { format: 1, ...head, files, blobs };
    await writeFile(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
    return manifest;
  });
}

/** The last turn of a journal, and of which cell it is. Checks all of its records on the way. */
export async function headOf(journal: string, onBytes: OnBytes): Promise<Pick<Manifest, 'cell' | 'turn' | 'hash'>> {
  const reader = await openForReading(nodeDisk, journal);
  let head = { cell: '', turn: 0, hash: '' };
  for await (const { turn, hash, bytes } of reader.read(reader.firstTurn())) {
    const cell = head.cell === '' ? decodeTurnHeader(bytes).cell : head.cell;
    head = { cell, turn, hash: Buffer.from(hash).toString('hex') };
    onBytes(bytes.length);
  }
  return head;
}

async function filesOf(journal: string, onBytes: OnBytes): Promise<BackedUpFile[]> {
  const files: BackedUpFile[] = [];
  for (const file of await namesIn(journal)) {
    // The lock of whoever wrote it is no part of it.
    if (!file.endsWith('.turns')) continue;
    files.push({ file, ...(await digestOf(join(journal, file), onBytes)) });
  }
  return files;
}
