/**
 * Telling a torn frame from a damaged one (ADR 0002). Losing power during an append leaves any of
 * its sectors unwritten, as zeros or beyond the file's end; nothing else looks like that. So a last frame is torn if
 *
 * - the file ends inside it, or
 * - it has no length and nothing but zeros follows, or
 * - its checksum fails and a whole sector of it is zeros. If it is the first sector that is missing, its length is
 *   unknown: then it must be the last one, so no frame may begin after it.
 *
 * `FrameBuffer` sees to it that no sector of a whole frame is zeros, so a flipped byte never makes a torn frame.
 */
import type { DiskFile } from './disk.js';
import { FRAME_HEADER_BYTES, type FrameHeader, frameSize, readFrameHeader, SECTOR_BYTES } from './frame.js';

/** What is wrong with the bytes at which a frame should begin. */
export interface Flaw {
  readonly torn: boolean;
  /** For people. */
  readonly reason: string;
}

/** How much is looked at at once, in bytes. */
const CHUNK_BYTES = 1024 * 1024;

/**
 * What is wrong at `offset` of a file of `size` bytes, where no whole and right frame of the expected kind is.
 * `header` is the frame's header if that is right.
 */
export async function diagnose(
  file: DiskFile,
  offset: number,
  size: number,
  header: FrameHeader | null,
): Promise<Flaw> {
  if (header !== null) return diagnoseContents(file, offset, size, header);
  if (size - offset < FRAME_HEADER_BYTES) return torn('the file ends inside the record');
  const zeros = await leadingZeros(file, offset, size);
  if (zeros === size - offset) return torn('nothing but zeros at the end');
  if (zeros < SECTOR_BYTES) return damaged('the header of the record has a wrong checksum');
  if (await beginsFrameAfter(file, offset, size)) return damaged('the beginning of the record is zeros, others follow');
  return torn('the first sector of the record was not written');
}

async function diagnoseContents(file: DiskFile, offset: number, size: number, header: FrameHeader): Promise<Flaw> {
  const end = offset + frameSize(header.length);
  if (end > size) return torn('the file ends inside the record');
  if ((await leadingZeros(file, end, size)) < size - end) return damaged('the record has a wrong checksum');
  for (let sector = offset + SECTOR_BYTES; sector < end; sector += SECTOR_BYTES) {
    if ((await leadingZeros(file, sector, sector + SECTOR_BYTES)) === SECTOR_BYTES) {
      return torn('a sector of the record was not written');
    }
  }
  return damaged('the record has a wrong checksum');
}

/** How many bytes from `from` are zeros, up to `to`. */
async function leadingZeros(file: DiskFile, from: number, to: number): Promise<number> {
  const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, Math.max(0, to - from)));
  for (let position = from; position < to; position += chunk.length) {
    const read = await file.read(chunk.subarray(0, Math.min(chunk.length, to - position)), position);
    const used = chunk.subarray(0, read).findIndex((byte) => byte !== 0);
    if (used >= 0) return position + used - from;
    if (read === 0) break;
  }
  return Math.max(0, to - from);
}

/** Whether a frame with a right header begins at a sector after `offset`. */
async function beginsFrameAfter(file: DiskFile, offset: number, size: number): Promise<boolean> {
  return (await nextFrame(file, offset + SECTOR_BYTES, size)) !== null;
}

/** Where the next frame with a right header begins, at `from` or a multiple of a sector after it; null if nowhere. */
export async function nextFrame(file: DiskFile, from: number, size: number): Promise<number | null> {
  const chunk = Buffer.alloc(CHUNK_BYTES);
  for (let position = from; position < size; position += chunk.length) {
    const read = await file.read(chunk.subarray(0, Math.min(chunk.length, size - position)), position);
    for (let at = 0; at < read; at += SECTOR_BYTES) {
      if (readFrameHeader(chunk.subarray(0, read), at) !== null) return position + at;
    }
  }
  return null;
}

function torn(reason: string): Flaw {
  return { torn: true, reason };
}

function damaged(reason: string): Flaw {
  return { torn: false, reason };
}
