/** JSON pointers (RFC 6901) into valid JSON text. */
import { type Span, skipSpace, skipString, skipValue } from './span.js';
import { isText } from './units.js';

/** The unescaped reference tokens of a pointer ('' has none), or null if it is not well-formed. */
export function parsePointer(pointer: string): readonly string[] | null {
  if (pointer === '') return [];
  if (pointer[0] !== '/') return null;
  const tokens: string[] = [];
  for (const token of pointer.slice(1).split('/')) {
    if (/~(?![01])/.test(token)) return null;
    tokens.push(token.replaceAll('~1', '/').replaceAll('~0', '~'));
  }
  return tokens;
}

/** Escapes one reference token for a pointer. */
export function pointerToken(token: string): string {
  return token.replaceAll('~', '~0').replaceAll('/', '~1');
}

/**
 * The value at a pointer, or null where there is none: a key or index that does not exist, `-`, an index with leading
 * zeros, a token into a scalar, a pointer that is not well-formed. Of repeated keys the last counts, at every level.
 */
export function at(bytes: Uint8Array, pointer: string): Span | null {
  const tokens = parsePointer(pointer);
  return tokens === null ? null : find(bytes, tokens);
}

/** `at` with the tokens of `parsePointer`. One pass over the text, whatever its depth and the pointer's length. */
export function find(bytes: Uint8Array, tokens: readonly string[]): Span | null {
  // Containers on the way down, open at once: whether each is an object; of an array, how many items are to be passed.
  const inObject: boolean[] = [];
  const toPass: number[] = [];
  let found: Span | null = null;
  let offset = skipSpace(bytes, 0);
  for (;;) {
    // Here `offset` is a value on the way. What was found before lay under an earlier member of the same name.
    found = null;
    const first = bytes[offset];
    if (inObject.length < tokens.length && (first === 0x7b || first === 0x5b)) {
      toPass.push(indexOf(tokens[inObject.length]!));
      inObject.push(first === 0x7b);
      offset = skipSpace(bytes, offset + 1);
    } else {
      const end = skipValue(bytes, offset);
      if (inObject.length === tokens.length) found = { start: offset, end };
      offset = skipSpace(bytes, end);
    }
    offset = nextOnTheWay(bytes, offset, tokens, inObject, toPass);
    if (offset < 0) return found;
  }
}

/** The array index that a reference token stands for, or -1. */
export function indexOf(token: string): number {
  return /^(0|[1-9][0-9]{0,9})$/.test(token) ? Number(token) : -1;
}

/**
 * From behind a value or an opening bracket, skips to the next value that the tokens choose, closing containers that
 * end. Returns its offset, or -1 when all are closed.
 */
function nextOnTheWay(
  bytes: Uint8Array,
  offset: number,
  tokens: readonly string[],
  inObject: boolean[],
  toPass: number[],
): number {
  while (inObject.length > 0) {
    const level = inObject.length - 1;
    const c = bytes[offset];
    if (c === 0x2c) {
      offset = skipSpace(bytes, offset + 1);
    } else if (c === 0x7d || c === 0x5d || c === undefined) {
      inObject.pop();
      toPass.pop();
      offset = skipSpace(bytes, offset + 1);
      continue;
    }
    let chosen: boolean;
    if (inObject[level]) {
      chosen = isText(bytes, offset, tokens[level]!);
      offset = skipSpace(bytes, skipSpace(bytes, skipString(bytes, offset)) + 1);
    } else {
      chosen = toPass[level] === 0;
      toPass[level]! -= 1;
    }
    if (chosen) return offset;
    offset = skipSpace(bytes, skipValue(bytes, offset));
  }
  return -1;
}
