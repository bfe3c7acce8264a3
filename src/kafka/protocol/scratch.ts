/** Bytes that grow while they are written, and are used again for what is written next. Numbers as Kafka has them. */

const FIRST_BYTES = 64 * 1024;
/** What is larger is let go when it was used. */
const KEPT_BYTES = 4 * 1024 * 1024;

export class Scratch {
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  /** Where the next byte goes. */
  at = 0;

  /** The bytes as they stand; valid until more room is made. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  reset(): void {
    if (this.#bytes.length > KEPT_BYTES) this.#bytes = Buffer.allocUnsafe(FIRST_BYTES);
    this.at = 0;
  }

  /** Makes room for so many more bytes. What writes needs it: nothing else looks whether there is. */
  reserve(bytes: number): void {
    const needed = this.at + bytes;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.#bytes.length));
    this.#bytes.copy(larger, 0, 0, this.at);
    this.#bytes = larger;
  }

  /** A copy of all that was written. */
  taken(): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.at));
  }

  int8(value: number): void {
    this.#bytes[this.at++] = value;
  }

  int16(value: number): void {
    this.at = this.#bytes.writeInt16BE(value, this.at);
  }

  int32(value: number): void {
    this.at = this.#bytes.writeInt32BE(value, this.at);
  }

  /** A whole number that a double holds exactly. */
  int64(value: number): void {
    this.at = this.#bytes.writeInt32BE(Math.floor(value / 2 ** 32), this.at);
    this.at = this.#bytes.writeUInt32BE(value >>> 0, this.at);
  }

  /** A whole number of 32 bits, zigzag, seven bits a byte. */
  varint(value: number): void {
    const bytes = this.#bytes;
    let rest = ((value << 1) ^ (value >> 31)) >>> 0;
    while (rest > 0x7f) {
      bytes[this.at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    bytes[this.at++] = rest;
  }

  raw(value: Uint8Array): void {
    this.#bytes.set(value, this.at);
    this.at += value.length;
  }

  /** A text with its length in front, as a varint. It reserves what it needs. */
  text(value: string): void {
    this.reserve(MAX_VARINT_BYTES + MAX_UTF8_BYTES * value.length);
    const start = this.at;
    this.varint(value.length);
    const bytes = this.#bytes;
    // Almost all are short and of ASCII: a call into the runtime would cost more than they do.
    for (let i = 0; i < value.length; i++) {
      const unit = value.charCodeAt(i);
      if (unit > 0x7f) return this.#longText(value, start);
      bytes[this.at++] = unit;
    }
  }

  #longText(value: string, start: number): void {
    this.at = start;
    this.varint(Buffer.byteLength(value));
    this.at += this.#bytes.write(value, this.at);
  }
}

/** The longest varint of 32 bits. */
export const MAX_VARINT_BYTES = 5;
/** A UTF-16 code unit takes so many at most. */
const MAX_UTF8_BYTES = 3;
