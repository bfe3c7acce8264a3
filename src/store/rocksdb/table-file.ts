import { type FileHandle, open } from 'node:fs/promises';
import { crc32c } from '../../catalogue/crc32c.js';
import { unpackSnappy } from '../../catalogue/snappy.js';
import { StoreCorrupt } from '../errors.js';
import { entriesEnd, type Handle, readHandle, TableIndex, TRAILER_BYTES } from './table-index.js';
import { masked, varint } from './varint.js';

/**
 * One table of RocksDB ("SST"), as far as its checksums go. Format: block-based table, format version 4. A file is
 * data blocks from offset 0 on, each followed by a byte that says how it is packed and by a masked CRC32C of both;
 * then other blocks, the index among them, and a footer that points to the index and to a list of the rest.
 */

const FOOTER_BYTES = 53;
const FORMAT_VERSION = 4;
const CRC32C = 1;
const NOT_PACKED = 0;
const MAGIC = Buffer.from('f7cff485b741e288', 'hex');

/** Neighbouring blocks are read together, up to so many bytes. */
const READ_BYTES = 1 << 20;

export class TableFile {
  /** Open from the first verifying on. */
  #file: Promise<FileHandle> | null = null;
  /** Verifyings that are under way. */
  #users = 0;
  #isRetired = false;

  private constructor(
    private readonly path: string,
    private readonly name: string,
    private readonly index: TableIndex,
  ) {}

  /**
   * Reads footer and index, and verifies every block that is no data block (filter, properties): RocksDB ends the
   * process when some of them are damaged. Throws `StoreCorrupt`, or what the file system says. The file is opened
   * for good only when its rows are verified.
   */
  static async read(path: string, name: string, size: number): Promise<TableFile> {
    const file = await open(path, 'r');
    try {
      const { meta, index } = await readFooter(file, name, size);
      const metaBlock = await readBlock(file, name, size, meta);
      for (const handle of parseMeta(metaBlock, name)) await readBlock(file, name, size, handle);
      return new TableFile(path, name, new TableIndex(await readBlock(file, name, size, index), name));
    } finally {
      await file.close();
    }
  }

  /**
   * Verifies every data block that can hold a key of [from, to], and the one behind them: an iterator looks there for
   * the end of its range. Throws `StoreCorrupt`.
   */
  async verify(from: Uint8Array, to: Uint8Array): Promise<void> {
    const index = this.index;
    const begin = index.firstNotBefore(from);
    const end = Math.min(index.count, index.firstBehind(to, begin) + 2);
    if (begin === end) return;
    this.#users += 1;
    try {
      this.#file ??= open(this.path, 'r');
      const file = await this.#file;
      for (let at = begin; at < end; ) at = await this.#verifyRun(file, at, end);
    } finally {
      this.#users -= 1;
      this.#closeUnused();
    }
  }

  /** The table is not needed for longer than it is in use. */
  retire(): void {
    this.#isRetired = true;
    this.#closeUnused();
  }

  #closeUnused(): void {
    const file = this.#file;
    if (!this.#isRetired || this.#users > 0 || file === null) return;
    this.#file = null;
    file.then((handle) => handle.close()).catch(() => undefined);
  }

  /** Verifies blocks from `begin` on that are read together, none from `end` on; returns where it stopped. */
  async #verifyRun(file: FileHandle, begin: number, end: number): Promise<number> {
    const { offsets } = this.index;
    const start = offsets[begin]!;
    let stop = begin + 1;
    while (stop < end && offsets[stop + 1]! - start <= READ_BYTES) stop += 1;
    const bytes = await readAt(file, this.name, start, offsets[stop]! - start);
    for (let i = begin; i < stop; i++) {
      checkBlock(bytes, offsets[i]! - start, offsets[i + 1]! - start - TRAILER_BYTES, `${this.name}, block ${i},`);
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

/** A block, verified and unpacked. */
async function readBlock(file: FileHandle, name: string, fileSize: number, { offset, size }: Handle): Promise<Buffer> {
  if (offset + size + TRAILER_BYTES > fileSize) throw new StoreCorrupt(`table ${name} points outside of itself`);
  const block = await readAt(file, name, offset, size + TRAILER_BYTES);
  checkBlock(block, 0, size, `${name}, block at ${offset},`);
  const packed = block.subarray(0, size);
  const bytes = block[size] === NOT_PACKED ? packed : unpacked(packed);
  if (bytes === null || bytes.length < 4) throw new StoreCorrupt(`table ${name} has a block that is not known`);
  return bytes;
}

/** RocksDB packs the indexes of its tables by Snappy. Null if the bytes are not that. */
function unpacked(bytes: Buffer): Buffer | null {
  try {
    return unpackSnappy(bytes);
  } catch {
    return null;
  }
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
