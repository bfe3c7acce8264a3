/**
 * Strict validation of JSON text (RFC 8259) as received: UTF-8 without a byte order mark, one value, nothing after it.
 * Iterative; the only memory is one byte per level of nesting. All other functions of this folder take bytes that
 * passed here once, and don't check them again.
 */

/** Why bytes are no JSON text; closed. */
export type JsonFaultReason =
  | 'too-large'
  | 'too-deep'
  | 'unexpected-end'
  | 'unexpected-byte'
  | 'control-character'
  | 'invalid-escape'
  | 'invalid-number'
  | 'invalid-utf8';

/** The first thing that is wrong: the offset of its byte (the length, where something is missing), and why. */
export type JsonFault = { readonly offset: number; readonly reason: JsonFaultReason };

/** maxBytes: length of the text; maxDepth: arrays and objects inside each other, 0 for scalars only. */
export type JsonLimits = { readonly maxBytes: number; readonly maxDepth: number };

/** Null if the bytes are one JSON value within the limits, else the first fault. Linear in their length. */
export function validate(bytes: Uint8Array, limits: JsonLimits): JsonFault | null {
  if (bytes.length > limits.maxBytes) return { offset: limits.maxBytes, reason: 'too-large' };
  return new Validator(bytes, limits.maxDepth).run();
}

const IN_ARRAY = 0;
const IN_OBJECT = 1;

class Validator {
  readonly #bytes: Uint8Array;
  readonly #open: Uint8Array;
  #depth = 0;
  #at = 0;
  #reason: JsonFaultReason | null = null;

  constructor(bytes: Uint8Array, maxDepth: number) {
    this.#bytes = bytes;
    // Every level takes a byte to open, so deeper than the text is long it cannot be.
    this.#open = new Uint8Array(maxDepth < bytes.length ? maxDepth : bytes.length);
  }

  run(): JsonFault | null {
    this.#space();
    do {
      this.#value();
      if (this.#reason === null) this.#afterValue();
    } while (this.#reason === null && this.#depth > 0);
    if (this.#reason === null) {
      this.#space();
      if (this.#at === this.#bytes.length) return null;
      this.#fault('unexpected-byte');
    }
    return { offset: this.#at, reason: this.#reason! };
  }

  /** Notes the fault at the present offset; only the first counts. */
  #fault(reason: JsonFaultReason): void {
    if (this.#reason !== null) return;
    this.#reason = this.#at >= this.#bytes.length && reason === 'unexpected-byte' ? 'unexpected-end' : reason;
  }

  #space(): void {
    let c = this.#bytes[this.#at];
    while (c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09) c = this.#bytes[++this.#at];
  }

  /** Reads a scalar or an empty container, or opens containers down to the first scalar or empty one. */
  #value(): void {
    while (this.#reason === null) {
      const c = this.#bytes[this.#at];
      if (c !== 0x7b && c !== 0x5b) {
        this.#scalar(c);
        return;
      }
      if (this.#depth === this.#open.length) {
        this.#fault('too-deep');
        return;
      }
      this.#at += 1;
      this.#space();
      const closing = c + 2;
      if (this.#bytes[this.#at] === closing) {
        this.#at += 1;
        return;
      }
      this.#open[this.#depth++] = c === 0x7b ? IN_OBJECT : IN_ARRAY;
      if (c === 0x7b) this.#key();
    }
  }

  /** After a value: closes what ends here, and reads the comma (and key) before the next value if there is one. */
  #afterValue(): void {
    while (this.#depth > 0) {
      this.#space();
      const c = this.#bytes[this.#at];
      const inObject = this.#open[this.#depth - 1] === IN_OBJECT;
      if (c === 0x2c) {
        this.#at += 1;
        this.#space();
        if (inObject) this.#key();
        return;
      }
      if (c !== (inObject ? 0x7d : 0x5d)) {
        this.#fault('unexpected-byte');
        return;
      }
      this.#at += 1;
      this.#depth -= 1;
    }
  }

  #key(): void {
    if (this.#bytes[this.#at] !== 0x22) {
      this.#fault('unexpected-byte');
      return;
    }
    this.#string();
    if (this.#reason !== null) return;
    this.#space();
    if (this.#bytes[this.#at] !== 0x3a) {
      this.#fault('unexpected-byte');
      return;
    }
    this.#at += 1;
    this.#space();
  }

  #scalar(c: number | undefined): void {
    if (c === 0x22) this.#string();
    else if (c === 0x2d || isDigit(c)) this.#number();
    else if (c === 0x74) this.#literal('true');
    else if (c === 0x66) this.#literal('false');
    else if (c === 0x6e) this.#literal('null');
    else this.#fault('unexpected-byte');
  }

  #literal(word: string): void {
    for (let i = 0; i < word.length; i++) {
      if (this.#bytes[this.#at] !== word.charCodeAt(i)) {
        this.#fault('unexpected-byte');
        return;
      }
      this.#at += 1;
    }
  }

  #digits(): void {
    if (!isDigit(this.#bytes[this.#at])) {
      this.#fault(this.#at < this.#bytes.length ? 'invalid-number' : 'unexpected-end');
      return;
    }
    while (isDigit(this.#bytes[this.#at])) this.#at += 1;
  }

  #number(): void {
    if (this.#bytes[this.#at] === 0x2d) this.#at += 1;
    if (this.#bytes[this.#at] === 0x30) {
      this.#at += 1;
      if (isDigit(this.#bytes[this.#at])) this.#fault('invalid-number');
    } else {
      this.#digits();
    }
    if (this.#reason === null && this.#bytes[this.#at] === 0x2e) {
      this.#at += 1;
      this.#digits();
    }
    if (this.#reason !== null) return;
    const e = this.#bytes[this.#at];
    if (e !== 0x65 && e !== 0x45) return;
    this.#at += 1;
    const sign = this.#bytes[this.#at];
    if (sign === 0x2b || sign === 0x2d) this.#at += 1;
    this.#digits();
  }

  /** Reads a string from its opening to behind its closing quote. */
  #string(): void {
    const bytes = this.#bytes;
    this.#at += 1;
    for (;;) {
      const c = bytes[this.#at];
      if (c === undefined) {
        this.#fault('unexpected-end');
        return;
      }
      if (c === 0x22) {
        this.#at += 1;
        return;
      }
      if (c === 0x5c) this.#escape();
      else if (c < 0x20) this.#fault('control-character');
      else if (c < 0x80) this.#at += 1;
      else this.#multibyte(c);
      if (this.#reason !== null) return;
    }
  }

  #escape(): void {
    this.#at += 1;
    const c = this.#bytes[this.#at];
    if (c === 0x75) {
      this.#at += 1;
      for (let i = 0; i < 4; i++) {
        if (!isHex(this.#bytes[this.#at])) {
          this.#fault(this.#at < this.#bytes.length ? 'invalid-escape' : 'unexpected-end');
          return;
        }
        this.#at += 1;
      }
    } else if (isSimpleEscape(c)) {
      this.#at += 1;
    } else {
      this.#fault(c === undefined ? 'unexpected-end' : 'invalid-escape');
    }
  }

  /** One character of two to four bytes: no overlong form, no surrogate, nothing above U+10FFFF (RFC 3629). */
  #multibyte(lead: number): void {
    const bytes = this.#bytes;
    const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    const second = bytes[this.#at + 1] ?? 0;
    const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
    const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
    let good = lead >= 0xc2 && lead <= 0xf4 && second >= low && second <= high;
    for (let i = 2; i < length; i++) good &&= ((bytes[this.#at + i] ?? 0) & 0xc0) === 0x80;
    if (good) this.#at += length;
    else this.#fault('invalid-utf8');
  }
}

function isDigit(c: number | undefined): boolean {
  return c !== undefined && c >= 0x30 && c <= 0x39;
}

function isHex(c: number | undefined): boolean {
  return c !== undefined && ((c >= 0x30 && c <= 0x39) || ((c | 0x20) >= 0x61 && (c | 0x20) <= 0x66));
}

/** One of " \ / b f n r t. */
function isSimpleEscape(c: number | undefined): boolean {
  return c === 0x22 || c === 0x5c || c === 0x2f || c === 0x62 || c === 0x66 || c === 0x6e || c === 0x72 || c === 0x74;
}
