/** Pieces of JSON text, for the generated projections. */
import { isUtf8 } from 'node:buffer';
import { asBuffer } from './buffer.js';

const LINE_BREAKS = /[\r\n]/g;

/** User JSON in one line as it is, or base64 where it is none. */
export function userJson(value: Uint8Array): string {
  const text = jsonText(value);
  return text === null ? base64(value) : inOneLine(text);
}

/** JSON in one line: line breaks, which can only stand between tokens, become spaces. */
export function inOneLine(json: string): string {
  return json.replace(LINE_BREAKS, ' ');
}

function jsonText(value: Uint8Array): string | null {
  if (!isUtf8(value)) return null;
  const text = asBuffer(value).utf8Slice(0, value.length);
  try {
    JSON.parse(text);
    return text;
  } catch {
    return null;
  }
}

/** Bytes as base64 in quotes. */
export function base64(value: Uint8Array): string {
  return `"${asBuffer(value).toString('base64')}"`;
}

/** Fixed bytes as hexadecimal in quotes. */
export function hex(value: Uint8Array): string {
  return `"${asBuffer(value).toString('hex')}"`;
}

/** An array of what `item` makes. */
export function list<T>(values: readonly T[], item: (value: T) => string): string {
  return `[${values.map(item).join(',')}]`;
}
