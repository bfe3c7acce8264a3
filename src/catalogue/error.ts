import type { ErrorCode } from './generated/errors.js';

/** The codes with which encoding and decoding fail. */
export type CatalogueErrorCode = Extract<
  ErrorCode,
  'undecodable' | 'invalid-value' | 'unknown-version' | 'digest-mismatch'
>;

/**
 * A value that cannot be encoded (`invalid-value`), bytes that are no canonical encoding (`undecodable`), what another
 * catalogue has and this one hasn't (`unknown-version`), or a body that does not have its digest (`digest-mismatch`).
 */
export class CatalogueError extends Error {
  override readonly name = 'CatalogueError';

  constructor(
    readonly code: CatalogueErrorCode,
    message: string,
  ) {
    super(message);
  }
}
