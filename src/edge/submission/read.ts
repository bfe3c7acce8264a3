/** Reads one submission: from the bytes of a request to an input of the catalogue, or a refusal that lists it all. */
import { sealInput } from '../../catalogue/codec.js';
import { Code } from '../../catalogue/generated/codes.js';
import type { EntryOf, SubmitDag } from '../../catalogue/generated/types.js';
import { TooDeep } from '../json/raw.js';
import { fits, type Line } from '../json/text.js';
import { JSON_DEPTH, NAME_BYTES, SUBMISSION_BYTES } from '../limits.js';
import { problem, Refusal, refusalOf } from '../problems.js';
import type { Sender } from '../seal.js';
import { convertSubmission } from './convert.js';
import { submissionProblems } from './problems.js';
import { type CheckSubmission, problemsOfRest } from './prune.js';
import { DOUBT } from './take.js';

/** What the request around a submission says. */
export interface SubmissionContext {
  readonly cell: string;
  readonly tenant: string;
  readonly idempotencyKey: string | null;
  readonly sender: Sender;
  /** What the kernel would say of it: asked only for the rest of what the schema refuses. */
  readonly check: CheckSubmission;
}

/** The input that a line of JSON stands for. Throws `Refusal`. */
export function readSubmission(line: Line, context: SubmissionContext): EntryOf<typeof Code.SubmitDag> {
  const text = textWithin(line, SUBMISSION_BYTES);
  const parsed = parseJson(text);
  const dag = canonical(parsed, text, context);
  checkGiven(dag);
  return sealInput(Code.SubmitDag, context.sender, dag);
}

/** The schema has counted the bytes of what the text says itself; these may come from around it, such as from headers. */
function checkGiven({ tenant, idempotencyKey }: SubmitDag): void {
  const long = Object.entries({ tenant, idempotencyKey }).filter(([, name]) => !fits(name, NAME_BYTES));
  if (long.length === 0) return;
  throw refusalOf(long.map(([field]) => problem('invalid-value', `/${field}`, `longer than ${NAME_BYTES} bytes`)));
}

function canonical(parsed: unknown, text: string, context: SubmissionContext): SubmitDag {
  const { cell, tenant, idempotencyKey } = context;
  const defaults = { cell, tenant, idempotencyKey, inputId: context.sender.inputId };
  try {
    return convertSubmission(parsed, text, defaults);
  } catch (error) {
    if (error === DOUBT) throw refusalOf([...problemsFor(parsed), ...problemsOfRest(parsed, context.check, defaults)]);
    throw error instanceof TooDeep ? tooDeep() : error;
  }
}

function problemsFor(parsed: unknown) {
  const problems = submissionProblems(parsed);
  if (problems.length > 0) return problems;
  return [{ code: 'invalid-value', path: '', detail: 'the submission is not of the form that the API page gives' }];
}

/** Text of a line within a limit. Throws `Refusal`. */
export function textWithin(line: Line, limit: number): string {
  if (line.bytes > limit) throw new Refusal('payload-too-large', `${line.bytes} bytes, more than ${limit}`);
  if (line.text === null) throw new Refusal('invalid-json', 'the bytes are not UTF-8');
  return line.text;
}

/** The parsed JSON. Throws `Refusal`. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // The parser would only show a sign that nobody sees.
    const isMarked = text.startsWith('\ufeff');
    const detail = isMarked ? 'it begins with a byte order mark, which JSON does not know' : (error as Error).message;
    throw new Refusal('invalid-json', detail);
  }
}

/** What to answer to JSON that is nested too deep. */
export function tooDeep(): Refusal {
  return new Refusal('invalid-value', `JSON is nested deeper than ${JSON_DEPTH}`);
}
