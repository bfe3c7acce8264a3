/** Where a varint ends and what it says. */
export interface Varint {
  readonly value: number;
  readonly end: number;
}

/**
 * A number in RocksDB's files: seven bits a byte, low ones first. Its value is exact below 2^53, which file numbers,
 * sizes and offsets are. Past the end of `bytes` it is 0, and ends where they end.
 */
export function varint(bytes: Uint8Array, from: number): Varint {
  let value = 0;
  let factor = 1;
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at]!;
    value += (byte & 0x7f) * factor;
    factor *= 128;
    if (byte < 0x80) return { value, end: at + 1 };
  }
  return { value: 0, end: bytes.length };
}

/** How RocksDB stores a CRC32C: rotated and moved, so that a CRC of data with CRCs in it is no trivial number. */
export function masked(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
