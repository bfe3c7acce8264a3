import type { Blobs } from '../client/blobs.js';
import type { Attempt } from './attempt.js';
import { ExecutorCode, isJobError, JobError } from './errors.js';
import { isDeeperThan } from './nesting.js';
import { outputJson } from './output-json.js';
import { completeBlobLine, completeLine, type Failure, failLine, returnLine } from './protocol.js';

/** Bytes of JSON that an output may have beside the journal's records; more goes to a blob. */
export const MAX_INLINE_OUTPUT = 256 * 1024;

/** How deep the fabric takes such JSON; it never looks into a blob. */
const MAX_DEPTH = 64;

/** Said in the place of what can't be written as text. */
const NO_TEXT = 'what was thrown has no text';

/** The completion of an attempt. Throws a JobError when the output is no JSON or can't be stored. */
export function completionOf(attempt: Attempt, output: unknown, blobs: Blobs): string | Promise<string> {
  const json = jsonOf(output);
  if (json.length * 3 > MAX_INLINE_OUTPUT && Buffer.byteLength(json) > MAX_INLINE_OUTPUT) {
    return completionByBlob(attempt, json, blobs);
  }
  if (isDeeperThan(json, MAX_DEPTH)) {
    const what = `an output nested deeper than ${MAX_DEPTH}; put it into a blob`;
    throw new JobError(ExecutorCode.OutputTooDeep, what, { retryable: false });
  }
  return completeLine(attempt.token, json, attempt.unitsUsed);
}

async function completionByBlob(attempt: Attempt, json: string, blobs: Blobs): Promise<string> {
  try {
    const { uri, sha256, bytes } = await blobs.put(json, attempt.signal);
    return completeBlobLine(attempt.token, { uri, sha256, bytes }, attempt.unitsUsed);
  } catch (cause) {
    throw new JobError(ExecutorCode.BlobUnavailable, `an output of ${json.length} characters: ${textOf(cause)}`, {
      cause,
    });
  }
}

function jsonOf(output: unknown): string {
  try {
    return outputJson(output);
  } catch (cause) {
    if (isJobError(cause)) throw cause;
    throw new JobError(ExecutorCode.OutputNotJson, messageOf(cause), { retryable: false, cause });
  }
}

/**
 * What is reported of an attempt that threw: given back when it was stopped from here or there (which costs the job no
 * attempt), else failed with the error's own code. Never throws, whatever was thrown.
 */
export function failureOf(attempt: Attempt, error: unknown): string {
  if (attempt.stopped) return returnLine(attempt.token, attempt.stopped.message, attempt.unitsUsed);
  return failLine(attempt.token, failureIn(error), attempt.unitsUsed);
}

/** A JobError's own words; whoever isn't held to its types may have put anything into it. */
function failureIn(error: unknown): Failure {
  const message = messageOf(error);
  try {
    if (isJobError(error)) {
      return { code: codeOf(error), message, retryable: error.retryable !== false };
    }
  } catch {
    // It was made to throw when it is looked at.
  }
  return { code: ExecutorCode.ExecutorError, message, retryable: true };
}

function codeOf({ code }: { readonly code: unknown }): string {
  if (typeof code === 'number') return String(code);
  return typeof code === 'string' && code !== '' ? code : ExecutorCode.ExecutorError;
}

function messageOf(error: unknown): string {
  try {
    return textOf(error instanceof Error ? error.message : error);
  } catch {
    return NO_TEXT;
  }
}

/** Anything as text; not everything has one: an object without a prototype, a toString that throws. */
function textOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    return NO_TEXT;
  }
}
