/** What a backup says of itself: manifest.json beside the folders of a data directory that are in it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { ErrorCode } from '../../catalogue/generated/errors.js';
import { ARCHIVE, JOURNAL, MANIFEST, SNAPSHOTS } from '../data-folder.js';

const hex = (chars: number) => z.string().regex(new RegExp(`^[\\da-f]{${chars}}$`, 'u'));
const count = z.int().min(0);

/** The folders whose files are listed, and how the names of those files end that are part of a backup. */
export const LISTED = { [ARCHIVE]: '.turns', [JOURNAL]: '.turns', [SNAPSHOTS]: '.snapshot' } as const;
export type ListedFolder = keyof typeof LISTED;

const digested = { bytes: count, sha256: hex(64) };
const whole = {
  cell: z.string().min(1),
  /** The last turn that is in it, and the hash of its record. */
  turn: count,
  hash: hex(64),
  /** Blobs are named by their digests; this is the digest of their sorted names, one a line. */
  blobs: z.strictObject({ count, ...digested }),
};
const file = z.string().regex(/^(?:(?:archive|journal)\/[\w-]+\.turns|snapshots\/[\w-]+\.snapshot)$/u);
const current = z.strictObject({
  format: z.literal(2),
  ...whole,
  files: z.array(z.strictObject({ file, ...digested })),
});
/** Of earlier releases: only the journal's files are listed, without their folder. */
const first = z.strictObject({
  format: z.literal(1),
  ...whole,
  files: z.array(z.strictObject({ file: z.string().regex(/^[\w-]+\.turns$/u), ...digested })),
});
const manifestSchema = z.discriminatedUnion('format', [first, current]);

export type Manifest = z.output<typeof current>;
export type BackedUpFile = Manifest['files'][number];

/** Why a backup can't be made or restored. */
export class BackupError extends Error {
  override readonly name = 'BackupError';

  constructor(
    readonly code: Extract<ErrorCode, 'not-a-backup' | 'backup-damaged' | 'history-incomplete' | 'blob-not-found'>,
    message: string,
    /** The folder or file that it is about. */
    readonly path: string,
  ) {
    super(message);
  }
}

/** Reads and checks the manifest of a backup. Throws `BackupError`. */
export async function readManifest(folder: string): Promise<Manifest> {
  const path = join(folder, MANIFEST);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    throw new BackupError('not-a-backup', `there is no ${MANIFEST} that can be read`, folder);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new BackupError('backup-damaged', 'the manifest is not JSON', path);
  }
  const result = manifestSchema.safeParse(value);
  if (result.success) return inFolders(result.data);
  const [first] = result.error.issues;
  throw new BackupError('not-a-backup', `the manifest says ${first?.path.join('.')}: ${first?.message}`, path);
}

/** A manifest of any format as one of the current format. */
function inFolders(manifest: z.output<typeof manifestSchema>): Manifest {
  if (manifest.format === 2) return manifest;
  const files = manifest.files.map((one) => ({ ...one, file: `${JOURNAL}/${one.file}` }));
  return { ...manifest, format: 2, files };
}

/** The files of a folder that a manifest lists. */
export function listedIn({ files }: Manifest, folder: ListedFolder): readonly BackedUpFile[] {
  return files.filter(({ file }) => file.startsWith(`${folder}/`));
}
