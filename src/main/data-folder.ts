/** What is where in a data directory, unless a configuration or a command says otherwise. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

export const JOURNAL = 'journal';
export const ARCHIVE = 'archive';
export const SNAPSHOTS = 'snapshots';
export const BLOBS = 'blobs';

/** The folders in a data directory. */
export function inData(data: string) {
  return {
    journal: join(data, JOURNAL),
    archive: join(data, ARCHIVE),
    store: join(data, 'store'),
    snapshots: join(data, SNAPSHOTS),
    blobs: join(data, BLOBS),
  };
}

/** What a backup has beside the folders of a data directory that are in it. */
export const MANIFEST = 'manifest.json';

/**
 * The backup that a folder is, or is in as one of a data directory; null where there is none. Whoever changes anything
 * there keeps it from being restored.
 */
export function backupAround(folder: string): string | null {
  const own = resolve(folder);
  return [own, dirname(own)].find(isBackup) ?? null;
}

/** Others have files of that name, too. */
function isBackup(folder: string): boolean {
  return [MANIFEST, JOURNAL].every((name) => existsSync(join(folder, name)));
}
