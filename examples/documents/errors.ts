/** A failure of the document pipeline, with a stable code. Bad documents are not retryable: they stay bad. */
export class DocumentError extends Error {
  override readonly name = 'DocumentError';

  /**
   * @param code Stable code, reported as the job's failure code.
   * @param message For people.
   * @param retryable Whether another attempt could end differently.
   */
  constructor(
    readonly code: 'pdf-unreadable' | 'pdf-encrypted' | 'too-many-pages' | 'input-invalid' | 'upstream-missing',
    message: string,
    readonly retryable = false,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
