/** Small zod types that all requests share. */
import { z } from 'zod';
import { fits, isWellFormed } from './json/text.js';
import { ADDRESS_BYTES, DEADLINE_MS, NAME_BYTES, TOKEN_BYTES } from './limits.js';
import { isPointer } from './pointer.js';

/** Text of at most `bytes` bytes of UTF-8. */
export function boundedText(bytes: number) {
  return z
    .string()
    .max(bytes)
    .refine((text) => fits(text, bytes), { error: `longer than ${bytes} bytes`, abort: true })
    .refine(isWellFormed, { error: 'a lone surrogate has no UTF-8 form' });
}

/** A name or an id. */
export const nameText = boundedText(NAME_BYTES).min(1);

/** The token of a lease. */
export const tokenText = boundedText(TOKEN_BYTES).min(1);

/** The name of a history. */
export const historyText = z.string().regex(/^[\da-f]{64}$/u, 'no history: 64 hex digits');

/** A JSON pointer. */
export const pointerText = boundedText(ADDRESS_BYTES).refine(isPointer, {
  error: 'not a JSON pointer',
  params: { code: 'invalid-pointer' },
});

/** Values by name. In JavaScript `__proto__` names something of every object, and zod passes it over in silence. */
export function recordOf<T extends z.ZodType>(value: T) {
  return z.preprocess(
    (given, context) => {
      if (typeof given === 'object' && given !== null && Object.hasOwn(given, '__proto__')) {
        context.addIssue({ code: 'custom', path: ['__proto__'], message: 'this name is not taken' });
      }
      return given;
    },
    z.record(nameText, value),
  );
}

/**
 * A whole number between the bounds, both included; of one outside
 * them nothing else is said, such as the bounds of doubles.
 */
export function wholeNumber(from: number, to: number) {
  return z.number().min(from, { abort: true }).max(to, { abort: true }).int();
}

/**
 * The same in a query, where it is text. Only digits are one:
 * nothing, a space or a hexadecimal number would be a number too.
 */
export function queryNumber(from: number, to: number) {
  const numberOf = (given: unknown): unknown =>
    typeof given === 'string' && /^-?\d+$/u.test(given) ? Number(given) : given;
  return z.preprocess(numberOf, wholeNumber(from, to));
}

/** A deadline, in ms since the Unix epoch. */
export const deadline = wholeNumber(1, DEADLINE_MS);

/** A moment, in ms since the Unix epoch. */
export const atMs = wholeNumber(0, Number.MAX_SAFE_INTEGER);
