/** Files that are there whole under their name, or not at all, whenever the process that makes them ends. */
import { type Disk, pathIn } from './disk.js';

/** Ends the name of a file that is being made; what a crash leaves of it has no meaning. */
export const UNFINISHED = '.new';

/** Removes what a crash has left of files that were being made. */
export async function removeUnfinished(disk: Disk, folder: string): Promise<void> {
  for (const name of await disk.list(folder)) {
    if (name.endsWith(UNFINISHED)) await disk.remove(pathIn(folder, name));
  }
}

/** Makes a file with its contents, so that under its name it is there whole, durably, or not at all. */
export async function writeWhole(disk: Disk, folder: string, name: string, bytes: Uint8Array): Promise<void> {
  await replaceFile(disk, folder, name, bytes, { isDurable: true });
  await disk.syncFolder(folder);
}

/** How a file gets into its place. */
export interface ReplaceOptions {
  /** Whether the contents are on the disk before they get the name: otherwise a loss of power may leave a part of them. */
  readonly isDurable?: boolean;
  /** The name until then; another one for each writer, where several may write at once. */
  readonly unfinished?: string;
}

/** Puts a file with its contents in the place of one with that name. A process that dies leaves the one or the other. */
export async function replaceFile(
  disk: Disk,
  folder: string,
  name: string,
  bytes: Uint8Array,
  { isDurable = false, unfinished = name + UNFINISHED }: ReplaceOptions = {},
): Promise<void> {
  const path = pathIn(folder, unfinished);
  const file = await disk.open(path, 'create');
  try {
    await file.write(bytes, 0);
    if (isDurable) await file.sync();
  } finally {
    await file.close();
  }
  await disk.rename(path, pathIn(folder, name));
}
