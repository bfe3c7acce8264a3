import { isUtf8 } from 'node:buffer';
import { CatalogueError } from '../error.js';
import { asBuffer, type FastBuffer } from './buffer.js';

/** Short ASCII strings are looked up in a table of those seen before: reasons and names come again and again. */
const INTERN_BYTES = 24;
const INTERN_SLOTS = 1024;

const NOTHING = asBuffer(Buffer.alloc(0));

function refuse(what: string): never {
  throw new CatalogueError('undecodable', what);
}

/**
 * Reads Avro's primitives and refuses whatever a `Writer` would not have written: varints that are longer than needed,
 * integers that aren't safe, bytes that aren't UTF-8, arrays in several blocks (unless it is told to take these).
 *
 * Varints may be read past the end of what was given to `reset`; `finish` finds out, so every decoding ends with it.
 * Bytes are views on the input: they stay valid as long as nobody changes it.
 */
export class Reader {
  #buf: FastBuffer = NOTHING;
  #pos = 0;
  #end = 0;
  #anyBlocks = false;
  readonly #interned = new Array<string>(INTERN_SLOTS).fill('');

  /** Starts at the beginning of `bytes`. With `anyBlocks` arrays may be written in whatever blocks Avro allows. */
  reset(bytes: Uint8Array, anyBlocks = false): void {
    this.#buf = asBuffer(bytes);
    this.#pos = 0;
    this.#end = bytes.length;
    this.#anyBlocks = anyBlocks;
  }

  /** Where the next byte is read. */
  get position(): number {
    return this.#pos;
  }

  /** Limits reading to the next `bytes` bytes; returns the end that was in force, for `leave`. */
  enter(bytes: number): number {
    const outer = this.#end;
    this.#end = this.#pos + bytes;
    return outer;
  }

  /** Ends what `enter` began: its bytes must all have been read. */
  leave(outer: number): void {
    this.finish();
    this.#end = outer;
  }

  /** Everything must have been read, and nothing beyond. */
  finish(): void {
    if (this.#pos < this.#end) refuse(`${this.#end - this.#pos} bytes too many at ${this.#pos}`);
    if (this.#pos > this.#end) refuse(`truncated at ${this.#end}`);
  }

  /** The bytes from `start` to the end that is in force, as a view. */
  viewFrom(start: number): Buffer {
    return this.#buf.subarray(start, this.#end);
  }

  /** Forgets the input, so that it can be collected. */
  release(): void {
    this.#buf = NOTHING;
    this.#pos = 0;
    this.#end = 0;
  }

  boolean(): boolean {
    const byte = this.#buf[this.#pos++] as number;
    if (byte > 1) refuse(`not a boolean: ${byte}`);
    return byte === 1;
  }

  int(): number {
    const value = this.long();
    if (value !== (value | 0)) refuse(`not a 32-bit integer: ${value}`);
    return value;
  }

  long(): number {
    const byte = this.#buf[this.#pos++] as number;
    return byte < 0x80 ? (byte >>> 1) ^ -(byte & 1) : this.#longer(byte);
  }

  /** The rest of a varint of several bytes: 27 bits as an integer, then up to 26 more. */
  #longer(first: number): number {
    const buf = this.#buf;
    let low = (first & 0x7f) >>> 1;
    let byte = first;
    for (let shift = 6; byte > 0x7f && shift < 27; shift += 7) {
      byte = buf[this.#pos++] as number;
      low |= (byte & 0x7f) << shift;
    }
    let high = 0;
    for (let shift = 0; byte > 0x7f && shift < 28; shift += 7) {
      byte = buf[this.#pos++] as number;
      high |= (byte & 0x7f) << shift;
    }
    if (byte === 0) refuse(`a number with needless bytes before ${this.#pos}`);
    if (byte === undefined) refuse(`truncated at ${this.#end}`);
    const magnitude = high * 0x8000000 + low;
    const value = first & 1 ? -magnitude - 1 : magnitude;
    if (byte > 0x7f || !Number.isSafeInteger(value)) refuse(`not a safe integer before ${this.#pos}`);
    return value;
  }

  /** The index of an enum's symbol or a union's branch, below `count`. */
  index(count: number): number {
    const value = this.long();
    if (value < 0 || value >= count) refuse(`${value} is not below ${count}`);
    return value;
  }

  /** A length in bytes, within what is left. */
  length(): number {
    const value = this.long();
    if (value < 0) refuse(`negative length ${value}`);
    if (value > this.#end - this.#pos) refuse(`truncated: ${value} bytes at ${this.#pos}`);
    return value;
  }

  /** The count of an array's first block, 0 if it has none; after its items comes `nextBlock`. */
  arrayCount(): number {
    const value = this.long();
    return this.#within(value < 0 ? this.#sizedBlock(value) : value);
  }

  /** The count of the block after one that has items, 0 at the array's end. */
  nextBlock(): number {
    if (this.#anyBlocks) return this.arrayCount();
    if (this.#buf[this.#pos++] !== 0) refuse(`an array in several blocks at ${this.#pos}`);
    return 0;
  }

  /** A block with its size, which nobody needs who reads all items. */
  #sizedBlock(value: number): number {
    if (!this.#anyBlocks) refuse('an array block with its size');
    this.length();
    return -value;
  }

  /** Every item takes at least a byte, so a count that lies can't make anybody allocate. */
  #within(items: number): number {
    if (items > this.#end - this.#pos) refuse(`truncated: ${items} items at ${this.#pos}`);
    return items;
  }

  string(): string {
    const length = this.length();
    if (length === 0) return '';
    const start = this.#pos;
    this.#pos += length;
    return length <= INTERN_BYTES ? this.#short(start, length) : this.#text(start);
  }

  #short(start: number, length: number): string {
    const buf = this.#buf;
    const end = start + length;
    let hash = length;
    let all = 0;
    for (let i = start; i < end; i++) {
      const byte = buf[i] as number;
      all |= byte;
      hash = (Math.imul(hash, 31) + byte) | 0;
    }
    if (all > 0x7f) return this.#text(start);
    const slot = (hash ^ (hash >>> 10)) & (INTERN_SLOTS - 1);
    const known = this.#interned[slot] as string;
    if (known.length === length && this.#equals(known, start)) return known;
    const text = buf.latin1Slice(start, end);
    this.#interned[slot] = text;
    return text;
  }

  #equals(text: string, start: number): boolean {
    for (let i = 0; i < text.length; i++) {
      if (text.charCodeAt(i) !== this.#buf[start + i]) return false;
    }
    return true;
  }

  #text(start: number): string {
    const text = this.#buf.utf8Slice(start, this.#pos);
    // The runtime replaces what isn't UTF-8 by U+FFFD; only then it has to be looked at.
    if (text.includes('\uFFFD') && !isUtf8(this.#buf.subarray(start, this.#pos))) refuse(`not UTF-8 at ${start}`);
    return text;
  }

  bytes(): Buffer {
    return this.fixed(this.length());
  }

  fixed(size: number): Buffer {
    const start = this.#pos;
    if (size > this.#end - start) refuse(`truncated: ${size} bytes at ${start}`);
    this.#pos += size;
    return this.#buf.subarray(start, this.#pos);
  }

  /** Passes over `bytes` bytes, which `length` has found to be there. */
  skip(bytes: number): void {
    this.#pos += bytes;
  }
}
