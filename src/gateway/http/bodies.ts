/** Reads request bodies: as bytes where the route parses them itself, else as JSON. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import { textOf } from '../../edge/json/text.js';
import { BATCH_BYTES, SUBMISSION_BYTES } from '../../edge/limits.js';
import { Refusal } from '../../edge/problems.js';
import { parseJson } from '../../edge/submission/read.js';
import type { App } from '../deps.js';
import { validateAllButBody } from './validate.js';

export const NDJSON = 'application/x-ndjson';
export const JSON_TYPE = 'application/json';
/** The types of bodies that routes take, where not all are. */
export const BODY_TYPES = [JSON_TYPE, NDJSON];
/** The encoding of a body that has none. */
const IDENTITY = 'identity';

/** Bodies of the routes of this scope stay bytes. */
export function keepBytes(app: App): void {
  app.setValidatorCompiler(validateAllButBody);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(JSON_TYPE, { parseAs: 'buffer', bodyLimit: SUBMISSION_BYTES }, (_request, body, done) =>
    done(null, body),
  );
  app.addContentTypeParser(NDJSON, { parseAs: 'buffer', bodyLimit: BATCH_BYTES }, (_request, body, done) =>
    done(null, body),
  );
}

/** Bodies of the routes of this scope are JSON; an empty one is undefined. */
export function parseBodies(app: App, bodyLimit: number): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(JSON_TYPE, { parseAs: 'buffer', bodyLimit }, (_request, body, done) => {
    try {
      done(null, jsonOf(body as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
}

/** Bodies of the routes of this scope are bytes of any type, which the routes read as they come. */
export function takeAnyBytes(app: App): void {
  app.setValidatorCompiler(validateAllButBody);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _body, done) => done(null));
}

/** A body as it comes. Throws `Refusal` where it breaks off. What is not read of it is dropped. */
export async function* piecesOf({ raw }: FastifyRequest): AsyncGenerator<Uint8Array> {
  try {
    // Destroyed with the iterator, it would take the connection with it before anybody is told what is wrong.
    yield* raw.iterator({ destroyOnReturn: false });
  } catch (cause) {
    throw new Refusal('malformed-request', 'the body broke off', { cause });
  } finally {
    raw.resume();
  }
}

function jsonOf(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  const text = textOf(body);
  if (text === null) throw new Refusal('invalid-json', 'the bytes are not UTF-8');
  return parseJson(text);
}

/** Refuses bodies that are encoded in any way: nobody would decode them, and what is in them would be said to be wrong. */
export function refuseEncoded(app: App): void {
  app.addHook('preParsing', (request, _reply, payload, done) => {
    const encoding = request.headers['content-encoding'] ?? IDENTITY;
    if (encoding.toLowerCase() === IDENTITY) done(null, payload);
    else done(new Refusal('unsupported-media-type', `a body is taken as it is, without content-encoding ${encoding}`));
  });
}

/** Whether a request carries NDJSON. */
export function isNdjson(contentType: string | undefined): boolean {
  return contentType?.toLowerCase().startsWith(NDJSON) ?? false;
}

/** Answers with text that needs no serialising. */
export function sendText(reply: FastifyReply, type: string, text: string): FastifyReply {
  return reply.type(type).send(text);
}
