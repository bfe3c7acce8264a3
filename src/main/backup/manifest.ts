/** What a backup says of itself: manifest.json beside a folder `journal` and a folder `blobs`. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { ErrorCode } from '../../catalogue/generated/errors.js';

const hex = (chars: number) => z.string().regex(new RegExp(`^[\\da-f]{${chars}}$`, 'u'));
const count = z.int().min(0);

const manifestSchema = z.strictObject({
  format: z.literal(1),
  cell: z.string().min(1),
  /** The last turn that is in it, and the hash of its record. */
  turn: count,
  hash: hex(64),
  files: z.array(z.strictObject({ file: z.string().regex(/^[\w.-]+$/u), bytes: count, sha256: hex(64) })),
  /** Blobs are named by their digests; this is the digest of their sorted names, one a line. */
  blobs: z.strictObject({ count, bytes: count, sha256: hex(64) }),
});

export type Manifest = z.output<typeof manifestSchema>;
export type BackedUpFile = Manifest['files'][number];

export const MANIFEST = 'manifest.json';
export const JOURNAL = 'journal';
export const BLOBS = 'blobs';

/** Why a backup can't be made or restored. */
export class BackupError extends Error {
  override readonly name = 'BackupError';

  constructor(
    readonly code: Extract<ErrorCode, 'not-a-backup' | 'backup-damaged'>,
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
  if (result.success) return result.data;
  const [first] = result.error.issues;
  throw new BackupError('not-a-backup', `the manifest says ${first?.path.join('.')}: ${first?.message}`, path);
}
