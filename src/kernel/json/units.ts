/** Strings of valid JSON text as UTF-16 code units, in which they are compared. */

/** Reads the code units of one string after another; reusable, and the way to compare without decoding to text. */
export class UnitReader {
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  /** The second half of a character outside the basic plane, or -1. */
  #pending = -1;

  /** Starts at the opening quote at `start`. */
  open(bytes: Uint8Array, start: number): void {
    this.#bytes = bytes;
    this.#at = start + 1;
    this.#pending = -1;
  }

  /** The next code unit, or -1 at the end of the string. */
  next(): number {
    if (this.#pending >= 0) {
      const unit = this.#pending;
      this.#pending = -1;
      return unit;
    }
    const c = this.#bytes[this.#at];
    if (c === undefined || c === 0x22) return -1;
    if (c === 0x5c) return this.#escape();
    if (c < 0x80) {
      this.#at += 1;
      return c;
    }
    return this.#multibyte(c);
  }

  #escape(): number {
    const c = this.#bytes[this.#at + 1]!;
    if (c === 0x75) {
      let unit = 0;
      for (let i = 2; i < 6; i++) unit = (unit << 4) | hexDigit(this.#bytes[this.#at + i]!);
      this.#at += 6;
      return unit;
    }
    this.#at += 2;
    switch (c) {
      case 0x62:
        return 0x08;
      case 0x66:
        return 0x0c;
      case 0x6e:
        return 0x0a;
      case 0x72:
        return 0x0d;
      case 0x74:
        return 0x09;
      default:
        return c;
    }
  }

  #multibyte(lead: number): number {
    const bytes = this.#bytes;
    const at = this.#at;
    const second = bytes[at + 1]! & 0x3f;
    if (lead < 0xe0) {
      this.#at = at + 2;
      return ((lead & 0x1f) << 6) | second;
    }
    const third = bytes[at + 2]! & 0x3f;
    if (lead < 0xf0) {
      this.#at = at + 3;
      return ((lead & 0x0f) << 12) | (second << 6) | third;
    }
    this.#at = at + 4;
    const code = ((lead & 0x07) << 18) | (second << 12) | (third << 6) | (bytes[at + 3]! & 0x3f);
    this.#pending = 0xdc00 | (code & 0x3ff);
    return 0xd800 | ((code - 0x10000) >> 10);
  }
}

function hexDigit(c: number): number {
  return c <= 0x39 ? c - 0x30 : (c | 0x20) - 0x57;
}

const left = new UnitReader();
const right = new UnitReader();

/**
 * Order of two strings of JSON text, each given by the offset of its opening quote, by code unit after unescaping:
 * below 0, 0, or above 0. The same order as `<` on JavaScript strings.
 */
export function compareStrings(a: Uint8Array, aStart: number, b: Uint8Array, bStart: number): number {
  left.open(a, aStart);
  right.open(b, bStart);
  for (;;) {
    const unit = left.next();
    const difference = unit - right.next();
    if (difference !== 0 || unit < 0) return difference;
  }
}

/** Whether the string that starts at an offset is `text`. */
export function isText(bytes: Uint8Array, start: number, text: string): boolean {
  left.open(bytes, start);
  for (let i = 0; i < text.length; i++) {
    if (left.next() !== text.charCodeAt(i)) return false;
  }
  return left.next() < 0;
}
