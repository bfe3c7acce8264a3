import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { namesIn, syncPath } from './files.js';

/** There is something where a folder is to be made. */
export class FolderNotEmpty extends Error {
  override readonly name = 'FolderNotEmpty';
  readonly code = 'target-not-empty';

  constructor(readonly path: string) {
    super('the folder is there already, and not empty');
  }
}

/**
 * Makes a folder whole or not at all: `fill` fills one beside it, which gets the name when it is full, and is taken
 * away if `fill` fails. Throws `FolderNotEmpty` if there is something under the name already.
 */
export async function makeWhole<T>(place: string, fill: (partial: string) => Promise<T>): Promise<T> {
  // Without what may end its name: what is made stands beside it, not in it.
  const folder = resolve(place);
  if ((await namesIn(folder)).length > 0) throw new FolderNotEmpty(folder);
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  // Not with those above it at once: of a file system that is only read, that says that something is not there.
  await mkdir(dirname(partial), { recursive: true });
  await mkdir(partial);
  try {
    const made = await fill(partial);
    await syncPath(partial);
    await rename(partial, folder);
    await syncPath(dirname(folder));
    return made;
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
}
