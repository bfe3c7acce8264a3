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
const COLON = 58;
const OPEN_ARRAY = 91;
const BACKSLASH = 92;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
const SPACE = 32;

/** First position from `at` on that is not white space. */
export function skipSpace(text: string, at: number): number {
  let i = at;
  while (text.charCodeAt(i) <= SPACE) i++;
  return i;
}

/** Position after the string that begins at `at`. */
function skipString(text: string, at: number): number {
  let i = text.indexOf('"', at + 1);
  while (text.charCodeAt(i - 1) === BACKSLASH) {
    let slashes = 1;
    while (text.charCodeAt(i - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) break;
    i = text.indexOf('"', i + 1);
  }
  return i + 1;
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

/** Takes the member `key` whose value begins at `at`; returns the position after the value. */
export type OnMember = (key: string, at: number) => number;

/** Goes through the members of the object that begins at `at`; returns the position after it. */
export function eachMember(text: string, at: number, onMember: OnMember): number {
  let i = skipSpace(text, at + 1);
  while (text.charCodeAt(i) !== CLOSE_OBJECT) {
    const keyEnd = skipString(text, i);
    const key = keyOf(text, i, keyEnd);
    i = skipSpace(text, keyEnd);
    if (text.charCodeAt(i) === COLON) i = skipSpace(text, i + 1);
    i = skipSpace(text, onMember(key, i));
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

/** Text of the member `name` of the object that `text` is, or null where it has none. Throws `TooDeep`. */
export function rawMember(text: string, name: string): string | null {
  let raw: string | null = null;
  eachMember(text, skipSpace(text, 0), (key, at) => {
    const end = skipValue(text, at);
    if (key === name) raw = text.slice(at, end);
    return end;
  });
  return raw;
}

/** Whether the value that begins at `at` is an object. */
export function isObjectAt(text: string, at: number): boolean {
  return text.charCodeAt(at) === OPEN_OBJECT;
}

/** Whether the value that begins at `at` is an array. */
export function isArrayAt(text: string, at: number): boolean {
  return text.charCodeAt(at) === OPEN_ARRAY;
}

function keyOf(text: string, at: number, end: number): string {
  const raw = text.slice(at + 1, end - 1);
  return raw.includes('\\') ? (JSON.parse(text.slice(at, end)) as string) : raw;
}
