/**
 * MurmurHash3_x86_128 (Appleby, 2011; public domain) with seed 0: `mix` of one field of one row for the state hash,
 * and digests of strings and bytes for the keys of tables. Unrolled and without allocation: it is in every step.
 */

const TWO_32 = 0x1_0000_0000;
const TWO_21 = 0x20_0000;

const C1 = 0x239b961b;
const C2 = 0xab0e9789 | 0;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93 | 0;

/** Bytes that `mix` hashes; MurmurHash3 folds the length into its result. */
const MIX_BYTES = 32;

/** Bytes of a string that are encoded before they are hashed; any multiple of 16, only memory against calls. */
const CHUNK_BYTES = 1024;

// The running computation and, after `mixField` or a digest, its result, as int32. The kernel is single threaded and
// nothing here calls out, so module variables are safe, and no result object is allocated.
export let h1 = 0;
export let h2 = 0;
export let h3 = 0;
export let h4 = 0;
// State after the first block of the row of `beginRow`.
let row1 = 0;
let row2 = 0;
let row3 = 0;
let row4 = 0;

/** One 16-byte block of MurmurHash3_x86_128 on h1..h4. */
function absorb(w1: number, w2: number, w3: number, w4: number): void {
  let k = Math.imul(w1, C1);
  k = Math.imul((k << 15) | (k >>> 17), C2);
  let a = h1 ^ k;
  a = ((a << 19) | (a >>> 13)) + h2;
  a = (Math.imul(a, 5) + 0x561ccd1b) | 0;
  k = Math.imul(w2, C2);
  k = Math.imul((k << 16) | (k >>> 16), C3);
  let b = h2 ^ k;
  b = ((b << 17) | (b >>> 15)) + h3;
  b = (Math.imul(b, 5) + 0x0bcaa747) | 0;
  k = Math.imul(w3, C3);
  k = Math.imul((k << 17) | (k >>> 15), C4);
  let c = h3 ^ k;
  c = ((c << 15) | (c >>> 17)) + h4;
  c = (Math.imul(c, 5) + 0x96cd1c35) | 0;
  k = Math.imul(w4, C4);
  k = Math.imul((k << 18) | (k >>> 14), C1);
  let d = h4 ^ k;
  d = ((d << 13) | (d >>> 19)) + a;
  d = (Math.imul(d, 5) + 0x32ac3b17) | 0;
  h1 = a;
  h2 = b;
  h3 = c;
  h4 = d;
}

/** The last, partial block: no rotation of the state, only the keys enter. */
function absorbTail(w1: number, w2: number, w3: number, w4: number): void {
  let k = Math.imul(w1, C1);
  h1 ^= Math.imul((k << 15) | (k >>> 17), C2);
  k = Math.imul(w2, C2);
  h2 ^= Math.imul((k << 16) | (k >>> 16), C3);
  k = Math.imul(w3, C3);
  h3 ^= Math.imul((k << 17) | (k >>> 15), C4);
  k = Math.imul(w4, C4);
  h4 ^= Math.imul((k << 18) | (k >>> 14), C1);
}

/** MurmurHash3's 32-bit finaliser, as int32. */
export function scramble(word: number): number {
  let h = word ^ (word >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function finish(byteLength: number): void {
  let b = h2 ^ byteLength;
  let c = h3 ^ byteLength;
  let d = h4 ^ byteLength;
  let a = ((h1 ^ byteLength) + b + c + d) | 0;
  b = (b + a) | 0;
  c = (c + a) | 0;
  d = (d + a) | 0;
  a = scramble(a);
  b = scramble(b);
  c = scramble(c);
  d = scramble(d);
  a = (a + b + c + d) | 0;
  h1 = a;
  h2 = (b + a) | 0;
  h3 = (c + a) | 0;
  h4 = (d + a) | 0;
}

/** Low 32 bits of a safe integer in two's complement, as int32. Exact for every safe integer, also below zero. */
export function lowWord(value: number): number {
  return value | 0;
}

/** Bits 32 to 63 of a safe integer in two's complement, as int32. Exact: dividing by 2^32 only moves the exponent. */
export function highWord(value: number): number {
  const low = value | 0;
  return value === low ? low >> 31 : Math.floor(value / TWO_32) | 0;
}

/**
 * Chooses the row whose fields the next calls of `mixField` hash: table 0..2^32-1, keyA 0..2^53-1, keyB 0..2^32-1.
 * The choice is one for the whole module, and holds until the next one; digests leave it as it is.
 */
export function beginRow(table: number, keyA: number, keyB: number): void {
  if (keyA < 0 || !Number.isSafeInteger(keyA)) throw new Error('assertion failed: keyA is not a safe integer >= 0');
  h1 = 0;
  h2 = 0;
  h3 = 0;
  h4 = 0;
  absorb(table, keyA | 0, highWord(keyA), keyB);
  row1 = h1;
  row2 = h2;
  row3 = h3;
  row4 = h4;
}

/** Computes `mix` of one field of the row of `beginRow`; `StateHash.addMixed` and `subtractMixed` take the result. */
export function mixField(field: number, low: number, high: number): void {
  // `absorb(field, low, high, 0)` and `finish(32)` again, but in local variables: this is the kernel's hottest code.
  let k = Math.imul(field, C1);
  let a = row1 ^ Math.imul((k << 15) | (k >>> 17), C2);
  a = (Math.imul(((a << 19) | (a >>> 13)) + row2, 5) + 0x561ccd1b) | 0;
  k = Math.imul(low, C2);
  let b = row2 ^ Math.imul((k << 16) | (k >>> 16), C3);
  b = (Math.imul(((b << 17) | (b >>> 15)) + row3, 5) + 0x0bcaa747) | 0;
  k = Math.imul(high, C3);
  let c = row3 ^ Math.imul((k << 17) | (k >>> 15), C4);
  c = (Math.imul(((c << 15) | (c >>> 17)) + row4, 5) + 0x96cd1c35) | 0;
  let d = (Math.imul(((row4 << 13) | (row4 >>> 19)) + a, 5) + 0x32ac3b17) | 0;
  b ^= MIX_BYTES;
  c ^= MIX_BYTES;
  d ^= MIX_BYTES;
  a = ((a ^ MIX_BYTES) + b + c + d) | 0;
  b = scramble((b + a) | 0);
  c = scramble((c + a) | 0);
  d = scramble((d + a) | 0);
  a = (scramble(a) + b + c + d) | 0;
  h1 = a;
  h2 = (b + a) | 0;
  h3 = (c + a) | 0;
  h4 = (d + a) | 0;
}

/** `mixField` for a safe integer, negative allowed. */
export function mixValue(field: number, value: number): void {
  const low = value | 0;
  if (low === value) {
    mixField(field, low, low >> 31);
    return;
  }
  if (!Number.isSafeInteger(value)) throw new Error('assertion failed: value is not a safe integer');
  mixField(field, low, Math.floor(value / TWO_32) | 0);
}

/** Absorbs the bytes up to `to`, a whole number of 16-byte blocks. */
function absorbBlocks(bytes: Uint8Array, to: number): void {
  for (let i = 0; i < to; i += 16) {
    absorb(wordAt(bytes, i), wordAt(bytes, i + 4), wordAt(bytes, i + 8), wordAt(bytes, i + 12));
  }
}

/** Four bytes as a little-endian int32. */
function wordAt(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

/** The same of bytes that end before `end`; what is past it counts as 0. */
function lastWordAt(bytes: Uint8Array, at: number, end: number): number {
  let word = 0;
  for (let i = Math.min(at + 4, end) - 1; i >= at; i--) word = (word << 8) | bytes[i]!;
  return word;
}

function clear(): void {
  h1 = 0;
  h2 = 0;
  h3 = 0;
  h4 = 0;
}

/** Absorbs the rest (0 to 15 bytes) from `from` to `end` and finishes a digest of `byteLength` bytes. */
function finishTail(bytes: Uint8Array, from: number, end: number, byteLength: number): void {
  absorbTail(
    lastWordAt(bytes, from, end),
    lastWordAt(bytes, from + 4, end),
    lastWordAt(bytes, from + 8, end),
    lastWordAt(bytes, from + 12, end),
  );
  finish(byteLength);
}

/** Digests the first `length` bytes; read the result with `digestKey` and `digestCheck`, or from h1 to h4. */
export function digestBytes(bytes: Uint8Array, length = bytes.length): void {
  clear();
  const whole = length & ~15;
  absorbBlocks(bytes, whole);
  finishTail(bytes, whole, length, length);
}

const chunk = new Uint8Array(CHUNK_BYTES);

// How much of the chunk waits to be absorbed, and how many bytes were before.
let filled = 0;
let absorbed = 0;

/** Digests the UTF-8 form of a string; a lone surrogate counts as U+FFFD. Read the result as of `digestBytes`. */
export function digestString(text: string): void {
  beginText();
  absorbText(text);
  finishText();
}

/** Digests three strings with a NUL character between them, without making one of them. */
export function digestJoined(first: string, second: string, third: string): void {
  beginText();
  absorbText(first);
  absorbText('\u0000');
  absorbText(second);
  absorbText('\u0000');
  absorbText(third);
  finishText();
}

function beginText(): void {
  clear();
  filled = 0;
  absorbed = 0;
}

function absorbText(text: string): void {
  let at = filled;
  for (let i = 0; i < text.length; i++) {
    let code = text.charCodeAt(i);
    if (code >= 0xd800 && code <= 0xdfff) {
      const next = i + 1 < text.length ? text.charCodeAt(i + 1) : 0;
      if (code <= 0xdbff && next >= 0xdc00 && next <= 0xdfff) {
        code = 0x10000 + ((code - 0xd800) << 10) + (next - 0xdc00);
        i += 1;
      } else {
        code = 0xfffd;
      }
    }
    if (at > CHUNK_BYTES - 4) {
      const whole = at & ~15;
      absorbBlocks(chunk, whole);
      chunk.copyWithin(0, whole, at);
      absorbed += whole;
      at -= whole;
    }
    at = encode(code, at);
  }
  filled = at;
}

function finishText(): void {
  const whole = filled & ~15;
  absorbBlocks(chunk, whole);
  finishTail(chunk, whole, filled, absorbed + filled);
}

/** Writes a code point as UTF-8 at `at` of the chunk; returns the position after it. */
function encode(code: number, at: number): number {
  if (code < 0x80) {
    chunk[at] = code;
    return at + 1;
  }
  if (code < 0x800) {
    chunk[at] = 0xc0 | (code >> 6);
    chunk[at + 1] = 0x80 | (code & 0x3f);
    return at + 2;
  }
  if (code < 0x10000) {
    chunk[at] = 0xe0 | (code >> 12);
    chunk[at + 1] = 0x80 | ((code >> 6) & 0x3f);
    chunk[at + 2] = 0x80 | (code & 0x3f);
    return at + 3;
  }
  chunk[at] = 0xf0 | (code >> 18);
  chunk[at + 1] = 0x80 | ((code >> 12) & 0x3f);
  chunk[at + 2] = 0x80 | ((code >> 6) & 0x3f);
  chunk[at + 3] = 0x80 | (code & 0x3f);
  return at + 4;
}

/** The first 53 bits of the last digest as a safe integer: h1 * 2^21 + the top 21 bits of h2. A keyA. */
export function digestKey(): number {
  return (h1 >>> 0) * TWO_21 + (h2 >>> 11);
}

/** 32 more bits of the last digest (h3), independent of `digestKey`. A keyB: 85 bits together. */
export function digestCheck(): number {
  return h3 >>> 0;
}
