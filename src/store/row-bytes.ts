import { StoreCorrupt } from './errors.js';

/**
 * A buffer that grows and is used again, and the varints of rows. Methods whose names end in `Unchecked` don't look
 * for room: the caller has reserved it for a whole row.
 */
export class RowWriter {
  #bytes = Buffer.allocUnsafeSlow(1 << 16);
  #at = 0;

  /** Where the next byte goes. */
  get length(): number {
    return this.#at;
  }

  /** Begins again; what was written before may be overwritten. */
  reset(): void {
    this.#at = 0;
  }

  /** Takes back what was written from `at` on. */
  cut(at: number): void {
    this.#at = at;
  }

  /** What was written, valid until the next write. No Buffer, because their `slice` does not copy. */
  view(): Uint8Array {
    return new Uint8Array(this.#bytes.buffer, 0, this.#at);
  }

  /** Room for so many more bytes. */
  reserve(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.#bytes.length, this.#at + bytes));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }

  /** 32 bits, little-endian. */
  word(value: number): void {
    this.reserve(4);
    this.#at += 4;
    this.patch(this.#at - 4, value);
  }

  /** Replaces a word that was written at `at`. */
  patch(at: number, value: number): void {
    const bytes = this.#bytes;
    bytes[at] = value;
    bytes[at + 1] = value >>> 8;
    bytes[at + 2] = value >>> 16;
    bytes[at + 3] = value >>> 24;
  }

  /** A whole number, 0 <= value < 2^53: seven bits a byte, low ones first; at most eight bytes. */
  unsignedUnchecked(value: number): void {
    const bytes = this.#bytes;
    let at = this.#at;
    let low = value;
    if (value > 0x7fff_ffff) {
      // 28 bits at a time: JavaScript shifts 32 bits only.
      const high = Math.floor(value * (1 / 0x1000_0000));
      low = value - high * 0x1000_0000;
      bytes[at] = low | 0x80;
      bytes[at + 1] = (low >>> 7) | 0x80;
      bytes[at + 2] = (low >>> 14) | 0x80;
      bytes[at + 3] = (low >>> 21) | 0x80;
      at += 4;
      low = high;
    }
    while (low > 0x7f) {
      bytes[at++] = low | 0x80;
      low >>>= 7;
    }
    bytes[at++] = low;
    this.#at = at;
  }

  /** A safe integer: zigzag (0, -1, 1, -2, … as 0, 1, 2, 3, …), whose lowest seven bits go first. */
  signedUnchecked(value: number): void {
    const sign = value < 0 ? 1 : 0;
    const magnitude = sign === 1 ? -1 - value : value;
    if (magnitude < 64) {
      this.#bytes[this.#at++] = (magnitude << 1) | sign;
      return;
    }
    // Multiplying by a power of two is exact, and much faster than a remainder of doubles.
    const rest = Math.floor(magnitude * (1 / 64));
    this.#bytes[this.#at++] = ((magnitude - rest * 64) << 1) | sign | 0x80;
    this.unsignedUnchecked(rest);
  }

  /** Length in bytes, and UTF-8. */
  text(value: string): void {
    const length = Buffer.byteLength(value, 'utf8');
    this.reserve(length + 8);
    this.unsignedUnchecked(length);
    this.#at += this.#bytes.write(value, this.#at, length, 'utf8');
  }
}

/** 32 bits, little-endian. */
export function wordAt(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}

/** Reads what a `RowWriter` has written. Reading past the end is found by `finish` or `text`, never loops. */
export class RowReader {
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;

  reset(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#at = 0;
  }

  /** Throws `StoreCorrupt` unless everything was read and nothing beyond. */
  finish(): void {
    if (this.#at !== this.#bytes.length) {
      throw new StoreCorrupt(`a row of ${this.#bytes.length} bytes was read up to ${this.#at}`);
    }
  }

  word(): number {
    this.#at += 4;
    return wordAt(this.#bytes, this.#at - 4);
  }

  unsigned(): number {
    const bytes = this.#bytes;
    let byte = bytes[this.#at++]!;
    if (byte < 0x80) return byte;
    let low = byte & 0x7f;
    let shift = 7;
    do {
      byte = bytes[this.#at++]!;
      low |= (byte & 0x7f) << shift;
      shift += 7;
    } while (byte > 0x7f && shift < 28);
    return byte > 0x7f ? low + this.#high() * 0x1000_0000 : low;
  }

  /** The bits above the lowest 28. */
  #high(): number {
    const bytes = this.#bytes;
    let high = 0;
    let shift = 0;
    let byte = 0x80;
    for (; byte > 0x7f && shift < 28; shift += 7) {
      byte = bytes[this.#at++]!;
      high |= (byte & 0x7f) << shift;
    }
    return high;
  }

  signed(): number {
    const head = this.#bytes[this.#at++]!;
    let magnitude = (head & 0x7f) >>> 1;
    if (head > 0x7f) magnitude += this.unsigned() * 64;
    return (head & 1) === 0 ? magnitude : -1 - magnitude;
  }

  /** Passes over so many bytes. */
  skip(bytes: number): void {
    this.#at += bytes;
  }

  /** What was not read yet, as a view. */
  rest(): Uint8Array {
    return this.#bytes.subarray(this.#at);
  }

  text(): string {
    const length = this.unsigned();
    if (this.#at + length > this.#bytes.length) throw new StoreCorrupt(`a text of ${length} bytes is cut off`);
    this.#at += length;
    return Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + this.#at - length, length).toString('utf8');
  }
}
