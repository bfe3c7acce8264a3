/** The wire forms of callbacks: for the API page, and to list what is wrong with one that is not of these forms. */
import { z } from 'zod';
import { ADDRESS_BYTES, INT_MAX, TEXT_BYTES } from '../limits.js';
import { boundedText, nameText, tokenText, wholeNumber } from '../wire.js';

const token = tokenText.describe('As it came with the dispatch.');
const unitsUsed = wholeNumber(0, INT_MAX).optional();

const blob = z.strictObject({
  uri: boundedText(ADDRESS_BYTES).min(1),
  sha256: z.string().regex(/^[\da-f]{64}$/u, 'not a SHA-256 in lower-case hex'),
  bytes: wholeNumber(0, Number.MAX_SAFE_INTEGER),
});

/** One callback. */
export const callbackSchema = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('heartbeat') }),
    z.strictObject({ type: z.literal('ack'), token }),
    z.strictObject({
      type: z.literal('progress'),
      token,
      permille: wholeNumber(0, 1_000),
      message: boundedText(TEXT_BYTES).optional(),
    }),
    z
      .strictObject({
        type: z.literal('complete'),
        token,
        output: z.unknown().optional().describe('Any JSON up to 256 KiB; it is kept as it was sent.'),
        blob: blob.optional().describe('In place of output, where that is larger.'),
        unitsUsed,
      })
      .refine((callback) => !(Object.hasOwn(callback, 'output') && Object.hasOwn(callback, 'blob')), {
        error: 'give output or blob, not both',
      }),
    z.strictObject({
      type: z.literal('fail'),
      token,
      code: nameText,
      message: boundedText(TEXT_BYTES).optional(),
      retryable: z.boolean().optional().describe('true where absent.'),
      unitsUsed,
    }),
    z.strictObject({ type: z.literal('return'), token, reason: boundedText(TEXT_BYTES).optional(), unitsUsed }),
  ])
  .meta({ id: 'Callback' });
