import { JobError } from '../../src/executor/index.js';

/** Stable failure codes of the document pipeline. */
export type DocumentCode =
  | 'pdf-unreadable'
  | 'pdf-encrypted'
  | 'too-many-pages'
  | 'page-too-large'
  | 'input-invalid'
  | 'upstream-missing'
  | 'review-unusable';

/** A failure that another attempt would not change: a document that is bad stays bad. */
export function documentError(code: DocumentCode, message: string, cause?: unknown): JobError {
  return new JobError(code, message, { retryable: false, cause });
}
