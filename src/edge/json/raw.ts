/**
 * Finds members of JSON text without changing a byte of them: user JSON is kept as it was received.
 *
 * Every function here takes text that `JSON.parse` has accepted; on other text the positions mean nothing. Like
 * `JSON.parse`, of repeated keys the last one counts.
 */
import { JSON_DEPTH } from '../limits.js';

/** A value's nesting is deeper than the edge takes. */
export class TooDeep extends Error {
  constructor() {
    super(`JSON is nested deeper than ${JSON_DEPTH}`);
  }
}

const QUOTE = 34;
const COMMA = 44;
const OPEN_ARRAY = 91;
const BACKSLASH = 92;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
const SPACE = 32;

/** Strings up to this length are looked through here: a search by the runtime pays only for longer ones. */
const SHORT_CHARS = 24;

/** First position from `at` on that is not white space. */
export function skipSpace(text: string, at: number): number {
  let i = at;
  while (text.charCodeAt(i) <= SPACE) i++;
  return i;
}

/** Position after the string that begins at `at`. */
export function skipString(text: string, at: number): number {
  const near = at + SHORT_CHARS;
  let i = at + 1;
  for (; i < near; i++) {
    const c = text.charCodeAt(i);
    if (c === QUOTE) return i + 1;
    if (c === BACKSLASH) i++;
  }
  for (;;) {
    const quote = text.indexOf('"', i);
    let slashes = 0;
    while (quote - slashes > i && text.charCodeAt(quote - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return quote + 1;
    i = quote + 1;
  }
}

/** Position after the value that begins at `at`. Throws `TooDeep`. */
export function skipValue(text: string, at: number): number {
  const first = text.charCodeAt(at);
  if (first === QUOTE) return skipString(text, at);
  if (first !== OPEN_OBJECT && first !== OPEN_ARRAY) return skipLiteral(text, at);
  let depth = 0;
  let i = at;
  for (;;) {
    const c = text.charCodeAt(i);
    if (c === QUOTE) {
      i = skipString(text, i);
      continue;
    }
    i++;
    if (c === OPEN_OBJECT || c === OPEN_ARRAY) {
      depth++;
      if (depth > JSON_DEPTH) throw new TooDeep();
    } else if (c === CLOSE_OBJECT || c === CLOSE_ARRAY) {
      depth--;
      if (depth === 0) return i;
    }
  }
}

/** Position after the number, true, false or null that begins at `at`. */
function skipLiteral(text: string, at: number): number {
  let i = at;
  for (; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === COMMA || c === CLOSE_OBJECT || c === CLOSE_ARRAY || c <= SPACE) break;
  }
  return i;
}

/** Takes the member whose key stands between two positions, quotes included; returns the position after its value. */
export type OnMember = (keyAt: number, keyEnd: number, at: number) => number;

/** Goes through the members of the object that begins at `at`; returns the position after it. */
export function eachMember(text: string, at: number, onMember: OnMember): number {
  let i = skipSpace(text, at + 1);
  while (text.charCodeAt(i) !== CLOSE_OBJECT) {
    const keyEnd = skipString(text, i);
    const colon = skipSpace(text, keyEnd);
    i = skipSpace(text, onMember(i, keyEnd, skipSpace(text, colon + 1)));
    if (text.charCodeAt(i) === COMMA) i = skipSpace(text, i + 1);
  }
  return i + 1;
}

/** Takes the element whose value begins at `at`; returns the position after the value. */
export type OnElement = (index: number, at: number) => number;

/** Goes through the elements of the array that begins at `at`; returns the position after it. */
export function eachElement(text: string, at: number, onElement: OnElement): number {
  let i = skipSpace(text, at + 1);
  for (let index = 0; text.charCodeAt(i) !== CLOSE_ARRAY; index++) {
    i = skipSpace(text, onElement(index, i));
    if (text.charCodeAt(i) === COMMA) i = skipSpace(text, i + 1);
  }
  return i + 1;
}

/** Whether the key between the positions is `name`, whose text in quotes is `quoted`. */
export function isKey(text: string, keyAt: number, keyEnd: number, quoted: string): boolean {
  if (keyEnd - keyAt === quoted.length) return text.startsWith(quoted, keyAt);
  // A key of another length is the same name only where it is written with escapes, which make it longer.
  return keyEnd - keyAt > quoted.length && keyOf(text, keyAt, keyEnd) === quoted.slice(1, -1);
}

/** The key between the positions. */
export function keyOf(text: string, keyAt: number, keyEnd: number): string {
  const raw = text.slice(keyAt + 1, keyEnd - 1);
  return raw.includes('\\') ? (JSON.parse(text.slice(keyAt, keyEnd)) as string) : raw;
}

/** Text of the member `name` of the object that `text` is, or null where it has none. Throws `TooDeep`. */
export function rawMember(text: string, name: string): string | null {
  const quoted = `"${name}"`;
  let from = -1;
  let to = -1;
  eachMember(text, skipSpace(text, 0), (keyAt, keyEnd, at) => {
    const end = skipValue(text, at);
    if (isKey(text, keyAt, keyEnd, quoted)) {
      from = at;
      to = end;
    }
    return end;
  });
  return from < 0 ? null : text.slice(from, to);
}

/** Whether the value that begins at `at` is an object. */
export function isObjectAt(text: string, at: number): boolean {
  return text.charCodeAt(at) === OPEN_OBJECT;
}

/** Whether the value that begins at `at` is an array. */
export function isArrayAt(text: string, at: number): boolean {
  return text.charCodeAt(at) === OPEN_ARRAY;
}
