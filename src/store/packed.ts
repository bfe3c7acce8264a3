import type { StoreEntry, StoreOperation } from './port.js';

/**
 * Pairs of a key and a value, or of a key and none, in one run of bytes: the operations of a batch, the entries of a
 * scan. A batch of fifty thousand rows is then one object instead of two hundred thousand, and goes to another thread
 * without being copied.
 *
 *     [bytes of the key u16] [bytes of the value + 1 u32; 0: none] [key] [value]        all little-endian
 */

const HEAD_BYTES = 6;
const FIRST_CAPACITY = 1 << 16;
const LARGEST_KEY = 0xffff;
const LARGEST_VALUE = 0xffff_fffe;

/** Pairs that are written one after the other and read in that order. */
export class Packed implements Iterable<StoreOperation> {
  #bytes: Buffer;
  #length: number;
  #count: number;

  private constructor(bytes: Buffer, length: number, count: number) {
    this.#bytes = bytes;
    this.#length = length;
    this.#count = count;
  }

  /** Without a pair. */
  static empty(capacity = FIRST_CAPACITY): Packed {
    return new Packed(Buffer.allocUnsafeSlow(capacity), 0, 0);
  }

  /** What `detach` of another thread has given. */
  static attach({ buffer, length, count }: Detached): Packed {
    return new Packed(Buffer.from(buffer), length, count);
  }

  /** These operations, packed. */
  static of(operations: Iterable<StoreOperation>): Packed {
    const packed = Packed.empty();
    for (const { key, value } of operations) {
      if (value === null) packed.remove(key);
      else packed.put(key, value);
    }
    return packed;
  }

  /** How many pairs there are. */
  get count(): number {
    return this.#count;
  }

  /** Bytes that they take. */
  get length(): number {
    return this.#length;
  }

  /** Adds a key and its value, which may be given in two parts. */
  put(key: Uint8Array, value: Uint8Array, rest: Uint8Array | null = null): void {
    const size = value.length + (rest === null ? 0 : rest.length);
    if (size > LARGEST_VALUE) throw new Error(`assertion failed: a value of ${size} bytes`);
    let at = this.#begin(key, size, size + 1);
    const bytes = this.#bytes;
    bytes.set(value, at);
    at += value.length;
    if (rest !== null) bytes.set(rest, at);
    this.#length = at + (rest === null ? 0 : rest.length);
  }

  /** Adds a key without a value: a deletion, or a key that is asked for. */
  remove(key: Uint8Array): void {
    this.#length = this.#begin(key, 0, 0);
  }

  /** Adds all pairs of another one behind those that are here. */
  append(other: Packed): void {
    this.#reserve(other.#length);
    this.#bytes.set(other.#bytes.subarray(0, other.#length), this.#length);
    this.#length += other.#length;
    this.#count += other.#count;
  }

  /** Takes all pairs out; the room stays. */
  clear(): void {
    this.#length = 0;
    this.#count = 0;
  }

  /** Gives the bytes away, to be transferred to another thread; nothing is here then, and no room. */
  detach(): Detached {
    const detached = { buffer: this.#bytes.buffer as ArrayBuffer, length: this.#length, count: this.#count };
    this.#bytes = Buffer.allocUnsafeSlow(0);
    this.clear();
    return detached;
  }

  /** Takes back room that was given away. */
  reuse({ buffer }: Detached): void {
    this.#bytes = Buffer.from(buffer);
    this.clear();
  }

  /** The pairs in their order. Keys and values are views: they are overwritten when this is used again. */
  [Symbol.iterator](): Generator<PackedPair> {
    return packedPairs(this.view());
  }

  /** The bytes as they are, for who keeps them elsewhere; overwritten when this is used again. */
  view(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** The pairs, all of which have a value. */
  entries(): StoreEntry[] {
    return [...this] as StoreEntry[];
  }

  /** Makes room for a pair and writes its head and key; gives where the value begins. */
  #begin(key: Uint8Array, valueBytes: number, mark: number): number {
    const keyBytes = key.length;
    if (keyBytes > LARGEST_KEY) throw new Error(`assertion failed: a key of ${keyBytes} bytes`);
    this.#reserve(HEAD_BYTES + keyBytes + valueBytes);
    const bytes = this.#bytes;
    let at = this.#length;
    bytes[at] = keyBytes;
    bytes[at + 1] = keyBytes >>> 8;
    bytes[at + 2] = mark;
    bytes[at + 3] = mark >>> 8;
    bytes[at + 4] = mark >>> 16;
    bytes[at + 5] = mark >>> 24;
    at += HEAD_BYTES;
    // Keys are a dozen bytes: a loop is faster than a call.
    for (let i = 0; i < keyBytes; i++) bytes[at + i] = key[i]!;
    this.#count += 1;
    return at + keyBytes;
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.#bytes.length, needed, FIRST_CAPACITY));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

/** A key with its value, or with none; views on the packed bytes. */
export interface PackedPair {
  readonly key: Buffer;
  readonly value: Buffer | null;
}

/** The pairs in bytes that `view` has given. */
export function* packedPairs(packed: Uint8Array): Generator<PackedPair> {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  let at = 0;
  while (at < bytes.length) {
    const keyBytes = bytes.readUInt16LE(at);
    const valueBytes = bytes.readUInt32LE(at + 2);
    const keyAt = at + HEAD_BYTES;
    const valueAt = keyAt + keyBytes;
    at = valueAt + (valueBytes === 0 ? 0 : valueBytes - 1);
    yield {
      key: bytes.subarray(keyAt, valueAt),
      value: valueBytes === 0 ? null : bytes.subarray(valueAt, at),
    };
  }
}

/** Packed pairs on their way between threads. */
export interface Detached {
  readonly buffer: ArrayBuffer;
  readonly length: number;
  readonly count: number;
}
