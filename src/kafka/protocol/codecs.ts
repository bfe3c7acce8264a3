/** Undoes what producers and brokers compress batches by: all five ways of Kafka's format. */
import { gunzipSync } from 'node:zlib';
import { Decompress } from 'fzstd';
import lz4 from 'lz4js';
import snappy from 'snappyjs';

/** Bytes that a batch may come to, at most: some MB may be any number of them. */
const MAX_BATCH_BYTES = 256 * 1024 * 1024;

/** What snappy's Java library, and whoever writes as it does, puts before its blocks; two versions stand behind it. */
const XERIAL_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const XERIAL_HEAD_BYTES = XERIAL_MAGIC.length + 8;

/** Where a frame of lz4 says what it has: the checksums of its blocks, and its size, which its head is longer by. */
const LZ4_FLAGS_AT = 4;
const LZ4_BLOCK_SUMS = 0x10;
const LZ4_SIZE = 0x08;
const LZ4_HEAD_BYTES = 7;
/** What a block's size has added where the block stands as it is. */
const LZ4_PLAIN = 0x80000000;

/**
 * The bytes that were compressed by a codec, as a batch's attributes number them. Throws for a number that is none, for what
 * that codec has not written, and for more than 256 MiB.
 */
export function uncompressed(bytes: Buffer, codec: number): Buffer {
  switch (codec) {
    case 0:
      return bytes;
    case 1:
      return gunzipSync(bytes, { maxOutputLength: MAX_BATCH_BYTES });
    case 2:
      return fromSnappy(bytes);
    case 3:
      return fromLz4(bytes);
    case 4:
      return fromZstd(bytes);
    default:
      throw new Error(`records are compressed by codec ${codec}, which there is none of`);
  }
}

/** One block, or several with their sizes behind the head of the Java library. */
function fromSnappy(bytes: Buffer): Buffer {
  const parts = new Parts();
  if (!bytes.subarray(0, XERIAL_MAGIC.length).equals(XERIAL_MAGIC)) {
    parts.push(snappy.uncompress(bytes, parts.roomBytes));
    return parts.whole();
  }
  for (let at = XERIAL_HEAD_BYTES; at < bytes.length; ) {
    const end = at + 4 + bytes.readUInt32BE(at);
    parts.push(snappy.uncompress(bytes.subarray(at + 4, end), parts.roomBytes));
    at = end;
  }
  return parts.whole();
}

/**
 * A frame of blocks. lz4js is given each of them: it walks over frames itself, too, but takes the checksums of blocks to
 * stand before them, and leaves out what is larger than was said.
 */
function fromLz4(frame: Buffer): Buffer {
  const mostBytes = lz4.decompressBound(frame);
  if (!(mostBytes <= MAX_BATCH_BYTES)) throw tooLarge();
  const flags = frame[LZ4_FLAGS_AT]!;
  const sumBytes = (flags & LZ4_BLOCK_SUMS) === 0 ? 0 : 4;
  const whole = new Uint8Array(mostBytes);
  let size = 0;
  let at = LZ4_HEAD_BYTES + ((flags & LZ4_SIZE) === 0 ? 0 : 8);
  for (let head = frame.readUInt32LE(at); head !== 0; head = frame.readUInt32LE(at)) {
    const start = at + 4;
    const bytes = head % LZ4_PLAIN;
    at = start + bytes;
    if (at > frame.length) throw new Error('a frame of lz4 ends before its last block does');
    if (head === bytes) size = lz4.decompressBlock(frame, whole, start, bytes, size);
    else {
      whole.set(frame.subarray(start, at), size);
      size += bytes;
    }
    if (size > mostBytes) throw new Error(`a frame of lz4 comes to more than the ${mostBytes} bytes that it may`);
    at += sumBytes;
  }
  return viewOf(whole.slice(0, size));
}

function fromZstd(bytes: Buffer): Buffer {
  const parts = new Parts();
  new Decompress((part) => parts.push(part)).push(bytes, true);
  return parts.whole();
}

/** Collects what a batch comes to, and throws where that is too much. */
class Parts {
  readonly #parts: Uint8Array[] = [];
  roomBytes = MAX_BATCH_BYTES;

  push(part: Uint8Array): void {
    this.roomBytes -= part.length;
    if (this.roomBytes < 0) throw tooLarge();
    this.#parts.push(part);
  }

  whole(): Buffer {
    return this.#parts.length === 1 ? viewOf(this.#parts[0]!) : Buffer.concat(this.#parts);
  }
}

function viewOf({ buffer, byteOffset, length }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, length);
}

function tooLarge(): Error {
  return new Error(`a batch comes to more than ${MAX_BATCH_BYTES} bytes`);
}
