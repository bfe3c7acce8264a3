import { CatalogueError } from '../error.js';
import { asBuffer, type FastBuffer } from './buffer.js';

/** Longest varints: an int has 32 bits, a long 54 after zigzag (its value is within ±(2^53 - 1)). */
export const MAX_INT_BYTES = 5;
export const MAX_LONG_BYTES = 8;

/** Strings up to this length are copied by a loop: a call into the runtime costs more than it saves. */
const LOOP_CHARS = 40;

/** Finds half of a surrogate pair: such a string has no UTF-8 encoding. */
const LONE_SURROGATE = /\p{Surrogate}/u;

function invalid(what: string): never {
  throw new CatalogueError('invalid-value', what);
}

/**
 * Writes Avro's primitives into one growing buffer that is used again for every record.
 *
 * `int`, `long`, `boolean` and `index` do not check for room: the caller reserves it for a run of them at once.
 */
export class Writer {
  #buf: FastBuffer;
  #pos = 0;

  constructor(initialBytes = 1 << 16) {
    this.#buf = asBuffer(Buffer.allocUnsafeSlow(initialBytes));
  }

  /** Starts again with an empty buffer. */
  reset(): void {
    this.#pos = 0;
  }

  /** The bytes that were written since `reset`, the first `length` of these; valid until the next write. */
  get written(): Uint8Array {
    return this.#buf;
  }

  get length(): number {
    return this.#pos;
  }

  /** A copy of what was written since `reset`. */
  take(): Buffer {
    const bytes = Buffer.allocUnsafe(this.#pos);
    this.#buf.copy(bytes, 0, 0, this.#pos);
    return bytes;
  }

  /** Gives the memory back that one very large record took; called between records. */
  shrink(keepBytes: number): void {
    if (this.#buf.length > keepBytes) this.#buf = asBuffer(Buffer.allocUnsafeSlow(keepBytes));
  }

  /** Makes room for `bytes` more. */
  reserve(bytes: number): void {
    if (this.#pos + bytes > this.#buf.length) this.#grow(this.#pos + bytes);
  }

  #grow(needed: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#buf.length * 2));
    this.#buf.copy(larger, 0, 0, this.#pos);
    this.#buf = asBuffer(larger);
  }

  boolean(value: boolean): void {
    if (typeof value !== 'boolean') invalid(`not a boolean: ${String(value)}`);
    this.#buf[this.#pos++] = value ? 1 : 0;
  }

  /** A 32-bit integer. */
  int(value: number): void {
    if (value !== (value | 0)) invalid(`not a 32-bit integer: ${String(value)}`);
    this.#small(((value << 1) ^ (value >> 31)) >>> 0);
  }

  /** A safe integer, that is one within ±(2^53 - 1). */
  long(value: number): void {
    if (value === (value | 0)) this.#small(((value << 1) ^ (value >> 31)) >>> 0);
    else this.#large(value);
  }

  /** A count, a length, or the index of an enum's symbol or a union's branch. */
  index(value: number): void {
    this.#small(value * 2);
  }

  #small(zigzag: number): void {
    const buf = this.#buf;
    let rest = zigzag;
    while (rest > 0x7f) {
      buf[this.#pos++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    buf[this.#pos++] = rest;
  }

  /** Splits the magnitude, since zigzag of a safe integer has 54 bits and a double only 53. */
  #large(value: number): void {
    if (!Number.isSafeInteger(value)) invalid(`not a safe integer: ${String(value)}`);
    const buf = this.#buf;
    const magnitude = value < 0 ? -(value + 1) : value;
    let high = Math.floor(magnitude / 0x8000000);
    let low = magnitude - high * 0x8000000;
    buf[this.#pos++] = ((low & 0x3f) << 1) | (value < 0 ? 0x81 : 0x80);
    low >>>= 6;
    for (let i = 0; i < 3; i++) {
      buf[this.#pos++] = (low & 0x7f) | 0x80;
      low >>>= 7;
    }
    while (high > 0x7f) {
      buf[this.#pos++] = (high & 0x7f) | 0x80;
      high >>>= 7;
    }
    buf[this.#pos++] = high;
  }

  /** UTF-8 with its length in bytes; half of a surrogate pair is refused. */
  string(value: string): void {
    if (typeof value !== 'string') invalid(`not a string: ${String(value)}`);
    const length = value.length;
    if (length > LOOP_CHARS || !this.#ascii(value)) this.#text(value);
  }

  /** Writes a short string if it is ASCII, else nothing. */
  #ascii(value: string): boolean {
    const length = value.length;
    this.reserve(length + 1);
    const buf = this.#buf;
    let at = this.#pos;
    buf[at++] = length << 1;
    for (let i = 0; i < length; i++) {
      const char = value.charCodeAt(i);
      if (char > 0x7f) return false;
      buf[at++] = char;
    }
    this.#pos = at;
    return true;
  }

  #text(value: string): void {
    const bytes = Buffer.byteLength(value);
    this.reserve(bytes + MAX_LONG_BYTES);
    this.index(bytes);
    if (bytes === value.length) {
      this.#buf.latin1Write(value, this.#pos, bytes);
    } else {
      if (LONE_SURROGATE.test(value)) invalid('a string with half of a surrogate pair');
      this.#buf.utf8Write(value, this.#pos, bytes);
    }
    this.#pos += bytes;
  }

  /** Bytes with their length. */
  bytes(value: Uint8Array): void {
    if (!(value instanceof Uint8Array)) invalid('not bytes');
    this.reserve(value.length + MAX_LONG_BYTES);
    this.index(value.length);
    this.#buf.set(value, this.#pos);
    this.#pos += value.length;
  }

  /** Exactly `size` bytes. */
  fixed(value: Uint8Array, size: number): void {
    if (!(value instanceof Uint8Array) || value.length !== size) invalid(`not ${size} bytes`);
    this.reserve(size);
    this.#buf.set(value, this.#pos);
    this.#pos += size;
  }

  /** Starts bytes whose length isn't known yet; what is returned goes to `end`. */
  begin(): number {
    this.reserve(1);
    return this.#pos++;
  }

  /** Ends what `begin` started: writes its length in front, moving it if that takes more than one byte. */
  end(start: number): void {
    const from = start + 1;
    const length = this.#pos - from;
    if (length < 0x40) {
      this.#buf[start] = length << 1;
      return;
    }
    const extra = varintBytes(length * 2) - 1;
    this.reserve(extra);
    this.#buf.copyWithin(from + extra, from, this.#pos);
    this.#pos = start;
    this.index(length);
    this.#pos += length;
  }

  /** Appends bytes as they are. */
  raw(value: Uint8Array): void {
    this.reserve(value.length);
    this.#buf.set(value, this.#pos);
    this.#pos += value.length;
  }
}

function varintBytes(zigzag: number): number {
  let bytes = 1;
  for (let rest = zigzag; rest > 0x7f; rest >>>= 7) bytes++;
  return bytes;
}
