/** Copies of files with digests of what was copied, and what makes them survive a loss of power. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { unlessMissing } from '../../catalogue/thrown.js';
import { BackupError } from './manifest.js';
import type { OnBytes } from './progress.js';

/** What was read of a file. */
export interface Digested {
  readonly bytes: number;
  readonly sha256: string;
}

/** The length and the SHA-256 of a file; `take` is given its bytes, piece by piece. */
export async function digestOf(
  path: string,
  onBytes: OnBytes,
  take: (piece: Buffer) => Promise<void> = async () => undefined,
): Promise<Digested> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of piecesOf(path)) {
    hash.update(chunk);
    await take(chunk);
    bytes += chunk.length;
    onBytes(chunk.length);
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** The bytes of a file. The system doesn't say of which one it can't read. */
async function* piecesOf(path: string): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(path) as AsyncIterable<Buffer>;
  } catch (error) {
    throw Object.assign(Object(error), { path });
  }
}

/** Copies a file, and says what was copied. The copy must not be there. */
export async function copyDigested(from: string, to: string, onBytes: OnBytes): Promise<Digested> {
  const file = await open(to, 'wx');
  try {
    // A single write may take less than all of it, as where the disk is nearly full.
    return await digestOf(from, onBytes, (piece) => file.writeFile(piece));
  } finally {
    await file.close();
  }
}

/** Forces the contents of a file, or the names of a folder, to the disk. */
export async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Forces a folder with all that is in it to the disk. */
export async function syncWhole(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    await (entry.isDirectory() ? syncWhole(path) : syncPath(path));
  }
  await syncPath(folder);
}

/** The names in a folder, sorted; none where there is no such folder. */
export async function namesIn(folder: string): Promise<string[]> {
  return (await unlessMissing(readdir(folder), [])).sort();
}

/** Copies the blobs of a data folder, each checked against its name. Throws `BackupError` at one that is damaged. */
export async function copyBlobs(
  from: string,
  to: string,
  onBytes: OnBytes,
): Promise<{ readonly count: number } & Digested> {
  const names = createHash('sha256');
  let [count, bytes] = [0, 0];
  await mkdir(to, { recursive: true });
  for (const prefix of await namesIn(from)) {
    // What begins with a dot is a blob on its way, of which nothing speaks yet.
    if (!/^[\da-f]{2}$/u.test(prefix)) continue;
    await mkdir(join(to, prefix));
    for (const name of await namesIn(join(from, prefix))) {
      const path = join(from, prefix, name);
      const copied = await copyDigested(path, join(to, prefix, name), onBytes);
      if (copied.sha256 !== prefix + name) {
        throw new BackupError('backup-damaged', 'the bytes of the blob are not those that its name says', path);
      }
      names.update(`${prefix}${name}\n`);
      count++;
      bytes += copied.bytes;
    }
  }
  return { count, bytes, sha256: names.digest('hex') };
}
