import { type DiskFile, pathIn } from './disk.js';
import type { JournalFolder } from './folder.js';
import { Offsets } from './offsets.js';
import { readFrame } from './read-frame.js';
import { FrameScanner } from './scanner.js';
import { indexName } from './segment.js';

/**
 * Where the turns of a segment begin: from the writer's memory, from the index file, or else by a scan of the segment.
 * `dataOffset` is where its first record begins. What an index file says is a hint: whoever follows it checks that the
 * record is the one.
 */
export async function loadOffsets(
  journal: JournalFolder,
  file: DiskFile,
  firstTurn: number,
  dataOffset: number,
): Promise<Offsets> {
  if (journal.active?.firstTurn() === firstTurn) return journal.active.offsets();
  return (await readIndex(journal, file, firstTurn)) ?? (await scanOffsets(file, dataOffset));
}

async function readIndex(journal: JournalFolder, segment: DiskFile, firstTurn: number): Promise<Offsets | null> {
  const name = indexName(firstTurn);
  if (!(await journal.disk.list(journal.folder)).includes(name)) return null;
  const file = await journal.disk.open(pathIn(journal.folder, name), 'read');
  try {
    const frame = await readFrame(file, 0);
    return frame?.kind === 'index' ? Offsets.decode(frame.contents, segment.status().size) : null;
  } finally {
    await file.close();
  }
}

/** Finds the records of a segment up to its end, or to where it is damaged. */
export async function scanOffsets(file: DiskFile, dataOffset: number): Promise<Offsets> {
  const offsets = new Offsets();
  const scanner = new FrameScanner(file, dataOffset, file.status().size);
  for (let frames = await scanner.next(); frames !== null; frames = await scanner.next()) {
    for (const frame of frames) offsets.push(frame.offset);
  }
  return offsets;
}
