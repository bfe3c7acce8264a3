/**
 * The state hash: sum modulo 2^128, over all fields of all rows that differ from their default, of
 * `mix(table, keyA, keyB, field, value)`. Adding and subtracting commute, so it costs two mixes to change a field, it
 * does not depend on the order of changes, and a sum over some rows can be taken away again in one go.
 *
 * `mix` is MurmurHash3_x86_128 (Appleby, 2011; public domain) with seed 0 over exactly 32 bytes, eight little-endian
 * 32-bit words. The key comes first, so that the first block is shared by all fields of a row:
 *
 *     word 0  table            word 4  field
 *     word 1  keyA, low 32     word 5  value, low 32   (two's complement, 64 bits)
 *     word 2  keyA, high 32    word 6  value, high 32
 *     word 3  keyB             word 7  0
 *
 * Its four result words h1 h2 h3 h4 are read as the number h1 * 2^96 + h2 * 2^64 + h3 * 2^32 + h4.
 * `schemas/vectors/state-hash.json` fixes all of this for readers in other languages. It finds divergence, not
 * tampering: an adversary can make collisions.
 */

import { beginRow, h1, h2, h3, h4, highWord, lowWord, mixField, mixValue, scramble } from '../catalogue/murmur.js';

export {
  beginRow,
  digestBytes,
  digestCheck,
  digestJoined,
  digestKey,
  digestString,
  h1,
  h2,
  h3,
  h4,
  highWord,
  lowWord,
  mixField,
  mixValue,
} from '../catalogue/murmur.js';

/**
 * Jitter of a retry's delay, 0 <= result < max(1, spanMs) (policy.md: Retries): with f = MurmurHash3's 32-bit
 * finaliser, f(f(f(a) ^ job) ^ attempt) as an unsigned number modulo the span. `a` is the low 32 bits of the DAG's
 * sequence number, XORed with f of its high bits; f(0) = 0, so below 2^32 it is the sequence number itself.
 */
export function jitter(dagSeq: number, job: number, attempt: number, spanMs: number): number {
  const a = lowWord(dagSeq) ^ scramble(highWord(dagSeq));
  const h = scramble(scramble(scramble(a) ^ job) ^ attempt) >>> 0;
  return spanMs > 1 ? h % spanMs : 0;
}

const TWO_32 = 0x1_0000_0000;

/** A sum modulo 2^128 of mixes; the empty sum is zero. */
export class StateHash {
  /** Four 32-bit words of one 128-bit number; lane 0 is the most significant. */
  readonly lanes: Uint32Array;

  /** Uses `lanes` (length 4, also a part of a larger array) as its storage, or zeros of its own. */
  constructor(lanes: Uint32Array = new Uint32Array(4)) {
    if (lanes.length !== 4) throw new Error('assertion failed: a state hash has four lanes');
    this.lanes = lanes;
  }

  /** Adds the result of the last `mixField` or `mixValue`. */
  addMixed(): void {
    this.#add(h1, h2, h3, h4);
  }

  /** Subtracts the result of the last `mixField` or `mixValue`. */
  subtractMixed(): void {
    this.#subtract(h1, h2, h3, h4);
  }

  /** Adds one field given as the two words of its value. */
  add(table: number, keyA: number, keyB: number, field: number, low: number, high: number): void {
    beginRow(table, keyA, keyB);
    mixField(field, low, high);
    this.#add(h1, h2, h3, h4);
  }

  /** Subtracts one field given as the two words of its value. */
  subtract(table: number, keyA: number, keyB: number, field: number, low: number, high: number): void {
    beginRow(table, keyA, keyB);
    mixField(field, low, high);
    this.#subtract(h1, h2, h3, h4);
  }

  /** Changes a field of the row of `beginRow`; a side that equals the field's default counts as absent. */
  change(field: number, from: number, to: number, byDefault: number): void {
    if (from === to) return;
    if (from !== byDefault) {
      mixValue(field, from);
      this.#subtract(h1, h2, h3, h4);
    }
    if (to !== byDefault) {
      mixValue(field, to);
      this.#add(h1, h2, h3, h4);
    }
  }

  /**
   * Adds sums of the four words of mixes, each word summed up for itself and not carried: exact below two million
   * mixes. Carrying with every mix costs as much as the mix.
   */
  addSums(sum1: number, sum2: number, sum3: number, sum4: number): void {
    const sums = [sum1, sum2, sum3, sum4];
    let carry = 0;
    for (let lane = 3; lane >= 0; lane--) {
      const word = this.lanes[lane]! + sums[lane]! + carry;
      carry = Math.floor(word / TWO_32);
      this.lanes[lane] = word - carry * TWO_32;
    }
  }

  /** Adds another sum: four lanes of `lanes` from `offset` on. */
  addSum(lanes: Uint32Array, offset = 0): void {
    this.#add(lanes[offset]! | 0, lanes[offset + 1]! | 0, lanes[offset + 2]! | 0, lanes[offset + 3]! | 0);
  }

  /** Subtracts another sum, for example all rows of a DAG that is forgotten. */
  subtractSum(lanes: Uint32Array, offset = 0): void {
    this.#subtract(lanes[offset]! | 0, lanes[offset + 1]! | 0, lanes[offset + 2]! | 0, lanes[offset + 3]! | 0);
  }

  equals(other: StateHash): boolean {
    const a = this.lanes;
    const b = other.lanes;
    return a[0] === b[0] && a[1] === b[1] && a[2] === b[2] && a[3] === b[3];
  }

  isZero(): boolean {
    const a = this.lanes;
    return (a[0]! | a[1]! | a[2]! | a[3]!) === 0;
  }

  clear(): void {
    this.lanes.fill(0);
  }

  /** An independent copy, for `restore`. */
  copy(): StateHash {
    return new StateHash(this.lanes.slice());
  }

  /** Takes the value of another sum. */
  restore(from: StateHash): void {
    this.lanes.set(from.lanes);
  }

  /** The number as 16 bytes, most significant first. */
  toBytes(): Uint8Array {
    const bytes = new Uint8Array(16);
    for (let i = 0; i < 16; i++) bytes[i] = this.lanes[i >> 2]! >>> (24 - 8 * (i & 3));
    return bytes;
  }

  /** Takes the value that `toBytes` wrote. */
  fromBytes(bytes: Uint8Array): void {
    if (bytes.length !== 16) throw new Error('assertion failed: a state hash has 16 bytes');
    this.lanes.fill(0);
    for (let i = 0; i < 16; i++) this.lanes[i >> 2]! |= bytes[i]! << (24 - 8 * (i & 3));
  }

  /** Whether the 16 bytes stand for this value. */
  equalsBytes(bytes: Uint8Array): boolean {
    if (bytes.length !== 16) return false;
    for (let i = 0; i < 16; i++) {
      if (bytes[i] !== ((this.lanes[i >> 2]! >>> (24 - 8 * (i & 3))) & 0xff)) return false;
    }
    return true;
  }

  // Carries are computed from the bits, not by comparing: they are random, and a mispredicted branch costs more than
  // the whole addition. Carry out of a + b + carry = sum: (a & b) | ((a | b) & ~sum), its top bit.
  #add(w1: number, w2: number, w3: number, w4: number): void {
    const lanes = this.lanes;
    const b0 = lanes[1]! | 0;
    const c0 = lanes[2]! | 0;
    const d0 = lanes[3]! | 0;
    const d = (d0 + w4) | 0;
    const c = (c0 + w3 + (((d0 & w4) | ((d0 | w4) & ~d)) >>> 31)) | 0;
    const b = (b0 + w2 + (((c0 & w3) | ((c0 | w3) & ~c)) >>> 31)) | 0;
    lanes[0] = (lanes[0]! + w1 + (((b0 & w2) | ((b0 | w2) & ~b)) >>> 31)) | 0;
    lanes[1] = b;
    lanes[2] = c;
    lanes[3] = d;
  }

  // Borrow out of a - b - borrow = difference: (~a & b) | ((~a | b) & difference), its top bit.
  #subtract(w1: number, w2: number, w3: number, w4: number): void {
    const lanes = this.lanes;
    const b0 = lanes[1]! | 0;
    const c0 = lanes[2]! | 0;
    const d0 = lanes[3]! | 0;
    const d = (d0 - w4) | 0;
    const c = (c0 - w3 - (((~d0 & w4) | ((~d0 | w4) & d)) >>> 31)) | 0;
    const b = (b0 - w2 - (((~c0 & w3) | ((~c0 | w3) & c)) >>> 31)) | 0;
    lanes[0] = (lanes[0]! - w1 - (((~b0 & w2) | ((~b0 | w2) & b)) >>> 31)) | 0;
    lanes[1] = b;
    lanes[2] = c;
    lanes[3] = d;
  }
}
