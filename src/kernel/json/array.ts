/** Arrays of valid JSON text. A fan-out over 100,000 items indexes them once with `itemsOf`. */
import { type Span, skipSpace, skipValue } from './span.js';

/** Number of items, or -1 if the value is no array. Linear in the value's length. */
export function arrayLength(bytes: Uint8Array, span: Span): number {
  if (bytes[span.start] !== 0x5b) return -1;
  let length = 0;
  for (let at = firstItem(bytes, span.start); at >= 0; at = nextItem(bytes, skipValue(bytes, at))) length += 1;
  return length;
}

/** All items of an array in order, start and end of each after the other (2 numbers an item); null if it is none. */
export function itemsOf(bytes: Uint8Array, span: Span): Uint32Array | null {
  if (bytes[span.start] !== 0x5b) return null;
  let spans = new Uint32Array(64);
  let used = 0;
  for (let at = firstItem(bytes, span.start); at >= 0; ) {
    const end = skipValue(bytes, at);
    if (used === spans.length) {
      const larger = new Uint32Array(used * 2);
      larger.set(spans);
      spans = larger;
    }
    spans[used++] = at;
    spans[used++] = end;
    at = nextItem(bytes, end);
  }
  return spans.subarray(0, used);
}

/** Offset of the first item of the array that starts at `start`, or -1. */
export function firstItem(bytes: Uint8Array, start: number): number {
  const at = skipSpace(bytes, start + 1);
  return bytes[at] === 0x5d || at >= bytes.length ? -1 : at;
}

/** Offset of the item after the one that ends before `end`, or -1. */
export function nextItem(bytes: Uint8Array, end: number): number {
  const at = skipSpace(bytes, end);
  return bytes[at] === 0x2c ? skipSpace(bytes, at + 1) : -1;
}
