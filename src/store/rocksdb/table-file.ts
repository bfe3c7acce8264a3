import { type FileHandle, open } from 'node:fs/promises';
import { crc32c } from '../../catalogue/crc32c.js';
import { StoreCorrupt } from '../errors.js';
import { compareKeys } from '../keys.js';
import { unpack } from './snappy.js';

/**
 * One table of RocksDB ("SST"), as far as its checksums go. Format: block-based table, format version 4. A file is
 * data blocks from offset 0 on, each followed by a byte that says how it is packed and by a masked CRC32C of both;
 * then an index block, whose entries name a last key and a data block each, and a footer that points to the index.
 */

const FOOTER_BYTES = 53;
const TRAILER_BYTES = 5;
const FORMAT_VERSION = 4;
const CRC32C = 1;
const NOT_PACKED = 0;
const MAGIC = Buffer.from('f7cff485b741e288', 'hex');

/** Neighbouring blocks are read together, up to so many bytes. */
const READ_BYTES = 1 << 20;

/** Where a varint ends and what it says. */
interface Varint {
  readonly value: number;
  readonly end: number;
}

export class TableFile {
  readonly #path: string;
  readonly #name: string;
  /** For each data block a key that is not before its last one, and before the first of the next block. */
  readonly #lastKeys: readonly Uint8Array[];
  /** Where each data block begins, and at the end where the last one's trailer ends. */
  readonly #offsets: readonly number[];

  private constructor(path: string, name: string, lastKeys: readonly Uint8Array[], offsets: readonly number[]) {
    this.#path = path;
    this.#name = name;
    this.#lastKeys = lastKeys;
    this.#offsets = offsets;
  }

  /** Reads footer and index; throws `StoreCorrupt`, or what the file system says. The file is not held open. */
  static async read(path: string, name: string, size: number): Promise<TableFile> {
    const file = await open(path, 'r');
    try {
      const { lastKeys, offsets } = parseIndex(await readIndex(file, name, size), name);
      return new TableFile(path, name, lastKeys, offsets);
    } finally {
      await file.close();
    }
  }

  /**
   * Verifies every data block that can hold a key of [from, to), beginning with block `first`.
   * Returns the number of the first block that was not looked at because it lies behind the range.
   */
  async verify(from: Uint8Array, to: Uint8Array, first: number): Promise<number> {
    const keys = this.#lastKeys;
    const begin = Math.max(first, lowerBound(keys, from));
    let end = begin;
    while (end < keys.length && (end === 0 || !isBehind(keys[end - 1]!, to))) end += 1;
    if (begin === end) return end;
    const file = await open(this.#path, 'r');
    try {
      for (let at = begin; at < end; ) at = await this.#verifyRun(file, at, end);
    } finally {
      await file.close();
    }
    return end;
  }

  /** Verifies blocks from `begin` on that are read together, none from `end` on; returns where it stopped. */
  async #verifyRun(file: FileHandle, begin: number, end: number): Promise<number> {
    const offsets = this.#offsets;
    const start = offsets[begin]!;
    let stop = begin + 1;
    while (stop < end && offsets[stop + 1]! - start <= READ_BYTES) stop += 1;
    const bytes = await readAt(file, this.#name, start, offsets[stop]! - start);
    for (let i = begin; i < stop; i++) {
      checkBlock(bytes, offsets[i]! - start, offsets[i + 1]! - start - TRAILER_BYTES, `${this.#name}, block ${i},`);
    }
    return stop;
  }
}

/** Finds the index by the footer, verifies and unpacks it. */
async function readIndex(file: FileHandle, name: string, size: number): Promise<Buffer> {
  const footer = await readAt(file, name, Math.max(0, size - FOOTER_BYTES), Math.min(size, FOOTER_BYTES));
  const known = footer.length === FOOTER_BYTES && footer.subarray(45).equals(MAGIC);
  if (!known || footer[0] !== CRC32C || footer.readUInt32LE(41) !== FORMAT_VERSION) {
    throw new StoreCorrupt(`table ${name} has no footer that is known`);
  }
  const metaOffset = varint(footer, 1);
  const metaSize = varint(footer, metaOffset.end);
  const indexOffset = varint(footer, metaSize.end);
  const indexSize = varint(footer, indexOffset.end).value;
  if (indexOffset.value + indexSize + TRAILER_BYTES > size) {
    throw new StoreCorrupt(`table ${name} has a footer that points outside of it`);
  }
  const block = await readAt(file, name, indexOffset.value, indexSize + TRAILER_BYTES);
  checkBlock(block, 0, indexSize, `${name}, index,`);
  const index = block[indexSize] === NOT_PACKED ? block.subarray(0, indexSize) : unpack(block.subarray(0, indexSize));
  if (index === null) throw new StoreCorrupt(`table ${name} has an index that cannot be unpacked`);
  return index;
}

/**
 * Entries of the index: shared bytes with the key before (always 0 here), length of the key, the key, and offset and
 * size of the block; behind them an array of restarts and its length. That the blocks lie without gaps from the
 * file's beginning on shows that it was understood.
 */
function parseIndex(index: Buffer, name: string): { readonly lastKeys: Uint8Array[]; readonly offsets: number[] } {
  const restarts = index.readUInt32LE(index.length - 4);
  const end = index.length - 4 - 4 * restarts;
  const lastKeys: Uint8Array[] = [];
  const offsets = [0];
  for (let at = 0; at < end; ) {
    const shared = varint(index, at);
    const length = varint(index, shared.end);
    const offset = varint(index, length.end + length.value);
    const size = varint(index, offset.end);
    if (shared.value !== 0 || offset.value !== offsets[offsets.length - 1]) {
      throw new StoreCorrupt(`table ${name} has an index that is not known`);
    }
    lastKeys.push(index.subarray(length.end, length.end + length.value));
    offsets.push(offset.value + size.value + TRAILER_BYTES);
    at = size.end;
  }
  return { lastKeys, offsets };
}

/** Verifies `bytes[from, to)` with the trailer behind it. */
function checkBlock(bytes: Buffer, from: number, to: number, what: string): void {
  const crc = crc32c(bytes, from, to + 1);
  const masked = (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
  if (bytes.readUInt32LE(to + 1) !== masked) throw new StoreCorrupt(`table ${what} does not have its checksum`);
}

async function readAt(file: FileHandle, name: string, offset: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  const { bytesRead } = await file.read(bytes, 0, length, offset);
  if (bytesRead !== length) throw new StoreCorrupt(`table ${name} ends before offset ${offset + length}`);
  return bytes;
}

/** Numbers of a table are below 2^53: sizes and offsets of a file. */
function varint(bytes: Buffer, from: number): Varint {
  let value = 0;
  let factor = 1;
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at]!;
    value += (byte & 0x7f) * factor;
    factor *= 128;
    if (byte < 0x80) return { value, end: at + 1 };
  }
  return { value: 0, end: bytes.length };
}

/** The first key that is not before `key`. An index key may have eight more bytes (RocksDB's own), so it is not less. */
function lowerBound(keys: readonly Uint8Array[], key: Uint8Array): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareKeys(keys[middle]!, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether a key is certainly behind `to`, also if it has eight bytes more than it should. */
function isBehind(key: Uint8Array, to: Uint8Array): boolean {
  const length = Math.min(key.length, to.length);
  return compareKeys(key.subarray(0, length), to.subarray(0, length)) > 0;
}
