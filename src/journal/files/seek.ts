import { unlessMissing } from '../../catalogue/thrown.js';
import { loadCheckpoint } from './checkpoint.js';
import { type DiskFile, pathIn, withFile } from './disk.js';
import type { JournalFolder } from './folder.js';
import { FRAME_HEADER_BYTES, frameSize, readFrameHeader } from './frame.js';
import { Offsets } from './offsets.js';
import { readFrame } from './read-frame.js';
import { indexName } from './segment.js';

/**
 * Where the turns of a segment of a cell begin: from the writer's memory, from the index file or the checkpoint, or else by
 * a scan of the segment. `dataOffset` is where its first record begins. What these files say is a hint: whoever follows it
 * checks that the record is the one.
 */
export async function loadOffsets(
  journal: JournalFolder,
  file: DiskFile,
  { cell, firstTurn, dataOffset }: SegmentPlace,
): Promise<Offsets> {
  const active = journal.active?.();
  if (active?.firstTurn === firstTurn) return active.offsets;
  const indexed = await readIndex(journal, file, firstTurn);
  if (indexed !== null) return indexed;
  const checkpoint = await loadCheckpoint(journal.disk, journal.folder, cell, firstTurn);
  return scanOffsets(file, checkpoint?.end ?? dataOffset, checkpoint?.offsets);
}

/** A segment, and where its first record begins, in bytes. */
interface SegmentPlace {
  readonly cell: string;
  readonly firstTurn: number;
  readonly dataOffset: number;
}

async function readIndex(journal: JournalFolder, segment: DiskFile, firstTurn: number): Promise<Offsets | null> {
  const name = indexName(firstTurn);
  if (!(await journal.disk.list(journal.folder)).includes(name)) return null;
  const reading = withFile(journal.disk, pathIn(journal.folder, name), (file) => readFrame(file, 0));
  // Since the look into the folder the segment may have been archived, its index first.
  const frame = await unlessMissing(reading, null);
  return frame?.kind === 'index' ? Offsets.decode(frame.contents, segment.status().size) : null;
}

/** How much is read at once where the next header is far from what was read, in bytes; twice as much where it is near. */
const LEAST_READ_BYTES = 16 * 1024;
const MOST_READ_BYTES = 1024 * 1024;

/**
 * Finds the records of a segment from a place up to its end, or to where it is damaged, by their headers only: they say
 * how long a record is, and have a checksum of their own. What is in the records is no matter here: who reads one checks
 * it. Adds them to the `offsets` of those before.
 */
export async function scanOffsets(file: DiskFile, from: number, offsets: Offsets = new Offsets()): Promise<Offsets> {
  const { size } = file.status();
  const buffer = Buffer.allocUnsafeSlow(MOST_READ_BYTES);
  let wanted = LEAST_READ_BYTES;
  for (let next = from; next < size; ) {
    const chunk = buffer.subarray(0, await file.read(buffer.subarray(0, wanted), next));
    let at = 0;
    while (at + FRAME_HEADER_BYTES <= chunk.length) {
      const header = readFrameHeader(chunk, at);
      if (header === null || next + at + frameSize(header.length) > size) return offsets;
      offsets.push(next + at);
      at += frameSize(header.length);
    }
    if (at === 0) return offsets;
    next += at;
    wanted = at > chunk.length ? LEAST_READ_BYTES : Math.min(2 * wanted, MOST_READ_BYTES);
  }
  return offsets;
}
