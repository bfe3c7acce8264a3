import * as crypto from 'node:crypto';
import { digestBytes, h1, h2, h3, h4 } from './murmur.js';

type HashNow = (algorithm: string, data: Uint8Array, encoding: 'buffer') => Buffer;

/** Node 20.12 and newer hash in one call, without an object per hash; older ones do not have it. */
const hashNow = (crypto as { hash?: HashNow }).hash;

/** SHA-256 of the bytes, 32 bytes. */
export function sha256(bytes: Uint8Array): Buffer {
  if (hashNow !== undefined) return hashNow('sha256', bytes, 'buffer');
  return crypto.createHash('sha256').update(bytes).digest();
}

/**
 * The digest of an input's body: MurmurHash3_x86_128 (seed 0) of its canonical bytes, the first `length` of `body`, its
 * four words big-endian. It tells repeats and finds divergence, at a tenth of the cost of SHA-256 for a callback; against
 * tampering stands the chain.
 */
export function bodyDigest(body: Uint8Array, length = body.length): Buffer {
  digestBytes(body, length);
  const digest = Buffer.allocUnsafe(16);
  digest.writeInt32BE(h1, 0);
  digest.writeInt32BE(h2, 4);
  digest.writeInt32BE(h3, 8);
  digest.writeInt32BE(h4, 12);
  return digest;
}

/** The hash that the next turn is chained on: SHA-256 of the whole record. */
export function turnHash(turn: Uint8Array): Buffer {
  return sha256(turn);
}
