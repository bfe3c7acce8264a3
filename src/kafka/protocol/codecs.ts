/** Undoes what producers and brokers compress batches by: all five ways of Kafka's format. */
import { gunzipSync } from 'node:zlib';
import { Decompress } from 'fzstd';
import lz4 from 'lz4js';
import { unpackSnappy } from '../../catalogue/snappy.js';

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

/** The head of a frame of zstd: what it has, how large its window is, and how many bytes some of it take. */
const ZSTD_MAGIC = 0xfd2fb528;
const ZSTD_FLAGS_AT = 4;
const ZSTD_WINDOW_AT = 5;
const ZSTD_SINGLE = 0x20;
const ZSTD_DICTIONARY_BYTES = [0, 1, 2, 4];
const ZSTD_SIZE_BYTES = [0, 2, 4, 8];
/** Its blocks: what one comes to at most, and how some of them are written. */
const ZSTD_BLOCK_BYTES = 128 * 1024;
const ZSTD_REPEATED = 1;
const ZSTD_COMPRESSED = 2;

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
    parts.push(unpackSnappy(bytes, parts.roomBytes));
    return parts.whole();
  }
  for (let at = XERIAL_HEAD_BYTES; at < bytes.length; ) {
    const end = at + 4 + bytes.readUInt32BE(at);
    parts.push(unpackSnappy(bytes.subarray(at + 4, end), parts.roomBytes));
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
  new Decompress((part) => parts.push(part)).push(narrowed(bytes), true);
  return parts.whole();
}

/**
 * A frame of zstd with no larger a window than what its blocks may come to, as far as its head has one. fzstd makes that
 * much room for each frame, and moves all of it for each block: 2 MiB by default, 128 MiB at the highest level, for a batch
 * of a few hundred bytes.
 */
function narrowed(frame: Buffer): Buffer {
  const flags = frame[ZSTD_FLAGS_AT]!;
  const hasWindow =
    frame.length > ZSTD_WINDOW_AT && frame.readUInt32LE(0) === ZSTD_MAGIC && (flags & ZSTD_SINGLE) === 0;
  if (!hasWindow) return frame;
  let most = ZSTD_BLOCK_BYTES;
  let at = ZSTD_WINDOW_AT + 1 + ZSTD_DICTIONARY_BYTES[flags & 3]! + ZSTD_SIZE_BYTES[flags >>> 6]!;
  for (let isLast = false; !isLast; ) {
    const head = frame.readUIntLE(at, 3);
    const [type, bytes] = [(head >>> 1) & 3, head >>> 3];
    most += type === ZSTD_COMPRESSED ? ZSTD_BLOCK_BYTES : bytes;
    at += 3 + (type === ZSTD_REPEATED ? 1 : bytes);
    isLast = (head & 1) === 1;
  }
  // The power of two that is no smaller, as the head writes it.
  const window = (Math.ceil(Math.log2(most)) - 10) << 3;
  if (window >= frame[ZSTD_WINDOW_AT]!) return frame;
  const copy = Buffer.from(frame);
  copy[ZSTD_WINDOW_AT] = window;
  return copy;
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
