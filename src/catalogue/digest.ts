import * as crypto from 'node:crypto';

type HashNow = (algorithm: string, data: Uint8Array, encoding: 'buffer') => Buffer;

/** Node 20.12 and newer hash in one call, without an object per hash; older ones do not have it. */
const hashNow = (crypto as { hash?: HashNow }).hash;

/** SHA-256 of the bytes, 32 bytes. */
export function sha256(bytes: Uint8Array): Buffer {
  if (hashNow !== undefined) return hashNow('sha256', bytes, 'buffer');
  return crypto.createHash('sha256').update(bytes).digest();
}

/** The digest of an input's body: the first 16 bytes of the SHA-256 of its canonical bytes. */
export function bodyDigest(body: Uint8Array): Buffer {
  return sha256(body).subarray(0, 16);
}

/** The hash that the next turn is chained on: SHA-256 of the whole record. */
export function turnHash(turn: Uint8Array): Buffer {
  return sha256(turn);
}
