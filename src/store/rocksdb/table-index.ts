import { lowerBound } from '../../catalogue/lower-bound.js';
import { StoreCorrupt } from '../errors.js';
import { compareKeys } from '../keys.js';
import { varint } from './varint.js';

/** Bytes behind a block: how it is packed, and its checksum. */
export const TRAILER_BYTES = 5;

/** Where a block is, without its trailer. */
export interface Handle {
  readonly offset: number;
  readonly size: number;
}

/** Reads where a block is. */
export function readHandle(bytes: Buffer, at: number): { readonly handle: Handle; readonly end: number } {
  const offset = varint(bytes, at);
  const size = varint(bytes, offset.end);
  return { handle: { offset: offset.value, size: size.value }, end: size.end };
}

/** Where the entries of a block end: behind them are an array of restarts and its length. */
export function entriesEnd(block: Buffer): number {
  return block.length - 4 - 4 * block.readUInt32LE(block.length - 4);
}

/**
 * The index of a table: for each data block where it is, and a key that is not before its last one and before the first
 * of the next block. An entry has the number of bytes shared with the key before (always 0 here), the key's length, the
 * key, and offset and size of the block. The keys stay where they are: a large table has ten thousand of them.
 */
export class TableIndex {
  readonly #bytes: Buffer;
  readonly #keys: Uint32Array;
  /** Where each data block begins, and at the end where the last one's trailer ends. */
  readonly offsets: Float64Array;

  /** Throws `StoreCorrupt` if the blocks don't lie without gaps from the file's beginning on. */
  constructor(bytes: Buffer, name: string) {
    const keys: number[] = [];
    const offsets = [0];
    for (let at = 0, end = entriesEnd(bytes); at < end; ) {
      const shared = varint(bytes, at);
      const length = varint(bytes, shared.end);
      const keyEnd = length.end + length.value;
      const { handle, end: next } = readHandle(bytes, keyEnd);
      if (shared.value !== 0 || handle.offset !== offsets[offsets.length - 1]) {
        throw new StoreCorrupt(`table ${name} has an index that is not known`);
      }
      keys.push(length.end, keyEnd);
      offsets.push(handle.offset + handle.size + TRAILER_BYTES);
      at = next;
    }
    this.#bytes = bytes;
    this.#keys = Uint32Array.from(keys);
    this.offsets = Float64Array.from(offsets);
  }

  /** How many data blocks there are. */
  get count(): number {
    return this.offsets.length - 1;
  }

  /** The first block whose key is not before `key`. It may have eight more bytes (RocksDB's own), so it isn't less. */
  firstNotBefore(key: Uint8Array): number {
    return lowerBound(0, this.count, (block) => compareKeys(this.#key(block), key) < 0);
  }

  /** The first block from `begin` on whose key is certainly behind `to`, also if it has eight bytes too many. */
  firstBehind(to: Uint8Array, begin: number): number {
    return lowerBound(begin, this.count, (block) => !this.#isBehind(block, to));
  }

  #isBehind(block: number, to: Uint8Array): boolean {
    const key = this.#key(block);
    const length = Math.min(key.length, to.length);
    return compareKeys(key.subarray(0, length), to.subarray(0, length)) > 0;
  }

  #key(block: number): Uint8Array {
    return this.#bytes.subarray(this.#keys[2 * block]!, this.#keys[2 * block + 1]!);
  }
}
