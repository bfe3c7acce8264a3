import { lstat, mkdir, realpath, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { errnoOf, unlessMissing } from '../../catalogue/thrown.js';
import { JournalError } from '../../journal/errors.js';
import { LockHeld, lockFile } from '../../journal/files/lock.js';
import { nodeDisk } from '../../journal/files/node-disk.js';
import { namesIn, syncPath, syncWhole } from './files.js';

/** There is something where a folder is to be made, or somebody else is making it. */
export class FolderNotEmpty extends Error {
  override readonly name = 'FolderNotEmpty';
  readonly code = 'target-not-empty';

  constructor(
    readonly path: string,
    message = 'the folder is there already, and not empty',
  ) {
    super(message);
  }
}

/** In the folder beside the one that is made: who is at work has it locked, and what is filled. */
const LOCK = 'lock';
const MADE = 'made';

/**
 * Makes a folder whole or not at all: `fill` fills one that stands in another beside it, and gets the name when it is full
 * and all of it is on the disk, so `fill` need sync nothing; so are the names of the folders above it that are made, too.
 * The other one is taken away however that ends. What a process left there that was killed is made anew. Throws
 * `FolderNotEmpty` if there is something under the name already, or another process is at it.
 */
export async function makeWhole<T>(place: string, fill: (partial: string) => Promise<T>): Promise<T> {
  // Without what may end its name: what is made stands beside it, not in it.
  const folder = await placeBehind(resolve(place));
  await mustBeEmpty(folder);
  const partial = `${folder}.partial`;
  const release = await take(partial, folder);
  try {
    // Who had it before may have come to its end meanwhile.
    await mustBeEmpty(folder);
    const filled = join(partial, MADE);
    await rm(filled, { recursive: true, force: true });
    await mustGiveWay(folder, filled);
    await mkdir(filled);
    const made = await fill(filled);
    await syncWhole(filled);
    await rename(filled, folder);
    await syncPath(dirname(folder));
    return made;
  } finally {
    // Where the disk doesn't let it go, the next one takes it over; what came of this one is told all the same.
    await rm(partial, { recursive: true, force: true }).catch(() => undefined);
    await release();
  }
}

/** Where a link leads, if that is what is there: a folder does not get the name of one. */
function placeBehind(path: string): Promise<string> {
  return unlessMissing(realpath(path), path);
}

/**
 * Tries with an empty folder what comes last: there may be hours of work between. What is there is empty, but a disk may be
 * mounted at it.
 */
async function mustGiveWay(folder: string, empty: string): Promise<void> {
  const there = await lstat(folder).catch(() => null);
  if (there === null) return;
  await mkdir(empty);
  try {
    await rename(empty, folder);
  } catch (error) {
    if (errnoOf(error) === 'EBUSY') throw new FolderNotEmpty(folder, 'a disk is mounted there: name a folder in it');
    if (there.isSymbolicLink()) throw new FolderNotEmpty(folder, 'the folder is a link to one that is not there');
    throw error;
  }
}

async function mustBeEmpty(folder: string): Promise<void> {
  if ((await namesIn(folder)).length > 0) throw new FolderNotEmpty(folder);
}

/** Makes the folder beside it, or takes over one that nobody is at any more; gives how to let go of it. */
async function take(partial: string, folder: string): Promise<() => Promise<void>> {
  // Not with those above it at once: of a file system that is only read, that says that something is not there.
  await nodeDisk.makeFolder(dirname(partial));
  try {
    await mkdir(partial);
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
    // One that happens to have this name, and was not made here, stays as it is.
    const names = await namesIn(partial);
    if (names.length > 0 && !names.includes(LOCK)) throw new FolderNotEmpty(partial);
  }
  try {
    return lockFile(join(partial, LOCK));
  } catch (error) {
    if (error instanceof LockHeld) throw new FolderNotEmpty(folder, 'another process is making the folder');
    if (!(error instanceof JournalError)) throw error;
    // Backups go to file systems that have no locks as well: nobody is kept out there.
    return async () => undefined;
  }
}
