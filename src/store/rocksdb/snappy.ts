/**
 * Unpacks a block that was packed with Snappy (google/snappy, format_description.txt): the length as a varint, then
 * literals and copies of what was unpacked before. Null if the bytes are not that. RocksDB packs the indexes of its
 * tables so; checksums are verified before.
 */
export function unpack(packed: Uint8Array): Buffer | null {
  let at = 0;
  let size = 0;
  for (let factor = 1; ; factor *= 128) {
    const byte = packed[at++];
    if (byte === undefined || factor > 0x1000_0000) return null;
    size += (byte & 0x7f) * factor;
    if (byte < 0x80) break;
  }
  const out = Buffer.alloc(size);
  let to = 0;
  while (at < packed.length) {
    const tag = packed[at++]!;
    if ((tag & 3) === 0) {
      // A literal: its length less one in six bits, or, from 60 on, in the one to four bytes that follow.
      let length = tag >>> 2;
      if (length >= 60) {
        const bytes = length - 59;
        length = little(packed, at, bytes);
        at += bytes;
      }
      length += 1;
      if (at + length > packed.length || to + length > size) return null;
      out.set(packed.subarray(at, at + length), to);
      at += length;
      to += length;
      continue;
    }
    const { length, offset, next } = copyOf(packed, at, tag);
    at = next;
    if (at > packed.length || offset === 0 || offset > to || to + length > size) return null;
    // Byte by byte: a copy may overlap what it writes, which repeats it.
    for (let i = 0; i < length; i++, to++) out[to] = out[to - offset]!;
  }
  return to === size ? out : null;
}

interface Copy {
  readonly length: number;
  readonly offset: number;
  readonly next: number;
}

/** The copy that a tag begins: with an offset of 11, 16 or 32 bits. */
function copyOf(packed: Uint8Array, at: number, tag: number): Copy {
  if ((tag & 3) === 1) {
    return { length: ((tag >>> 2) & 7) + 4, offset: ((tag >>> 5) << 8) | (packed[at] ?? 0), next: at + 1 };
  }
  const bytes = (tag & 3) === 2 ? 2 : 4;
  return { length: (tag >>> 2) + 1, offset: little(packed, at, bytes), next: at + bytes };
}

function little(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let i = count - 1; i >= 0; i--) value = value * 256 + (bytes[at + i] ?? 0);
  return value;
}
