/**
 * Values inside valid JSON text as spans of its bytes. Nothing is decoded before it is asked for, and the bytes of a
 * span are the bytes as received. Every function here takes text that `validate` accepted.
 */
import { UnitReader } from './units.js';

/** The bytes of one value, without white space around it: from `start` to before `end`. */
export type Span = { readonly start: number; readonly end: number };

/** The six types of JSON, booleans as one. */
export type JsonType = 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null';

/** Type of the value that starts at an offset. */
export function typeAt(bytes: Uint8Array, start: number): JsonType {
  switch (bytes[start]) {
    case 0x7b:
      return 'object';
    case 0x5b:
      return 'array';
    case 0x22:
      return 'string';
    case 0x74:
    case 0x66:
      return 'boolean';
    case 0x6e:
      return 'null';
    default:
      return 'number';
  }
}

/** Offset of the first byte from `at` on that is no white space. */
export function skipSpace(bytes: Uint8Array, at: number): number {
  let c = bytes[at];
  while (c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09) c = bytes[++at];
  return at;
}

/** Offset behind the closing quote of the string that starts at `at`. */
export function skipString(bytes: Uint8Array, at: number): number {
  const length = bytes.length;
  for (let i = at + 1; i < length; i++) {
    const c = bytes[i];
    if (c === 0x5c) i += 1;
    else if (c === 0x22) return i + 1;
  }
  return length;
}

/** Offset behind the value that starts at `at`. Linear in the value's length, no recursion. */
export function skipValue(bytes: Uint8Array, at: number): number {
  const first = bytes[at];
  if (first === 0x22) return skipString(bytes, at);
  if (first === 0x7b || first === 0x5b) return skipContainer(bytes, at);
  const length = bytes.length;
  while (at < length) {
    const c = bytes[at]!;
    if (c === 0x2c || c === 0x5d || c === 0x7d || c <= 0x20) break;
    at += 1;
  }
  return at;
}

function skipContainer(bytes: Uint8Array, at: number): number {
  const length = bytes.length;
  let depth = 0;
  while (at < length) {
    const c = bytes[at];
    if (c === 0x22) {
      at = skipString(bytes, at);
      continue;
    }
    at += 1;
    if (c === 0x7b || c === 0x5b) depth += 1;
    else if ((c === 0x7d || c === 0x5d) && --depth === 0) break;
  }
  return at;
}

/** The whole text's value. */
export function rootSpan(bytes: Uint8Array): Span {
  const start = skipSpace(bytes, 0);
  return { start, end: skipValue(bytes, start) };
}

/** The bytes of a span, a view without a copy. */
export function bytesOf(bytes: Uint8Array, span: Span): Uint8Array {
  return bytes.subarray(span.start, span.end);
}

/** Characters that one call of `String.fromCharCode` takes at most; the arguments go onto the stack. */
const PLAIN_MAX = 1024;

/** The decoded text of a string value, lone surrogates of escapes as they are; null for any other type. */
export function textOf(bytes: Uint8Array, span: Span): string | null {
  if (bytes[span.start] !== 0x22) return null;
  const first = span.start + 1;
  const last = span.end - 1;
  if (last - first <= PLAIN_MAX && isPlain(bytes, first, last)) {
    return String.fromCharCode.apply(null, bytes.subarray(first, last) as unknown as number[]);
  }
  const reader = new UnitReader();
  reader.open(bytes, span.start);
  let text = '';
  for (let unit = reader.next(); unit >= 0; unit = reader.next()) text += String.fromCharCode(unit);
  return text;
}

/** Whether all bytes of a string stand for themselves. */
function isPlain(bytes: Uint8Array, first: number, last: number): boolean {
  for (let i = first; i < last; i++) {
    const c = bytes[i]!;
    if (c === 0x5c || c >= 0x80) return false;
  }
  return true;
}

/**
 * The members of an object by decoded key, in no order that may matter; of repeated keys the last counts. Null for
 * any other type. `__proto__` is a key like others.
 */
export function membersOf(bytes: Uint8Array, span: Span): ReadonlyMap<string, Span> | null {
  if (bytes[span.start] !== 0x7b) return null;
  const members = new Map<string, Span>();
  let at = skipSpace(bytes, span.start + 1);
  while (bytes[at] === 0x22) {
    const keyEnd = skipString(bytes, at);
    const key = textOf(bytes, { start: at, end: keyEnd })!;
    const start = skipSpace(bytes, skipSpace(bytes, keyEnd) + 1);
    const end = skipValue(bytes, start);
    members.set(key, { start, end });
    at = skipSpace(bytes, end);
    if (bytes[at] === 0x2c) at = skipSpace(bytes, at + 1);
  }
  return members;
}
