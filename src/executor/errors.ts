/** Failure codes that the SDK itself reports. */
export const ExecutorCode = {
  /** run() threw something that is no JobError. */
  ExecutorError: 'executor-error',
  /** What run() returned can't be written as JSON. */
  OutputNotJson: 'output-not-json',
  /** What run() returned is nested deeper than the fabric takes. */
  OutputTooDeep: 'output-too-deep',
  /** A large output could not be stored as a blob. */
  BlobUnavailable: 'blob-unavailable',
  /** An input that is a blob could not be fetched. */
  InputUnavailable: 'input-unavailable',
  /** A dispatch is no JSON: it is made of what the journal has, so it would be the same at every attempt. */
  DispatchUnreadable: 'dispatch-unreadable',
} as const;

export interface JobErrorOptions {
  /** Whether another attempt may succeed; the DAG's retry policy has the last word. By default true. */
  readonly retryable?: boolean;
  readonly cause?: unknown;
}

/** Thrown by run() to fail its attempt with a stable code that a retry policy can name. */
export class JobError extends Error {
  override readonly name = 'JobError';
  readonly code: string;
  readonly retryable: boolean;

  constructor(code: string, message: string, options: JobErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? true;
  }
}

/**
 * Whether it is a JobError, of whichever copy of this package: a file that `marie dev` runs may import another one than
 * the command's, such as its folder's own.
 */
export function isJobError(error: unknown): error is JobError {
  return error instanceof JobError || (error instanceof Error && error.name === 'JobError');
}

/** Why an attempt's signal was aborted. */
export type StopCode =
  /** The fabric ended the lease: cancelled, timed out, deadline passed, or the session was lost. */
  | 'stopped'
  /** The executor is shutting down, and this attempt took longer than the drain allows. */
  | 'drained'
  /** Another process registered under the same executor id. */
  | 'superseded';

/** The reason in an aborted `ctx.signal`. */
export class JobStopped extends Error {
  override readonly name = 'JobStopped';
  constructor(readonly code: StopCode) {
    super(STOP_MESSAGES[code]);
  }
}

const STOP_MESSAGES: Readonly<Record<StopCode, string>> = {
  stopped: 'the fabric asked to stop this attempt',
  drained: 'the executor is shutting down',
  superseded: 'another process has registered under this executor id',
};
