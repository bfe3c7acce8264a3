import { JournalError } from '../errors.js';
import { type Disk, pathIn, withFile } from './disk.js';
import { listSegments, readSegmentHeader, segmentName } from './segment.js';

/**
 * Throws `journal-foreign-cell` if the journal in a folder is of another cell; there may be none. A look at the newest
 * header, without the lock: who opens other things of the cell first asks it beforehand. Throws as opening does.
 */
export async function mustBeOfCell(disk: Disk, folder: string, cell: string): Promise<void> {
  const newest = (await listSegments(disk, folder)).at(-1);
  if (newest === undefined) return;
  const path = pathIn(folder, segmentName(newest));
  const header = await withFile(disk, path, (file) => readSegmentHeader(file, newest));
  mustBeCell(header.cell, cell);
}

/** Throws `journal-foreign-cell` if a journal that was found is of another cell than the expected one. */
export function mustBeCell(found: string, expected: string): void {
  if (found === expected) return;
  throw new JournalError('journal-foreign-cell', `the journal is of cell ${found}, not of ${expected}`);
}
