/**
 * Frames: how a record stands in a file. Every frame begins at a multiple of 512 bytes, a disk's sector:
 *
 *     offset  bytes
 *     0       4      length of the contents
 *     4       4      CRC32C of the contents as they stand here
 *     8       4      kind, four ASCII letters
 *     12      4      CRC32C of the 12 bytes before
 *     16      n      contents
 *     16 + n         0xff up to the next multiple of 512
 *
 * Numbers are little-endian. Three things follow, on which telling a torn frame from a damaged one rests (`torn.ts`):
 * a frame's header lies in one sector, so it is there or not; its length has a checksum of its own, so that a flipped
 * length is not taken for a file that ends too early; and a frame is written to sectors that hold nothing else, so
 * that writing it can't hurt the one before.
 */
import { crc32c } from '../../catalogue/crc32c.js';
import { JournalError } from '../errors.js';

/** What a disk writes whole or not at all, in bytes. */
export const SECTOR_BYTES = 512;

/** Length of a frame's header in bytes. */
export const FRAME_HEADER_BYTES = 16;

/** The largest contents: more than a turn with the largest input that there is (8 MiB), and a bound for readers. */
export const MAX_CONTENTS_BYTES = 64 * 1024 * 1024;

const CHECKED_HEADER_BYTES = 12;
const PADDING = 0xff;

/**
 * What a frame holds. `inverted` is a turn all of whose bits are inverted, see `FrameBuffer`; the last three are those of
 * snapshots.
 */
export type FrameKind = 'segment' | 'turn' | 'inverted' | 'index' | 'head' | 'snapshot' | 'rows' | 'end';

const KIND_LETTERS: Readonly<Record<FrameKind, string>> = {
  segment: 'SEGM',
  turn: 'TURN',
  inverted: 'NRUT',
  index: 'INDX',
  head: 'HEAD',
  snapshot: 'SNAP',
  rows: 'ROWS',
  end: 'ENDS',
};
const NUMBER_OF_KIND = new Map(Object.entries(KIND_LETTERS).map(([kind, letters]) => [kind, asNumber(letters)]));
const KIND_OF_NUMBER = new Map([...NUMBER_OF_KIND].map(([kind, number]) => [number, kind as FrameKind]));

function asNumber(letters: string): number {
  return Buffer.from(letters, 'ascii').readUInt32LE(0);
}

export interface FrameHeader {
  readonly kind: FrameKind;
  /** Length of the contents in bytes. */
  readonly length: number;
  /** CRC32C of the contents as they stand in the file. */
  readonly crc: number;
}

/** The bytes that a frame with contents of `length` bytes takes in a file. */
export function frameSize(length: number): number {
  return roundUp(FRAME_HEADER_BYTES + length);
}

/** The smallest multiple of a sector that is not less than `bytes`. */
export function roundUp(bytes: number): number {
  return Math.ceil(bytes / SECTOR_BYTES) * SECTOR_BYTES;
}

/** The frame header at `at`, or null if there is none that is whole and right. */
export function readFrameHeader(bytes: Uint8Array, at: number): FrameHeader | null {
  if (at + FRAME_HEADER_BYTES > bytes.length) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, FRAME_HEADER_BYTES);
  if (crc32c(bytes, at, at + CHECKED_HEADER_BYTES) !== view.getUint32(CHECKED_HEADER_BYTES, true)) return null;
  const kind = KIND_OF_NUMBER.get(view.getUint32(8, true));
  const length = view.getUint32(0, true);
  if (kind === undefined || length > MAX_CONTENTS_BYTES) return null;
  return { kind, length, crc: view.getUint32(4, true) };
}

/** Whether the padding after the contents is as it was written. `frame` is the whole frame. */
export function paddingIntact(frame: Uint8Array, length: number): boolean {
  for (let i = FRAME_HEADER_BYTES + length; i < frame.length; i++) {
    if (frame[i] !== PADDING) return false;
  }
  return true;
}

/** The contents of a whole frame as they were given to `encode`: a view, or a copy where bits were inverted. */
export function contentsOf(frame: Uint8Array, header: FrameHeader): Uint8Array {
  const stored = frame.subarray(FRAME_HEADER_BYTES, FRAME_HEADER_BYTES + header.length);
  if (header.kind !== 'inverted') return stored;
  const contents = new Uint8Array(stored);
  invert(contents);
  return contents;
}

/** Makes frames, in one buffer that is used again: a frame is valid until the next one is made. */
export class FrameBuffer {
  #bytes = Buffer.alloc(64 * 1024);

  /**
   * The frame of `contents`. No sector of it is all zeros, or would be after one more byte became zero. Where the
   * contents would give such a sector, a turn's bits are inverted: what is all ones in a turn is at most a few bytes
   * long (user data is UTF-8, which has no 0xff; a number is at most 10 bytes, a hash 32). Contents that defeat this
   * all the same are refused before anything is written.
   */
  encode(kind: Exclude<FrameKind, 'inverted'>, contents: Uint8Array): Uint8Array {
    if (contents.length > MAX_CONTENTS_BYTES) {
      throw new JournalError('append-failed', `a record of ${contents.length} bytes is over ${MAX_CONTENTS_BYTES}`);
    }
    const size = frameSize(contents.length);
    if (size > this.#bytes.length) this.#bytes = Buffer.alloc(2 * size);
    const frame = this.#bytes.subarray(0, size);
    const end = FRAME_HEADER_BYTES + contents.length;
    frame.set(contents, FRAME_HEADER_BYTES);
    frame.fill(PADDING, end);
    if (kind !== 'turn' || !hasEmptySector(frame)) return seal(frame, kind, contents.length);
    invert(frame.subarray(FRAME_HEADER_BYTES, end));
    if (hasEmptySector(frame)) {
      throw new JournalError('append-failed', 'a record with sectors of zeros and of ones could pass for a torn one');
    }
    return seal(frame, 'inverted', contents.length);
  }
}

function seal(frame: Buffer, kind: FrameKind, length: number): Uint8Array {
  frame.writeUInt32LE(length, 0);
  frame.writeUInt32LE(crc32c(frame, FRAME_HEADER_BYTES, FRAME_HEADER_BYTES + length), 4);
  frame.writeUInt32LE(NUMBER_OF_KIND.get(kind)!, 8);
  frame.writeUInt32LE(crc32c(frame, 0, CHECKED_HEADER_BYTES), CHECKED_HEADER_BYTES);
  return frame;
}

/** Whether a sector after the first has fewer than two words that aren't zero. The first has the header. */
function hasEmptySector(frame: Buffer): boolean {
  const words = new Int32Array(frame.buffer, frame.byteOffset, frame.length / 4);
  const sectorWords = SECTOR_BYTES / 4;
  for (let start = sectorWords; start < words.length; start += sectorWords) {
    let used = 0;
    for (let i = start; used < 2 && i < start + sectorWords; i++) if (words[i] !== 0) used++;
    if (used < 2) return true;
  }
  return false;
}

function invert(bytes: Uint8Array): void {
  for (let i = 0; i < bytes.length; i++) bytes[i] = ~bytes[i]! & 0xff;
}
