/**
 * The state hash: sum modulo 2^128, over all fields of all rows that differ from their default, of
 * `mix(table, keyA, keyB, field, value)`. Adding and subtracting commute, so it costs two mixes to change a field, and it
 * does not depend on the order of changes.
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

import { digestKey, digestString, h1, h2, h3, h4, mixValue } from '../../catalogue/murmur.js';

const TWO_32 = 0x1_0000_0000;

/** A sum modulo 2^128 of mixes; the empty sum is zero. */
export class StateHash {
  /** Four 32-bit words of one 128-bit number; lane 0 is the most significant. */
  readonly lanes = new Uint32Array(4);

  /** Adds a field of the row of the last `beginRow`; only one that differs from 0 belongs into the sum. */
  add(field: number, value: number): void {
    mixValue(field, value);
    this.#add(h1, h2, h3, h4);
  }

  /**
   * Adds sums of the four words of mixes, each word summed up for itself and not carried, and below zero where more was
   * taken away than added: exact below two million mixes. Carrying with every mix costs as much as the mix.
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
}

/** A string field's value in the hash: a 53-bit digest, 0 for the empty string. */
export function stringValue(value: string): number {
  if (value === '') return 0;
  digestString(value);
  const key = digestKey();
  return key === 0 ? 1 : key;
}
