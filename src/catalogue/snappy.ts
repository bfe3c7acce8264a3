/**
 * Unpacks a block that was packed with Snappy (google/snappy, format_description.txt): the length as a varint, then
 * literals and copies of what was unpacked before. Anybody may have written it, so it is ours: libraries without native
 * parts go round in circles on a literal of more than 2 GiB, and give whatever there is of a block that ends early.
 *
 * Throws for what is no such block, and for one that says to come to more than `mostBytes`; without that, than it can.
 */
export function unpackSnappy(packed: Uint8Array, mostBytes = MOST_OF_A_BYTE * packed.length): Buffer {
  const { value: size, next } = varintAt(packed, 0);
  if (size > mostBytes) throw new Error(`a block of snappy says to come to more than ${mostBytes} bytes`);
  const out = Buffer.alloc(size);
  let at = next;
  let to = 0;
  while (at < packed.length) {
    const tag = packed[at++]!;
    const kind = tag & 3;
    if (kind === 0) {
      // A literal: its length less one in six bits, or, from 60 on, in the one to four bytes that follow.
      const bytes = Math.max(0, (tag >>> 2) - 59);
      const length = (bytes === 0 ? tag >>> 2 : little(packed, at, bytes)) + 1;
      at += bytes;
      if (at + length > packed.length || to + length > size) throw damaged();
      for (const end = at + length; at < end; ) out[to++] = packed[at++]!;
      continue;
    }
    // A copy: with an offset of 11, 16 or 32 bits.
    const bytes = OFFSET_BYTES[kind]!;
    const isNear = kind === 1;
    const length = isNear ? ((tag >>> 2) & 7) + 4 : (tag >>> 2) + 1;
    const offset = little(packed, at, bytes) + (isNear ? (tag >>> 5) << 8 : 0);
    at += bytes;
    if (at > packed.length || offset === 0 || offset > to || to + length > size) throw damaged();
    // Byte by byte: a copy may overlap what it writes, which repeats it.
    for (const end = to + length; to < end; to++) out[to] = out[to - offset]!;
  }
  if (to !== size) throw damaged();
  return out;
}

/** Of the bytes behind a tag, how many are a copy's offset, by the kind that the tag's lowest bits say. */
const OFFSET_BYTES = [0, 1, 2, 4];

/** A copy makes 64 bytes of three, or twelve of two. */
const MOST_OF_A_BYTE = 22;

/** Seven bits a byte, the lowest first, and the highest bit of all but the last one: 32 bits at most. */
function varintAt(bytes: Uint8Array, from: number): { readonly value: number; readonly next: number } {
  let value = 0;
  for (let at = from, factor = 1; at < from + 5; at++, factor *= 128) {
    const byte = bytes[at] ?? 0x80;
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return { value, next: at + 1 };
  }
  throw damaged();
}

function little(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let i = count - 1; i >= 0; i--) value = value * 256 + (bytes[at + i] ?? 0);
  return value;
}

function damaged(): Error {
  return new Error('a block of snappy is cut off, points outside of itself, or is not as long as it says');
}
