/** Blobs: bytes by their SHA-256. */
import { Readable } from 'node:stream';
import { z } from 'zod';
import { BlobDamaged, BlobMismatch, BlobsFull, BlobTooLarge, isDigest } from '../../blobs/port.js';
import { BLOB_BYTES } from '../../edge/limits.js';
import { Refusal } from '../../edge/problems.js';
import type { Gateway } from '../context.js';
import type { App } from '../deps.js';
import { piecesOf, takeAnyBytes } from '../http/bodies.js';
import { answeredAs } from './schemas.js';

export const storedSchema = z
  .object({ uri: z.string(), sha256: z.string(), bytes: z.int() })
  .meta({ id: 'StoredBlob' });

export function blobRoutes(app: App, gateway: Gateway): void {
  const { blobs } = gateway.deps;
  takeAnyBytes(app);
  app.put(
    '/v1/blobs',
    {
      schema: {
        summary: 'Keep bytes',
        description: 'With the header Marie-Sha256 the bytes must have that digest.',
        tags: ['blobs'],
        response: { 201: storedSchema },
      },
    },
    async (request, reply) => {
      const { 'marie-sha256': expected, 'content-length': length } = request.headers;
      if (Number(length) > BLOB_BYTES) throw new Refusal('payload-too-large', new BlobTooLarge(BLOB_BYTES).message);
      const terms = {
        expected: expected === undefined ? undefined : String(expected).toLowerCase(),
        mostBytes: BLOB_BYTES,
      };
      const blob = await blobs.put(piecesOf(request), terms).catch(refuse);
      return reply.code(201).header('location', `/v1/blobs/${blob.sha256}`).send(blob);
    },
  );
  app.get(
    '/v1/blobs/:sha256',
    {
      schema: {
        summary: 'The bytes of a blob',
        tags: ['blobs'],
        params: z.strictObject({ sha256: z.string().max(64) }),
        response: {
          200: answeredAs('application/octet-stream', 'The bytes'),
          304: z.undefined().describe('Those that If-None-Match names: they never change'),
        },
      },
    },
    async (request, reply) => {
      const { sha256 } = request.params;
      const blob = isDigest(sha256) ? await blobs.get(sha256).catch(refuse) : null;
      if (blob === null) throw new Refusal('blob-not-found', `no blob ${sha256}`);
      const etag = `"${sha256}"`;
      reply.header('cache-control', 'public, immutable, max-age=31536000').header('etag', etag);
      if (hasOneOf(request.headers['if-none-match'], etag)) return reply.code(304).send();
      gateway.streams.cutWhenStalled(reply.raw);
      return reply
        .type('application/octet-stream')
        .header('content-length', blob.bytes)
        .send((request.method === 'HEAD' ? Readable.from([]) : blob.read()) as never);
    },
  );
}

/** Whether the sender has what it asks for (RFC 9110, 13.1.2). */
function hasOneOf(known: string | undefined, etag: string): boolean {
  return known?.split(',').some((one) => ['*', etag, `W/${etag}`].includes(one.trim())) ?? false;
}

/** Rethrows what is wrong with a blob as a refusal. */
function refuse(error: unknown): never {
  const isKnown = error instanceof BlobDamaged || error instanceof BlobMismatch || error instanceof BlobTooLarge;
  if (error instanceof BlobsFull) throw new Refusal(error.code, error.message, { cause: error.cause });
  throw isKnown ? new Refusal(error.code, error.message, { cause: error.cause }) : error;
}
