import { Recent } from '../catalogue/recent.js';

/** So many blobs are remembered at least, some MB; others are looked at again. */
const REMEMBERED = 5_000;

/** Times of files are coarse: one that was changed so many ms ago may be changed once more, and tell the same time. */
const SETTLED_MS = 2_000;

/** What the system tells of a file. */
interface FileFacts {
  readonly dev: number;
  readonly ino: number;
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
}

/**
 * Blobs whose bytes were found to have their digest, and what the system told of their files before: a large one that many
 * jobs read is looked at once and not before each answer. A file of which something else is told now may be damaged.
 */
export class LookedAt {
  readonly #files = new Recent<string, string>(REMEMBERED);

  has(digest: string, file: FileFacts): boolean {
    return this.#files.get(digest) === told(file);
  }

  /**
   * The bytes are right, and were read after this was told of the file, at `toldAtMs` by the wall clock, of which the times
   * of files are; at 0 no file has settled, and none is remembered.
   */
  add(digest: string, file: FileFacts, toldAtMs: number): void {
    if (toldAtMs - file.ctimeMs < SETTLED_MS) return;
    this.#files.set(digest, told(file));
  }

  forget(digest: string): void {
    this.#files.delete(digest);
  }
}

function told({ dev, ino, size, mtimeMs, ctimeMs }: FileFacts): string {
  return [dev, ino, size, mtimeMs, ctimeMs].join(' ');
}
