import { z } from 'zod';
import { documentError } from './errors.js';
import type { Field, Invoice, Receipt } from './fields.js';

const minor = z.int();
const text = z.string().min(1);

/** Fields that a person can put right. */
const values = z.strictObject({
  number: text.optional(),
  date: z.iso.date().optional(),
  seller: text.optional(),
  buyer: text.optional(),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
  netMinor: minor.optional(),
  taxMinor: minor.optional(),
  totalMinor: minor.optional(),
  paidMinor: minor.optional(),
  changeMinor: minor.optional(),
});

const decision = z.discriminatedUnion('decision', [
  z.strictObject({ document: z.int().min(1), decision: z.literal('accept') }),
  z.strictObject({ document: z.int().min(1), decision: z.literal('reject') }),
  z.strictObject({ document: z.int().min(1), decision: z.literal('correct'), values }),
]);

const review = z.strictObject({ by: text.optional(), decisions: z.array(decision) });

/** What a person decided about a document: it counts as it is, it doesn't count, or some fields are put right. */
export type Decision = z.infer<typeof decision>;

/** The answer to the signal `review`. */
export type Review = z.infer<typeof review>;

/**
 * The decisions by document. Nobody was asked where the signal job was skipped: its output is null.
 * @throws JobError `review-unusable` for an answer of another form; a retry of `review` asks again.
 */
export function decisionsOf(answer: unknown): ReadonlyMap<number, Decision> {
  if (answer === null || answer === undefined) return new Map();
  const parsed = review.safeParse(answer);
  if (!parsed.success) {
    throw documentError('review-unusable', `the answer to review can't be used: ${z.prettifyError(parsed.error)}`);
  }
  return new Map(parsed.data.decisions.map((one) => [one.document, one]));
}

/** Fields with those that a person put right. */
export function corrected<T extends Invoice | Receipt>(fields: T, made: Decision | undefined): T {
  if (made?.decision !== 'correct') return fields;
  const fixed: Record<string, Field<unknown>> = {};
  for (const [name, value] of Object.entries(made.values)) {
    if (name in fields && value !== undefined) fixed[name] = { value, text: String(value), place: null };
  }
  return { ...fields, ...fixed };
}
