/** The parts that the generated validators are made of. Each takes the JSON form and gives the form in memory. */
import { z } from 'zod';
import { RawJson } from '../raw-json.js';

const LONE_SURROGATE = /\p{Surrogate}/u;

/** A string that has a UTF-8 encoding; JSON can spell others, as `"\ud800"`. */
export const text = z.string().refine((value) => !LONE_SURROGATE.test(value), {
  error: 'holds half of a surrogate pair',
});

/** A lease as it stands on the wire; `parseLease` reads it, since that needs the cell's name. */
export const lease = z
  .string()
  .regex(/^[^\s]{1,200}\.\d{1,16}\.\d{1,10}\.\d{1,10}\.\d{1,16}$/, { error: 'is no lease' });

/**
 * Any JSON value, embedded. Its bytes are those that were received if the request was read by `parseKeeping`; a value
 * that a program made has none, and gets those of JSON.stringify.
 */
export const userJson = z.unknown().transform((value, context): Uint8Array => {
  const json = value instanceof RawJson ? value.text : JSON.stringify(value);
  if (json === undefined) {
    context.addIssue({ code: 'custom', message: 'is no JSON value' });
    return z.NEVER;
  }
  return Buffer.from(json);
});

/** Bytes as base64. */
export const base64 = z.base64().transform((value): Uint8Array => Buffer.from(value, 'base64'));

/** Exactly `size` bytes as hexadecimal in lower case. */
export function hex(size: number) {
  return z
    .string()
    .regex(new RegExp(`^[0-9a-f]{${2 * size}}$`), { error: `is not ${size} bytes in hexadecimal` })
    .transform((value): Uint8Array => Buffer.from(value, 'hex'));
}

/** May be left out, or null; null in memory. */
export function nullable<T extends z.ZodType>(schema: T) {
  return schema.nullish().transform((value) => value ?? null);
}
