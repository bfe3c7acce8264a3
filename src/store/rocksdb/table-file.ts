import { type FileHandle, open } from 'node:fs/promises';
import { crc32c } from '../../catalogue/crc32c.js';
import { StoreCorrupt } from '../errors.js';
import { compareKeys } from '../keys.js';
import { unpack } from './snappy.js';
import { masked, varint } from './varint.js';

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

/** Where a block is, without its trailer. */
interface Handle {
  readonly offset: number;
  readonly size: number;
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

  /**
   * Reads footer and index, and verifies every block that is no data block (filter, properties): RocksDB ends the
   * process when some of them are damaged. Throws `StoreCorrupt`, or what the file system says. The file is not held
   * open.
   */
  static async read(path: string, name: string, size: number): Promise<TableFile> {
    const file = await open(path, 'r');
    try {
      const { meta, index } = await readFooter(file, name, size);
      const metaBlock = await readBlock(file, name, size, meta);
      for (const handle of parseMeta(metaBlock, name)) await readBlock(file, name, size, handle);
      const { lastKeys, offsets } = parseIndex(await readBlock(file, name, size, index), name);
      return new TableFile(path, name, lastKeys, offsets);
    } finally {
      await file.close();
    }
  }

  /**
   * Verifies every data block that can hold a key of [from, to], and the one behind them: an iterator looks there for
   * the end of its range. Throws `StoreCorrupt`.
   */
  async verify(from: Uint8Array, to: Uint8Array): Promise<void> {
    const keys = this.#lastKeys;
    const begin = lowerBound(keys, from);
    let end = begin;
    while (end < keys.length && (end === 0 || !isBehind(keys[end - 1]!, to))) end += 1;
    end = Math.min(end + 1, keys.length);
    if (begin === end) return;
    const file = await open(this.#path, 'r');
    try {
      for (let at = begin; at < end; ) at = await this.#verifyRun(file, at, end);
    } finally {
      await file.close();
    }
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

/** The last bytes: kind of checksum, where the list of other blocks and the index are, version, magic number. */
async function readFooter(file: FileHandle, name: string, size: number): Promise<{ meta: Handle; index: Handle }> {
  const footer = await readAt(file, name, Math.max(0, size - FOOTER_BYTES), Math.min(size, FOOTER_BYTES));
  const known = footer.length === FOOTER_BYTES && footer.subarray(45).equals(MAGIC);
  if (!known || footer[0] !== CRC32C || footer.readUInt32LE(41) !== FORMAT_VERSION) {
    throw new StoreCorrupt(`table ${name} has no footer that is known`);
  }
  const meta = readHandle(footer, 1);
  return { meta: meta.handle, index: readHandle(footer, meta.end).handle };
}

function readHandle(bytes: Buffer, at: number): { readonly handle: Handle; readonly end: number } {
  const offset = varint(bytes, at);
  const size = varint(bytes, offset.end);
  return { handle: { offset: offset.value, size: size.value }, end: size.end };
}

/** A block, verified and unpacked. */
async function readBlock(file: FileHandle, name: string, fileSize: number, { offset, size }: Handle): Promise<Buffer> {
  if (offset + size + TRAILER_BYTES > fileSize) throw new StoreCorrupt(`table ${name} points outside of itself`);
  const block = await readAt(file, name, offset, size + TRAILER_BYTES);
  checkBlock(block, 0, size, `${name}, block at ${offset},`);
  const unpacked = block[size] === NOT_PACKED ? block.subarray(0, size) : unpack(block.subarray(0, size));
  if (unpacked === null || unpacked.length < 4) throw new StoreCorrupt(`table ${name} has a block that is not known`);
  return unpacked;
}

/** Where the entries of a block end: behind them are an array of restarts and its length. */
function entriesEnd(block: Buffer): number {
  return block.length - 4 - 4 * block.readUInt32LE(block.length - 4);
}

/** Entries of the list of other blocks: shared bytes, length of the name, length of the handle, both. */
function parseMeta(meta: Buffer, name: string): Handle[] {
  const handles: Handle[] = [];
  for (let at = 0, end = entriesEnd(meta); at < end; ) {
    const shared = varint(meta, at);
    const keyLength = varint(meta, shared.end);
    const valueLength = varint(meta, keyLength.end);
    const value = valueLength.end + keyLength.value;
    const { handle, end: next } = readHandle(meta, value);
    if (next !== value + valueLength.value)
      throw new StoreCorrupt(`table ${name} has a list of blocks that is not known`);
    handles.push(handle);
    at = next;
  }
  return handles;
}

/**
 * Entries of the index: shared bytes with the key before (always 0 here), length of the key, the key, and where the
 * block is. That the blocks lie without gaps from the file's beginning on shows that it was understood.
 */
function parseIndex(index: Buffer, name: string): { readonly lastKeys: Uint8Array[]; readonly offsets: number[] } {
  const lastKeys: Uint8Array[] = [];
  const offsets = [0];
  for (let at = 0, end = entriesEnd(index); at < end; ) {
    const shared = varint(index, at);
    const length = varint(index, shared.end);
    const keyEnd = length.end + length.value;
    const { handle, end: next } = readHandle(index, keyEnd);
    if (shared.value !== 0 || handle.offset !== offsets[offsets.length - 1]) {
      throw new StoreCorrupt(`table ${name} has an index that is not known`);
    }
    lastKeys.push(index.subarray(length.end, keyEnd));
    offsets.push(handle.offset + handle.size + TRAILER_BYTES);
    at = next;
  }
  return { lastKeys, offsets };
}

/** Verifies `bytes[from, to)` with the trailer behind it. */
function checkBlock(bytes: Buffer, from: number, to: number, what: string): void {
  const crc = masked(crc32c(bytes, from, to + 1));
  if (bytes.readUInt32LE(to + 1) !== crc) throw new StoreCorrupt(`table ${what} does not have its checksum`);
}

async function readAt(file: FileHandle, name: string, offset: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  const { bytesRead } = await file.read(bytes, 0, length, offset);
  if (bytesRead !== length) throw new StoreCorrupt(`table ${name} ends before offset ${offset + length}`);
  return bytes;
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
