/**
 * The blob port: bytes by the SHA-256 of their content.
 *
 * Ownership: a blob is never changed and never removed through this port. Durability: when `put` resolves, the blob
 * survives a power loss. Integrity: what `get` gives has the digest that it was asked for. Failure: any rejection means
 * that nothing is known of the blob; putting it again is safe.
 */

/** The address of a blob. */
export interface StoredBlob {
  /** `blob:sha256:` and the digest in hex. */
  readonly uri: string;
  /** The digest in lower-case hex. */
  readonly sha256: string;
  readonly bytes: number;
}

/** The bytes under a digest are not those that were put there. Putting them again mends it. */
export class BlobDamaged extends Error {
  readonly code = 'blob-damaged';
  constructor(readonly sha256: string) {
    super(`the blob ${sha256} does not have its digest`);
  }
}

/** Bytes that were put do not have the digest that they were said to have. */
export class BlobMismatch extends Error {
  readonly code = 'blob-digest-mismatch';
  constructor(sha256: string) {
    super(`the bytes have the digest ${sha256}`);
  }
}

export interface Blobs {
  /**
   * Keeps the bytes; putting the same bytes again changes nothing, unless they are damaged: then they are mended. Nothing is
   * kept where `expected` is given, a digest in lower-case hex, and the bytes have another: throws `BlobMismatch`.
   */
  put(bytes: Uint8Array, expected?: string): Promise<StoredBlob>;
  /** The bytes with this digest, or null where there are none. Throws `BlobDamaged`. */
  get(sha256: string): Promise<Uint8Array | null>;
}

const SCHEME = 'blob:sha256:';
const DIGEST = /^[\da-f]{64}$/u;

/** Whether the text is a SHA-256 in lower-case hex. */
export function isDigest(text: string): boolean {
  return DIGEST.test(text);
}

/** The address of a digest. */
export function blobUri(sha256: string): string {
  return SCHEME + sha256;
}

/** The digest that an address names, or null where it is no address of a blob. */
export function digestOfUri(uri: string): string | null {
  if (!uri.startsWith(SCHEME)) return null;
  const digest = uri.slice(SCHEME.length);
  return isDigest(digest) ? digest : null;
}
