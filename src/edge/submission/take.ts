/**
 * Takes values of parsed JSON apart, strictly and without allocation. Every function gives the value in its type or
 * throws `DOUBT`: then the zod schema of `schema.ts` says what is wrong.
 */
import { fits, isWellFormed } from '../json/text.js';
import { ADDRESS_BYTES, NAME_BYTES } from '../limits.js';
import { isPointer } from '../pointer.js';

/** Something is not as it should be. One object for all, so that doubting costs no stack trace. */
export const DOUBT = new Error('not of the wire form');

export type Fields = Readonly<Record<string, unknown>>;

export function doubt(): never {
  throw DOUBT;
}

export function takeObject(value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) doubt();
  return value as Fields;
}

export function takeArray(value: unknown, longest: number): readonly unknown[] {
  if (!Array.isArray(value) || value.length > longest) doubt();
  return value as readonly unknown[];
}

/** Text of at most `bytes` bytes of UTF-8. */
export function takeText(value: unknown, bytes: number): string {
  if (typeof value !== 'string' || !fits(value, bytes) || !isWellFormed(value)) doubt();
  return value as string;
}

/** A name in a submission. */
export function takeName(value: unknown): string {
  const name = takeText(value, NAME_BYTES);
  if (name.length === 0 || name.includes('\u0000')) doubt();
  return name;
}

export function takeInt(value: unknown, from: number, to: number): number {
  if (!Number.isSafeInteger(value) || (value as number) < from || (value as number) > to) doubt();
  return value as number;
}

export function takeBoolean(value: unknown): boolean {
  if (typeof value !== 'boolean') doubt();
  return value as boolean;
}

export function takePointer(value: unknown): string {
  const pointer = takeText(value, ADDRESS_BYTES);
  if (!isPointer(pointer)) doubt();
  return pointer;
}

/** Names in an array. */
export function takeNames(value: unknown, longest: number): readonly string[] {
  const names = takeArray(value, longest);
  for (const name of names) takeName(name);
  return names as readonly string[];
}
