/** What is where in a data directory, unless a configuration or a command says otherwise. */
import { join } from 'node:path';

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
