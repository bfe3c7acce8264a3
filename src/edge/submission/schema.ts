/**
 * The wire form of a submission. This one definition gives the API page, and lists everything that is wrong with a
 * submission; `convert.ts` takes the same language apart quickly.
 */
import { z } from 'zod';
import {
  ADDRESS_BYTES,
  ATTEMPTS,
  CHILDREN,
  DURATION_MS,
  INT_MAX,
  JOB_INPUTS,
  JOB_SLOTS,
  LABELS,
  NAME_BYTES,
  NON_RETRYABLE,
  PRIORITY,
  SUBMISSION_JOBS,
  TEXT_BYTES,
} from '../limits.js';
import { boundedText, deadline, nameText, pointerText, wholeNumber } from '../wire.js';

/** The kernel tells the parts of keys apart by NUL characters, and many a reader takes one for the end of a text. */
const plainName = nameText.refine((text) => !text.includes('\u0000'), { error: 'a name holds no NUL character' });

const code = (name: string) => ({ params: { code: name } });

const binding = z
  .strictObject({
    value: z.unknown().optional().describe('Any JSON; it is kept as it was sent.'),
    uri: boundedText(ADDRESS_BYTES).min(1).optional().describe('A blob, or anything that the executor can fetch.'),
    from: plainName.optional().describe('The id of an upstream job whose output it is.'),
    at: pointerText.optional().describe('A JSON pointer into that output; absent means all of it.'),
  })
  .superRefine((input, ctx) => {
    const sources = ['value', 'uri', 'from'].filter((name) => Object.hasOwn(input, name));
    if (sources.length !== 1) {
      ctx.addIssue({ code: 'custom', message: 'give exactly one of value, uri and from', ...code('invalid-binding') });
    }
    if (Object.hasOwn(input, 'at') && !Object.hasOwn(input, 'from')) {
      ctx.addIssue({ code: 'custom', message: 'at needs from', ...code('invalid-binding') });
    }
  })
  .meta({ id: 'Binding' });

const place = z
  .strictObject({ from: plainName, at: pointerText.optional() })
  .describe('A place in the output of an upstream job, which must not be in a blob (more than 256 KiB).');

const fanOut = z
  .strictObject({
    count: z.union([wholeNumber(0, CHILDREN), place]).optional(),
    over: place.optional(),
    tolerate: wholeNumber(0, INT_MAX).optional().describe('Children that may fail; 0 where absent.'),
  })
  .superRefine((fan, ctx) => {
    if (Object.hasOwn(fan, 'count') === Object.hasOwn(fan, 'over')) {
      ctx.addIssue({ code: 'custom', message: 'give exactly one of count and over', ...code('invalid-fan-out') });
    }
  })
  .meta({ id: 'FanOut' });

const retry = z
  .strictObject({
    maxAttempts: wholeNumber(1, ATTEMPTS),
    backoff: z
      .strictObject({
        baseMs: wholeNumber(0, DURATION_MS),
        maxMs: wholeNumber(0, DURATION_MS),
      })
      .optional(),
    nonRetryable: z.array(plainName).max(NON_RETRYABLE).optional(),
  })
  .meta({ id: 'Retry' });

/** What a job of each kind has no use for: it is refused, because it would be passed over in silence. */
const USELESS = {
  executor: [['signal', 'unknown-field', 'an executor job waits for no signal']],
  noop: [
    ['timeoutMs', 'invalid-timeout', 'no attempt of a noop job runs, so nothing would be timed'],
    ['retry', 'invalid-retry', 'no attempt of a noop job runs, so nothing would be tried again'],
    ['signal', 'unknown-field', 'a noop job waits for no signal'],
  ],
  signal: [
    ['timeoutMs', 'invalid-timeout', 'no attempt of a signal job runs, so nothing would be timed'],
    ['retry', 'invalid-retry', 'no attempt of a signal job runs, so nothing would be tried again'],
  ],
} as const;

const job = z
  .strictObject({
    id: plainName,
    kind: z.enum(['executor', 'noop', 'signal']).optional().describe('executor where absent.'),
    executorClass: plainName.optional().describe('Needed by executor jobs.'),
    group: plainName.optional().describe('default where absent.'),
    slots: wholeNumber(1, JOB_SLOTS).optional(),
    units: wholeNumber(0, INT_MAX).optional(),
    after: z.array(plainName).max(SUBMISSION_JOBS).optional(),
    join: z
      .union([z.enum(['all', 'any']), wholeNumber(1, INT_MAX)])
      .optional()
      .describe('all where absent; any is 1.'),
    when: z
      .looseObject({})
      .optional()
      .describe(
        '{all|any: […]} | {not} | {job, at, op, value}, of outputs that are not in a blob (more than 256 KiB).',
      ),
    optional: z.boolean().optional(),
    inputs: z.record(plainName, binding).optional(),
    fanOut: fanOut.optional(),
    estimateMs: wholeNumber(1, DURATION_MS).optional(),
    timeoutMs: wholeNumber(1, DURATION_MS).optional().describe('Of an attempt; of executor jobs only.'),
    retry: retry.optional().describe('Of executor jobs only.'),
    signal: z.strictObject({ name: plainName.optional() }).optional().describe('Of signal jobs only.'),
  })
  .superRefine((spec, ctx) => {
    if ((spec.kind ?? 'executor') === 'executor' && spec.executorClass === undefined) {
      ctx.addIssue({
        code: 'custom',
        path: ['executorClass'],
        message: 'an executor job needs its class',
        ...code('invalid-class'),
      });
    }
    for (const [name, of, message] of USELESS[spec.kind ?? 'executor']) {
      if (spec[name] !== undefined) ctx.addIssue({ code: 'custom', path: [name], message, ...code(of) });
    }
    if (spec.inputs !== undefined && Object.keys(spec.inputs).length > JOB_INPUTS) {
      ctx.addIssue({ code: 'custom', path: ['inputs'], message: `more than ${JOB_INPUTS} inputs` });
    }
  })
  .meta({ id: 'Job' });

const labels = z
  .record(plainName, boundedText(TEXT_BYTES))
  .refine((record) => Object.keys(record).length <= LABELS, `more than ${LABELS} labels`);

/** A submission as it is sent. */
export const submissionSchema = z
  .strictObject({
    id: plainName.optional().describe('Unique in the tenant; minted where absent.'),
    idempotencyKey: plainName.optional().describe('A repeat is answered with the first answer.'),
    tenant: plainName.optional().describe('default where absent.'),
    name: boundedText(NAME_BYTES).optional(),
    template: plainName.optional(),
    priority: wholeNumber(-PRIORITY, PRIORITY).optional(),
    deadlineAtMs: deadline.optional(),
    hardDeadlineAtMs: deadline.optional(),
    onHardDeadline: z.enum(['fail', 'demote']).optional(),
    labels: labels.optional(),
    failurePolicy: z.enum(['fail-fast', 'continue']).optional(),
    parent: z.strictObject({ dag: plainName, job: plainName, token: plainName }).optional(),
    jobs: z.array(job).min(1, { error: 'a DAG has at least one job' }).max(SUBMISSION_JOBS),
  })
  .meta({ id: 'Submission' });
