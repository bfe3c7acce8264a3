/**
 * Where each turn of a segment begins, so that a record is found by its number without a scan. Kept in memory for the
 * segment that is written to, and in a file beside every sealed one. The file holds nothing that the segment doesn't:
 * one that is missing or doesn't fit is made anew.
 *
 * Contents of an index file, one frame of 32-bit little-endian numbers: version, length of the segment in sectors,
 * then for each turn the sector at which it begins.
 */
import { type FrameBuffer, SECTOR_BYTES } from './frame.js';

const VERSION = 1;
const HEAD_NUMBERS = 2;

/** The offsets of consecutive turns in one file, from its first one. */
export class Offsets {
  #sectors = new Uint32Array(256);
  #count = 0;

  /** How many turns there are. */
  get count(): number {
    return this.#count;
  }

  /** Adds the offset of the next turn, in bytes. */
  push(offset: number): void {
    if (this.#count === this.#sectors.length) {
      const grown = new Uint32Array(2 * this.#count);
      grown.set(this.#sectors);
      this.#sectors = grown;
    }
    this.#sectors[this.#count++] = offset / SECTOR_BYTES;
  }

  /** The offset of the turn number `index` of the file, counted from 0, in bytes; null if there is none. */
  at(index: number): number | null {
    return index >= 0 && index < this.#count ? this.#sectors[index]! * SECTOR_BYTES : null;
  }

  /** The index file of a segment of `segmentBytes` bytes. Valid until `frames` is used again. */
  encode(segmentBytes: number, frames: FrameBuffer): Uint8Array {
    const contents = Buffer.alloc(4 * (HEAD_NUMBERS + this.#count));
    contents.writeUInt32LE(VERSION, 0);
    contents.writeUInt32LE(segmentBytes / SECTOR_BYTES, 4);
    for (let i = 0; i < this.#count; i++) contents.writeUInt32LE(this.#sectors[i]!, 4 * (HEAD_NUMBERS + i));
    return frames.encode('index', contents);
  }

  /** What an index file holds for a segment of `segmentBytes` bytes; null if it was made for another. */
  static decode(contents: Uint8Array, segmentBytes: number): Offsets | null {
    const found = Offsets.decodeAny(contents);
    return found?.end === segmentBytes ? found.offsets : null;
  }

  /** What an index holds, and where the last turn ends for which it was made, in bytes; null if it is no index. */
  static decodeAny(contents: Uint8Array): { readonly offsets: Offsets; readonly end: number } | null {
    const numbers = Buffer.from(contents.buffer, contents.byteOffset, contents.length);
    if (numbers.length < 4 * HEAD_NUMBERS || numbers.length % 4 !== 0) return null;
    if (numbers.readUInt32LE(0) !== VERSION) return null;
    const offsets = new Offsets();
    for (let at = 4 * HEAD_NUMBERS; at < numbers.length; at += 4) offsets.push(numbers.readUInt32LE(at) * SECTOR_BYTES);
    return { offsets, end: numbers.readUInt32LE(4) * SECTOR_BYTES };
  }
}
