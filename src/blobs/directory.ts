/** Blobs in a directory: `ab/cd…` under the first two hex digits. A blob appears under its name whole or not at all. */
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { sha256 as hash } from '../catalogue/digest.js';
import { BlobDamaged, BlobMismatch, type Blobs, blobUri, isDigest, type StoredBlob } from './port.js';

const PREFIX = 2;

/** So many blobs are remembered as durable, some MB; the folders of others are synced again when they are put again. */
const REMEMBERED = 10_000;

/** What has this at its beginning is being written, or was left by a writer that did not come to its end. */
const UNFINISHED = '.new-';

/** Whether a name in a directory of blobs is of one that is not whole. */
export function isUnfinishedBlob(name: string): boolean {
  return name.startsWith(UNFINISHED);
}

/** A content-addressed directory. `uniqueName` gives names that no other writer of the directory uses. */
export class BlobDirectory implements Blobs {
  readonly #root: string;
  readonly #uniqueName: () => string;
  /** Digests of blobs whose names this process knows to be on the disk, the oldest first. */
  readonly #durable = new Set<string>();
  #isRootDurable = false;

  constructor(root: string, uniqueName: () => string) {
    this.#root = resolve(root);
    this.#uniqueName = uniqueName;
  }

  async put(bytes: Uint8Array, expected?: string): Promise<StoredBlob> {
    const digest = hash(bytes).toString('hex');
    if (expected !== undefined && expected !== digest) throw new BlobMismatch(digest);
    const stored = { uri: blobUri(digest), sha256: digest, bytes: bytes.length };
    const path = this.#pathOf(digest);
    if (!(await holds(path, bytes))) {
      // Until its name is synced again, a loss of power may bring back the damaged one that it replaces.
      this.#durable.delete(digest);
      await this.#write(path, bytes);
    }
    // Also of one that was there: who has put it there may be about to sync its name, or may have died or failed before.
    if (!this.#durable.has(digest)) await this.#syncNameOf(digest);
    return stored;
  }

  async #write(path: string, bytes: Uint8Array): Promise<void> {
    await mkdir(dirname(path), { recursive: true });
    const temporary = join(this.#root, UNFINISHED + this.#uniqueName());
    try {
      await writeDurably(temporary, bytes);
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  /** Makes every name on the way to a blob survive a loss of power. */
  async #syncNameOf(digest: string): Promise<void> {
    await syncDirectory(dirname(this.#pathOf(digest)));
    await syncDirectory(this.#root);
    if (!this.#isRootDurable) await syncAbove(this.#root);
    this.#isRootDurable = true;
    if (this.#durable.size >= REMEMBERED) this.#durable.delete(this.#durable.values().next().value!);
    this.#durable.add(digest);
  }

  async get(sha256: string): Promise<Uint8Array | null> {
    if (!isDigest(sha256)) return null;
    try {
      const bytes = await readFile(this.#pathOf(sha256));
      if (hash(bytes).toString('hex') !== sha256) throw new BlobDamaged(sha256);
      return bytes;
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  #pathOf(digest: string): string {
    return join(this.#root, digest.slice(0, PREFIX), digest.slice(PREFIX));
  }
}

/** Whether a file has these bytes: one that is damaged has others, or can't be read. */
async function holds(path: string, bytes: Uint8Array): Promise<boolean> {
  try {
    return (await stat(path)).size === bytes.length && (await readFile(path)).equals(bytes);
  } catch (error) {
    if (isMissing(error) || isDamage(error)) return false;
    throw error;
  }
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes a rename survive a power loss. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** The same for the name of the directory itself. Where this process may not look, somebody else has made it. */
async function syncAbove(root: string): Promise<void> {
  try {
    await syncDirectory(dirname(root));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EACCES')) throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** Whether the disk can't give what was written: a file that is put in its place has other sectors. */
function isDamage(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EIO';
}
