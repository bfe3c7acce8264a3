/** What listings take in their query: states, labels, spans of time, and where a page begins. */
import { z } from 'zod';
import { DAG_STATE_NAMES, JOB_STATE_NAMES } from '../../catalogue/generated/codes.js';
import { kebab } from '../../catalogue/kebab.js';
import { LABELS, PAGE, TEXT_BYTES } from '../../edge/limits.js';
import { problem, type Refusal, refusalOf } from '../../edge/problems.js';
import { boundedText, nameText, queryNumber } from '../../edge/wire.js';
import type { DagQuery, JobQuery } from '../../scheduler/views/port.js';

/** Items of a page where the query names no number. */
const USUAL_PAGE = 100;

const DAG_STATES = [...DAG_STATE_NAMES.values()].map(kebab);
const JOB_STATES = [...JOB_STATE_NAMES.values()].map(kebab);

const time = queryNumber(0, Number.MAX_SAFE_INTEGER).optional();
const labelText = boundedText(2 * TEXT_BYTES).min(1);

/** How much of a listing. */
export const pageFields = {
  limit: queryNumber(1, PAGE).default(USUAL_PAGE).describe('Items of the page at most.'),
};

/** Where a page begins: a cursor of so many numbers. What is no cursor is told where cursors are read. */
export function cursorOf(numbers: number) {
  return z
    .string()
    .min(1)
    .max(64)
    .meta({ pattern: `^${Array(numbers).fill('\\d{1,15}').join('\\.')}$` })
    .optional()
    .describe('The next of the page before. A page may hold less than limit, even nothing, although there is more.');
}

/** Names with commas between them; a strange one is answered with those that there are. */
function someOf(names: readonly string[], chars: number) {
  const one = `(${names.join('|')})`;
  return z
    .string()
    .max(chars)
    .meta({ pattern: `^${one}(,${one})*$` })
    .optional()
    .describe(`Some of ${names.join(',')}.`);
}

const searchFields = {
  tenant: nameText.optional().describe('All tenants where absent.'),
  class: nameText.optional().describe('An executor class.'),
  group: nameText.optional().describe('A group of executors.'),
  order: z.enum(['newest', 'oldest']).default('newest').describe('By when the DAG was accepted.'),
  ...pageFields,
};

/** Query of GET /v1/dags. */
export const dagsQuery = z.strictObject({
  id: nameText.optional().describe('The whole id. Found by an index.'),
  q: nameText
    .optional()
    .describe('What the id, name, template, idempotency key or a value of a label begins with. Looks at one by one.'),
  label: z
    .preprocess((given) => (typeof given === 'string' ? [given] : given), z.array(labelText).max(LABELS))
    .optional()
    .describe('name=value, or the name alone for any value; all that are given must hold. Looks at one by one.'),
  state: someOf(DAG_STATES, 200),
  paused: z.enum(['true', 'false']).optional(),
  risk: z
    .enum(['none', 'safe', 'at-risk', 'missed', 'hard-passed'])
    .optional()
    .describe('Where its deadlines stand; at-risk only as long as it has not ended.'),
  acceptedFrom: time.describe('In ms since the Unix epoch, as all of these.'),
  acceptedTo: time,
  endedFrom: time,
  endedTo: time,
  ...searchFields,
  cursor: cursorOf(1),
});

/** Query of GET /v1/jobs. */
export const jobsQuery = z.strictObject({
  dag: nameText.optional().describe('Only jobs of this DAG; its tenant is default where absent.'),
  q: nameText.optional().describe("What the job's id, or that of its DAG, begins with."),
  state: someOf(JOB_STATES, 300),
  readyFrom: time.describe('When it became ready, in ms since the Unix epoch.'),
  readyTo: time,
  ...searchFields,
  cursor: cursorOf(2),
});

/** The query as the views take it. Throws `Refusal`. */
export function dagQueryOf(query: z.output<typeof dagsQuery>): DagQuery {
  const { id, q, label, paused, risk, acceptedFrom, acceptedTo, endedFrom, endedTo } = query;
  const labels = label ?? [];
  return {
    ...sharedOf(query),
    id: id ?? null,
    text: q ?? null,
    labels,
    states: statesOf(query.state, DAG_STATES),
    paused: paused === undefined ? null : paused === 'true',
    risk: risk ?? null,
    accepted: spanOf(acceptedFrom, acceptedTo),
    ended: spanOf(endedFrom, endedTo),
    after: query.cursor === undefined ? null : numbersOfCursor(query.cursor, 1)[0]!,
  };
}

/** The query as the views take it; `dag` is the sequence number of the DAG that it names. Throws `Refusal`. */
export function jobQueryOf(query: z.output<typeof jobsQuery>, dag: number | null): JobQuery {
  const after = query.cursor === undefined ? null : numbersOfCursor(query.cursor, 2);
  return {
    ...sharedOf(query),
    dag,
    text: query.q ?? null,
    states: statesOf(query.state, JOB_STATES),
    ready: spanOf(query.readyFrom, query.readyTo),
    after: after === null ? null : { dag: after[0]!, index: after[1]! },
  };
}

/** The numbers of a cursor, of which there are so many. Throws `Refusal`. */
export function numbersOfCursor(cursor: string, count: number): readonly number[] {
  const numbers = cursor.split('.').map((part) => (/^\d{1,16}$/u.test(part) ? Number(part) : Number.NaN));
  if (numbers.length === count && numbers.every(Number.isSafeInteger)) return numbers;
  throw atQuery('cursor', `${cursor} is no cursor of this listing`);
}

function sharedOf(query: Pick<z.output<typeof jobsQuery>, 'tenant' | 'class' | 'group' | 'order' | 'limit'>) {
  const { tenant, class: executorClass, group, order, limit } = query;
  return {
    tenant: tenant ?? null,
    executorClass: executorClass ?? null,
    group: group ?? null,
    oldestFirst: order === 'oldest',
    limit,
  };
}

function statesOf(text: string | undefined, known: readonly string[]): ReadonlySet<string> | null {
  if (text === undefined) return null;
  const names = text.split(',');
  const strange = names.find((name) => !known.includes(name));
  if (strange !== undefined) throw atQuery('state', `no state ${strange}; there are ${known.join(', ')}`);
  return new Set(names);
}

function spanOf(fromMs: number | undefined, toMs: number | undefined) {
  return { fromMs: fromMs ?? null, toMs: toMs ?? null };
}

function atQuery(name: string, detail: string): Refusal {
  return refusalOf([problem('invalid-value', `/querystring/${name}`, detail)]);
}
