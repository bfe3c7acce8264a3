/**
 * Keys of the store. Their byte order is the order of what they encode, so one DAG's rows of one kind are one range. Some
 * rows have no key of their own: they are a part of their DAG's value (`scheduler/rows/dag-values.ts`).
 *
 *     row        [0x01] [table u8] [keyA 7 bytes] [keyB u32]
 *     job block  [0x02] [dag 7 bytes] [block u32]
 *     cold row   [0x03] [kind u8] [dag 7 bytes] [a u32] [b u32]
 *
 * All numbers are big-endian and not negative; seven bytes hold every safe integer. 0x00 and 0xff as first
 * bytes are the adapter's own.
 */

const ROW = 0x01;
const JOB_BLOCK = 0x02;
const COLD = 0x03;

/** Bytes of keys of rows, of blocks of jobs, and of cold rows. */
export const ROW_BYTES = 13;
export const JOB_BLOCK_BYTES = 12;
export const COLD_BYTES = 17;

/** A half-open range of keys, `from <= key < to`. */
export interface KeyRange {
  readonly from: Uint8Array;
  readonly to: Uint8Array;
}

/** What a key stands for. */
export type StoreKey =
  | { readonly space: 'row'; readonly table: number; readonly keyA: number; readonly keyB: number }
  | { readonly space: 'jobs'; readonly dag: number; readonly block: number }
  | { readonly space: 'cold'; readonly kind: number; readonly dag: number; readonly a: number; readonly b: number };

/** Key of a row of a table of the state; written into `key` where that is given. */
export function rowKey(table: number, keyA: number, keyB: number, key = new Uint8Array(ROW_BYTES)): Uint8Array {
  key[0] = ROW;
  putByte(key, 1, table);
  putLong(key, 2, keyA);
  putInt(key, 9, keyB);
  return key;
}

/** Key of a block of a DAG's jobs; written into `key` where that is given. */
export function jobBlockKey(dag: number, block: number, key = new Uint8Array(JOB_BLOCK_BYTES)): Uint8Array {
  key[0] = JOB_BLOCK;
  putLong(key, 1, dag);
  putInt(key, 8, block);
  return key;
}

/**
 * Key of a cold row, written into `key` where that is given: `a` and `b` mean what its kind says, for instance a job and
 * an attempt.
 */
export function coldKey(
  kind: number,
  dag: number,
  a: number,
  b: number,
  key: Uint8Array = new Uint8Array(COLD_BYTES),
): Uint8Array {
  key[0] = COLD;
  putByte(key, 1, kind);
  putLong(key, 2, dag);
  putInt(key, 9, a);
  putInt(key, 13, b);
  return key;
}

/** What the bytes stand for, or null if they are no key of this layout. */
export function decodeKey(key: Uint8Array): StoreKey | null {
  if (key[0] === ROW && key.length === ROW_BYTES) {
    return { space: 'row', table: key[1]!, keyA: getLong(key, 2), keyB: getInt(key, 9) };
  }
  if (key[0] === JOB_BLOCK && key.length === JOB_BLOCK_BYTES) {
    return { space: 'jobs', dag: getLong(key, 1), block: getInt(key, 8) };
  }
  if (key[0] === COLD && key.length === COLD_BYTES) {
    return { space: 'cold', kind: key[1]!, dag: getLong(key, 2), a: getInt(key, 9), b: getInt(key, 13) };
  }
  return null;
}

/** All rows of all tables. */
export function allRows(): KeyRange {
  return rangeOf(Uint8Array.of(ROW));
}

/** All blocks of a DAG's jobs. */
export function jobBlocksOf(dag: number): KeyRange {
  return rangeOf(jobBlockKey(dag, 0).subarray(0, 8));
}

/** All blocks of jobs of the DAGs from one to another. */
export function jobBlocksBetween(first: number, last: number): KeyRange {
  return { from: jobBlocksOf(first).from, to: jobBlocksOf(last).to };
}

/** All cold rows of a kind of the DAGs from one to another. */
export function coldBetween(kind: number, first: number, last: number): KeyRange {
  return { from: coldOf(kind, first).from, to: coldOf(kind, last).to };
}

/** All cold rows of all kinds. */
export function allCold(): KeyRange {
  return rangeOf(Uint8Array.of(COLD));
}

/** All cold rows of a kind of one DAG. */
export function coldOf(kind: number, dag: number): KeyRange {
  return rangeOf(coldKey(kind, dag, 0, 0).subarray(0, 9));
}

/** Every key that is not the adapter's own. */
export function everything(): KeyRange {
  return { from: Uint8Array.of(ROW), to: Uint8Array.of(0xff) };
}

/** Unsigned byte order: negative, 0 or positive; a prefix comes before what it begins. */
export function compareKeys(a: Uint8Array, b: Uint8Array): number {
  const length = a.length < b.length ? a.length : b.length;
  for (let i = 0; i < length; i++) {
    const difference = a[i]! - b[i]!;
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** The keys that begin with `prefix`: up to the prefix plus one, in its last byte that can be raised. */
function rangeOf(prefix: Uint8Array): KeyRange {
  let last = prefix.length - 1;
  while (prefix[last] === 0xff) last -= 1;
  const to = prefix.slice(0, last + 1);
  to[last]! += 1;
  return { from: prefix, to };
}

function putByte(key: Uint8Array, at: number, value: number): void {
  if (value !== (value & 0xff)) throw new Error(`assertion failed: ${value} is not a byte of a key`);
  key[at] = value;
}

function putInt(key: Uint8Array, at: number, value: number): void {
  if (value !== value >>> 0) throw new Error(`assertion failed: ${value} is not a 32-bit number of a key`);
  key[at] = value >>> 24;
  key[at + 1] = value >>> 16;
  key[at + 2] = value >>> 8;
  key[at + 3] = value;
}

function putLong(key: Uint8Array, at: number, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`assertion failed: ${value} is no number of a key`);
  const high = Math.floor(value / 0x1_0000_0000);
  key[at] = high >>> 16;
  key[at + 1] = high >>> 8;
  key[at + 2] = high;
  putInt(key, at + 3, value >>> 0);
}

function getInt(key: Uint8Array, at: number): number {
  return ((key[at]! << 24) | (key[at + 1]! << 16) | (key[at + 2]! << 8) | key[at + 3]!) >>> 0;
}

function getLong(key: Uint8Array, at: number): number {
  return ((key[at]! << 16) | (key[at + 1]! << 8) | key[at + 2]!) * 0x1_0000_0000 + getInt(key, at + 3);
}
