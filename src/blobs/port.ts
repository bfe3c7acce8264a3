/**
 * The blob port: bytes by the SHA-256 of their content. They come and go piece by piece: nobody knows how many are read
 * and written at once, and how slowly, and no memory would hold them all.
 *
 * Ownership: a blob is never changed and never removed through this port. Durability: when `put` resolves, the blob
 * survives a power loss. Integrity: what `get` gives has the digest that it was asked for. Failure: any rejection means
 * that nothing is known of the blob; putting it again is safe.
 */
import type { Readable } from 'node:stream';

/** The address of a blob. */
export interface StoredBlob {
  /** `blob:sha256:` and the digest in hex. */
  readonly uri: string;
  /** The digest in lower-case hex. */
  readonly sha256: string;
  readonly bytes: number;
}

/** The bytes under a digest are not those that were put there, or can't be read. Putting them again mends it. */
export class BlobDamaged extends Error {
  readonly code = 'blob-damaged';
  constructor(
    readonly sha256: string,
    cause?: unknown,
  ) {
    super(`the blob ${sha256} ${cause === undefined ? 'does not have its digest' : 'can not be read'}`, { cause });
  }
}

/** Bytes that were put do not have the digest that they were said to have. */
export class BlobMismatch extends Error {
  readonly code = 'blob-digest-mismatch';
  constructor(sha256: string) {
    super(`the bytes have the digest ${sha256}`);
  }
}

/** More bytes were put than are taken. */
export class BlobTooLarge extends Error {
  readonly code = 'payload-too-large';
  constructor(mostBytes: number) {
    super(`a blob has ${mostBytes} bytes at most`);
  }
}

/** There is no room for a blob. It may be put again when there is. */
export class BlobsFull extends Error {
  readonly code = 'disk-full';
  constructor(cause: unknown) {
    super('there is no room for the blob where blobs are kept', { cause });
  }
}

/** What is asked of bytes that are put. */
export interface PutTerms {
  /** The digest that they are said to have, in lower-case hex. */
  readonly expected?: string | undefined;
  readonly mostBytes: number;
}

/** The bytes of a blob, which are those that were put. */
export interface BlobContent {
  readonly bytes: number;
  /**
   * Gives them from their beginning; who doesn't read to the end destroys it. Fails with `BlobDamaged` before the last of
   * them where they are others by then: nobody gets as many bytes as there should be without the digest.
   */
  read(): Readable;
}

export interface Blobs {
  /**
   * Keeps the bytes; putting the same bytes again changes nothing, unless they are damaged: then they are mended. Nothing is
   * kept of bytes that have another digest than is expected, throws `BlobMismatch`; nor of too many, throws
   * `BlobTooLarge`; nor of those that break off, throws what reading them does. Throws `BlobsFull` where there is no room.
   */
  put(content: AsyncIterable<Uint8Array>, terms: PutTerms): Promise<StoredBlob>;
  /** The bytes with this digest, or null where there are none. Throws `BlobDamaged`. */
  get(sha256: string): Promise<BlobContent | null>;
}

const SCHEME = 'blob:sha256:';
const DIGEST = /^[\da-f]{64}$/u;

/** Whether the text is a SHA-256 in lower-case hex. */
export function isDigest(text: string): boolean {
  return DIGEST.test(text);
}

/** Whether the address of a blob stands in some bytes, such as those of a turn. */
export function speaksOfBlob(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(SCHEME);
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
