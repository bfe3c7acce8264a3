/** The wire forms of small requests, and of what is wrong with one, for the API page and for validation. */
import { z } from 'zod';
import { LIMIT, NAME_BYTES, PAGE, TEXT_BYTES } from '../../edge/limits.js';
import { boundedText, nameText, queryNumber, wholeNumber } from '../../edge/wire.js';

/** The executor that a path names. */
export const executorParams = z.strictObject({ executor: nameText });

/** An answer that is bytes or lines, for the API page. */
export function answeredAs(type: string, description: string) {
  return { description, content: { [type]: { schema: z.string() } } };
}

/** What the API page says of a route, and how it is asked and answered. */
export function described<A, P extends object>(tag: string, summary: string, answer: A, asked: P = {} as P) {
  return { schema: { summary, tags: [tag], ...asked, response: { 200: answer } } };
}

export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    problems: z.array(z.object({ code: z.string(), path: z.string(), detail: z.string() })),
    turn: z.int().optional(),
  })
  .meta({ id: 'ProblemDetails' });

export const errorInfoSchema = z
  .object({
    code: z.string(),
    title: z.string(),
    status: z.int().describe('HTTP status; 0 for a code that is never the answer to a request.'),
    retry: z.boolean().describe('Whether the same request may succeed later without a change.'),
    what: z.string(),
    where: z.string(),
    why: z.string(),
    todo: z.string(),
  })
  .meta({ id: 'ErrorInfo' });

/** The turn that an answer stands for, or that none of its rows is before. */
export const turnSchema = z.int().describe('The turn that this stands for.');

/** The header under which a request may be repeated. */
export const repeatHeaders = z.looseObject({
  'Idempotency-Key': nameText.optional().describe('A repeat with the same key is answered with the first answer.'),
});

export const tenantQuery = z.strictObject({ tenant: nameText.default('default') });

export const dagParams = z.strictObject({ dagId: nameText });

/** A job's id may end in the index of a child, which makes it longer than a name. */
export const jobParams = z.strictObject({ dagId: nameText, job: boundedText(NAME_BYTES + 16).min(1) });

/** What names a DAG, and a job of one. */
export const ofDag = { params: dagParams, querystring: tenantQuery };
export const ofJob = { params: jobParams, querystring: tenantQuery };

/** Query of a listing: where it begins, and how much of it. */
export const pageQuery = z.strictObject({
  tenant: nameText.default('default'),
  from: queryNumber(0, Number.MAX_SAFE_INTEGER).default(0),
  limit: queryNumber(1, PAGE).default(PAGE),
});

export const reasonBody = z.strictObject({ reason: boundedText(TEXT_BYTES).default('') }).nullish();

export const emptyBody = z.strictObject({}).nullish();

/** A limit; null and absent mean none. */
export const limit = wholeNumber(0, LIMIT).nullish();
