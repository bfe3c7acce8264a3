/** Blobs in a directory: `ab/cd…` under the first two hex digits. A blob appears under its name whole or not at all. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { Recent } from '../catalogue/recent.js';
import { errnoOf, isMissing } from '../catalogue/thrown.js';
import { LookedAt } from './looked-at.js';
import {
  type BlobContent,
  BlobDamaged,
  BlobMismatch,
  type Blobs,
  BlobsFull,
  BlobTooLarge,
  blobUri,
  isDigest,
  type PutTerms,
  type StoredBlob,
} from './port.js';

const PREFIX = 2;

/** So many blobs at least are remembered as durable, some MB; the folders of others are synced when they are put again. */
const REMEMBERED = 5_000;

/** What has this at its beginning is being written, or was left by a writer that did not come to its end. */
const UNFINISHED = '.new-';

/** Whether a name in a directory of blobs is of one that is not whole. */
export function isUnfinishedBlob(name: string): boolean {
  return name.startsWith(UNFINISHED);
}

/**
 * A content-addressed directory. `uniqueName` gives names that no other writer of the directory uses; without a clock,
 * every blob is looked at before it is given.
 */
export class BlobDirectory implements Blobs {
  readonly #root: string;
  /** Digests of blobs whose names this process knows to be on the disk. */
  readonly #durable = new Recent<string, true>(REMEMBERED);
  readonly #lookedAt = new LookedAt();
  #isRootDurable = false;

  constructor(
    root: string,
    private readonly uniqueName: () => string,
    private readonly nowMs: () => number = () => 0,
  ) {
    this.#root = resolve(root);
  }

  async put(content: AsyncIterable<Uint8Array>, terms: PutTerms): Promise<StoredBlob> {
    try {
      return await this.#keep(content, terms);
    } catch (error) {
      throw isFull(error) ? new BlobsFull(error) : error;
    }
  }

  async #keep(content: AsyncIterable<Uint8Array>, terms: PutTerms): Promise<StoredBlob> {
    await mkdir(this.#root, { recursive: true });
    const temporary = join(this.#root, UNFINISHED + this.uniqueName());
    try {
      const { sha256, bytes, isThere } = await this.#receive(temporary, content, terms);
      if (!isThere) await this.#name(temporary, sha256);
      // Also of one that was there: who has put it there may be about to sync its name, or may have died or failed before.
      if (!this.#durable.has(sha256)) await this.#syncNameOf(sha256);
      return { uri: blobUri(sha256), sha256, bytes };
    } finally {
      await rm(temporary, { force: true });
    }
  }

  /** Writes what comes, and makes it durable where it is not there yet. */
  async #receive(
    temporary: string,
    content: AsyncIterable<Uint8Array>,
    { expected, mostBytes }: PutTerms,
  ): Promise<Written & { readonly isThere: boolean }> {
    const file = await open(temporary, 'wx');
    try {
      const written = await write(file, content, mostBytes);
      if (expected !== undefined && expected !== written.sha256) throw new BlobMismatch(written.sha256);
      const isThere = await this.#holds(written);
      if (!isThere) await file.sync();
      return { ...written, isThere };
    } finally {
      await file.close();
    }
  }

  /** Whether the blob is there as it was written: a damaged one has other bytes, or can't be read. */
  async #holds({ sha256, bytes }: Written): Promise<boolean> {
    const path = this.#pathOf(sha256);
    try {
      return (await stat(path)).size === bytes && (await digestOf(path)) === sha256;
    } catch (error) {
      if (isMissing(error) || isDamage(error)) return false;
      throw error;
    }
  }

  /** Gives what was written the name of a blob. */
  async #name(temporary: string, digest: string): Promise<void> {
    // Until its name is synced again, a loss of power may bring back the damaged one that it replaces.
    this.#durable.delete(digest);
    const path = this.#pathOf(digest);
    await mkdir(dirname(path), { recursive: true });
    await rename(temporary, path);
  }

  /** Makes every name on the way to a blob survive a loss of power. */
  async #syncNameOf(digest: string): Promise<void> {
    await syncDirectory(dirname(this.#pathOf(digest)));
    await syncDirectory(this.#root);
    if (!this.#isRootDurable) await syncAbove(this.#root);
    this.#isRootDurable = true;
    this.#durable.set(digest, true);
  }

  /**
   * Reads the bytes to look at their digest, unless it has and the file is as it was, and again for whoever wants them: no
   * memory has to hold them. What is sent is checked in any case.
   */
  async get(sha256: string): Promise<BlobContent | null> {
    if (!isDigest(sha256)) return null;
    const path = this.#pathOf(sha256);
    try {
      const toldAtMs = this.nowMs();
      const file = await stat(path);
      if (!this.#lookedAt.has(sha256, file)) {
        if ((await digestOf(path)) !== sha256) throw new BlobDamaged(sha256);
        this.#lookedAt.add(sha256, file, toldAtMs);
      }
      const { size } = file;
      return {
        bytes: size,
        read: () => Readable.from(this.#read(path, { sha256, bytes: size }), { objectMode: false }),
      };
    } catch (error) {
      if (isMissing(error)) return null;
      throw isDamage(error) ? new BlobDamaged(sha256, error) : error;
    }
  }

  async *#read(path: string, written: Written): AsyncGenerator<Buffer> {
    try {
      yield* checked(path, written);
    } catch (error) {
      // Who asks next is told before the first byte.
      this.#lookedAt.forget(written.sha256);
      throw error;
    }
  }

  #pathOf(digest: string): string {
    return join(this.#root, digest.slice(0, PREFIX), digest.slice(PREFIX));
  }
}

/** What came, as it stands in a file now. */
interface Written {
  readonly sha256: string;
  readonly bytes: number;
}

async function write(file: FileHandle, content: AsyncIterable<Uint8Array>, mostBytes: number): Promise<Written> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of content) {
    bytes += piece.length;
    if (bytes > mostBytes) throw new BlobTooLarge(mostBytes);
    hash.update(piece);
    await file.writeFile(piece);
  }
  return { sha256: hash.digest('hex'), bytes };
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  return hash.digest('hex');
}

/** The bytes of a file, whose last ones are there only if all are as they stood in it before. */
async function* checked(path: string, { sha256, bytes }: Written): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  let given = 0;
  let last: Buffer = Buffer.alloc(0);
  for await (const piece of createReadStream(path)) {
    if (last.length > 0) yield last;
    last = piece as Buffer;
    given += last.length;
    if (given > bytes) throw new BlobDamaged(sha256);
    hash.update(last);
  }
  if (given !== bytes || hash.digest('hex') !== sha256) throw new BlobDamaged(sha256);
  if (last.length > 0) yield last;
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
    if (errnoOf(error) !== 'EACCES') throw error;
  }
}

function isFull(error: unknown): boolean {
  const code = errnoOf(error);
  return code === 'ENOSPC' || code === 'EDQUOT';
}

/** Whether the disk can't give what was written: a file that is put in its place has other sectors. */
function isDamage(error: unknown): boolean {
  return errnoOf(error) === 'EIO';
}
