/**
 * CRC32C (Castagnoli; reflected polynomial 0x82F63B78, as in iSCSI, RFC 3720 B.4), sixteen bytes at a time by sixteen
 * tables ("slicing", Kounavis and Berry, 2008). It finds damage, not tampering.
 */

const POLYNOMIAL = 0x82f63b78;

/** Table k, at 256 * k, moves a byte past k more bytes of zeros. One array: its bounds are checked once, and cheaply. */
const TABLES = makeTables();

function makeTables(): Int32Array {
  const tables = new Int32Array(16 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) !== 0 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    tables[byte] = crc;
  }
  for (let i = 256; i < tables.length; i++) {
    const before = tables[i - 256]!;
    tables[i] = (before >>> 8) ^ tables[before & 0xff]!;
  }
  return tables;
}

/** Words are read as they stand in memory on machines that are little-endian, as almost all are. */
const LITTLE_ENDIAN = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

/** From so many bytes on, a view of words is worth being made. */
const WORTH_A_VIEW_BYTES = 128;

/**
 * CRC32C of `bytes[from, to)` as an unsigned 32-bit number; twice as fast where they begin at a multiple of 4 in memory.
 * `before` is the CRC of what stands in front of these bytes, so that a message can be given in parts; 0 for none.
 */
export function crc32c(bytes: Uint8Array, from = 0, to: number = bytes.length, before = 0): number {
  const t = TABLES;
  let crc = ~before;
  let i = from;
  const start = bytes.byteOffset + from;
  if (LITTLE_ENDIAN && (start & 3) === 0 && to - from >= WORTH_A_VIEW_BYTES) {
    const words = new Int32Array(bytes.buffer, start, ((to - from) >>> 4) << 2);
    crc = ofWords(crc, words);
    i += words.length << 2;
  }
  for (; i + 16 <= to; i += 16) {
    const head = crc ^ (bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24));
    crc =
      t[3840 + (head & 0xff)]! ^
      t[3584 + ((head >>> 8) & 0xff)]! ^
      t[3328 + ((head >>> 16) & 0xff)]! ^
      t[3072 + (head >>> 24)]! ^
      t[2816 + bytes[i + 4]!]! ^
      t[2560 + bytes[i + 5]!]! ^
      t[2304 + bytes[i + 6]!]! ^
      t[2048 + bytes[i + 7]!]! ^
      t[1792 + bytes[i + 8]!]! ^
      t[1536 + bytes[i + 9]!]! ^
      t[1280 + bytes[i + 10]!]! ^
      t[1024 + bytes[i + 11]!]! ^
      t[768 + bytes[i + 12]!]! ^
      t[512 + bytes[i + 13]!]! ^
      t[256 + bytes[i + 14]!]! ^
      t[bytes[i + 15]!]!;
  }
  for (; i < to; i++) crc = t[(crc ^ bytes[i]!) & 0xff]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** Four words at a time; their number is a multiple of 4. */
function ofWords(start: number, words: Int32Array): number {
  const t = TABLES;
  let crc = start;
  for (let i = 0; i + 4 <= words.length; i += 4) {
    const a = crc ^ words[i]!;
    const b = words[i + 1]!;
    const c = words[i + 2]!;
    const d = words[i + 3]!;
    crc =
      t[3840 + (a & 0xff)]! ^
      t[3584 + ((a >>> 8) & 0xff)]! ^
      t[3328 + ((a >>> 16) & 0xff)]! ^
      t[3072 + (a >>> 24)]! ^
      t[2816 + (b & 0xff)]! ^
      t[2560 + ((b >>> 8) & 0xff)]! ^
      t[2304 + ((b >>> 16) & 0xff)]! ^
      t[2048 + (b >>> 24)]! ^
      t[1792 + (c & 0xff)]! ^
      t[1536 + ((c >>> 8) & 0xff)]! ^
      t[1280 + ((c >>> 16) & 0xff)]! ^
      t[1024 + (c >>> 24)]! ^
      t[768 + (d & 0xff)]! ^
      t[512 + ((d >>> 8) & 0xff)]! ^
      t[256 + ((d >>> 16) & 0xff)]! ^
      t[d >>> 24]!;
  }
  return crc;
}
