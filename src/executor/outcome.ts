import type { Blobs } from '../client/blobs.js';
import type { Attempt } from './attempt.js';
import { ExecutorCode, JobError } from './errors.js';
import { completeBlobLine, completeLine, failLine, returnLine } from './protocol.js';

/** Bytes of JSON that an output may have beside the journal's records; more goes to a blob. */
export const MAX_INLINE_OUTPUT = 256 * 1024;

/** The completion of an attempt. Throws a JobError when the output is no JSON or can't be stored. */
export function completionOf(attempt: Attempt, output: unknown, blobs: Blobs): string | Promise<string> {
  const json = jsonOf(output);
  if (json.length * 3 > MAX_INLINE_OUTPUT && Buffer.byteLength(json) > MAX_INLINE_OUTPUT) {
    return completionByBlob(attempt, json, blobs);
  }
  return completeLine(attempt.token, json, attempt.unitsUsed);
}

async function completionByBlob(attempt: Attempt, json: string, blobs: Blobs): Promise<string> {
  try {
    const { uri, sha256, bytes } = await blobs.put(json, attempt.signal);
    return completeBlobLine(attempt.token, { uri, sha256, bytes }, attempt.unitsUsed);
  } catch (cause) {
    throw new JobError(ExecutorCode.BlobUnavailable, `an output of ${json.length} characters: ${String(cause)}`, {
      cause,
    });
  }
}

function jsonOf(output: unknown): string {
  try {
    return JSON.stringify(output) ?? 'null';
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new JobError(ExecutorCode.OutputNotJson, message, { retryable: false, cause });
  }
}

/**
 * What is reported of an attempt that threw: given back when it was stopped from here or there (which costs the job no
 * attempt), else failed with the error's own code.
 */
export function failureOf(attempt: Attempt, error: unknown): string {
  if (attempt.stopped) return returnLine(attempt.token, attempt.stopped.message, attempt.unitsUsed);
  const message = error instanceof Error ? error.message : String(error);
  const failure =
    error instanceof JobError
      ? { code: error.code, message, retryable: error.retryable }
      : { code: ExecutorCode.ExecutorError, message, retryable: true };
  return failLine(attempt.token, failure, attempt.unitsUsed);
}
