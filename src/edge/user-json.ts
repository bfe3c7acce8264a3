/** User JSON: any value, kept as it was received. Whatever brings it, this is what it must be. */
import { Code } from '../catalogue/generated/codes.js';
import type { InputEntry, SubmitDag } from '../catalogue/generated/types.js';
import { skipSpace, skipValue, TooDeep } from './json/raw.js';
import { textOf } from './json/text.js';
import { JSON_DEPTH } from './limits.js';
import { below } from './pointer.js';
import { Refusal } from './problems.js';
import { parseJson, tooDeep } from './submission/read.js';

/** The value that a text is, without the white space around it. Throws `Refusal`. */
export function jsonValueOf(text: string): string {
  parseJson(text);
  checkDepth(text);
  // Of all that `trim` takes away JSON has white space only around a value.
  return text.trim();
}

/** Goes through a text once more only where it has room for as many levels: each begins and ends. Throws `Refusal`. */
function checkDepth(text: string): void {
  if (text.length <= 2 * JSON_DEPTH) return;
  try {
    skipValue(text, skipSpace(text, 0));
  } catch (error) {
    throw error instanceof TooDeep ? tooDeep() : error;
  }
}

/**
 * Checks all user JSON of an input that is in Avro already: whoever is dispatched it, or reads it, takes it for JSON, and
 * nobody looks at it again. Throws `Refusal` with `invalid-value`.
 */
export function checkUserJson(input: InputEntry): void {
  if (input.code === Code.CompleteJob || input.code === Code.ResolveSignal) check(input.body.output, () => '/output');
  if (input.code === Code.SubmitDag) checkJobs(input.body);
}

function checkJobs({ jobs }: SubmitDag): void {
  for (let i = 0; i < jobs.length; i++) {
    const { when, inputs } = jobs[i]!;
    check(when, () => `/jobs/${i}/when`);
    for (const { name, value } of inputs) check(value, () => below(`/jobs/${i}/inputs`, name));
  }
}

/** The place is put together for what is wrong only, not for each of a hundred thousand jobs. */
function check(bytes: Uint8Array | null, place: () => string): void {
  if (bytes === null) return;
  const text = textOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  if (text === null) throw new Refusal('invalid-value', `${place()}: the bytes are not UTF-8`);
  try {
    jsonValueOf(text);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new Refusal('invalid-value', `${place()}: ${error.message}`);
  }
}
