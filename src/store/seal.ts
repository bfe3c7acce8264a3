import { crc32c } from '../catalogue/crc32c.js';
import { hex } from '../catalogue/hex.js';
import { StoreCorrupt } from './errors.js';
import { wordAt } from './row-bytes.js';

/**
 * What adapters keep for a value: the value and, little-endian, the CRC32C of key and value. The key is covered too,
 * so that a value that turns up under another key is found out.
 */
export const SEAL_BYTES = 4;

/** Writes key's value with its seal into `target`, which has room; returns where it ends. */
export function sealInto(target: Uint8Array, key: Uint8Array, value: Uint8Array): number {
  target.set(value);
  const end = value.length;
  const crc = crc32c(value, 0, value.length, crc32c(key));
  target[end] = crc;
  target[end + 1] = crc >>> 8;
  target[end + 2] = crc >>> 16;
  target[end + 3] = crc >>> 24;
  return end + SEAL_BYTES;
}

/** The value that was sealed under this key, as a view on the same bytes; throws `StoreCorrupt`. */
export function unseal(key: Uint8Array, sealed: Uint8Array): Uint8Array {
  const end = sealed.length - SEAL_BYTES;
  if (end < 0)
    throw new StoreCorrupt(`the value of key ${hex(key)} has ${sealed.length} bytes, too few for its checksum`);
  if (crc32c(sealed, 0, end, crc32c(key)) !== wordAt(sealed, end)) {
    throw new StoreCorrupt(`the value of key ${hex(key)} does not have its checksum`);
  }
  return sealed.subarray(0, end);
}
