/** Requests that come to no route: what is no HTTP, too slow, too long, or no address. They get a problem as well. */
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEM_TYPE, Refusal } from '../../edge/problems.js';
import type { App } from '../deps.js';
import { sendRefusal } from './errors.js';

/** Answers bytes that Node's parser would not take, and ends the connection: nothing after them can be trusted. */
export function answerClientError(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (socket.writable) socket.write(rawAnswer(refusalOfClient(error)));
  socket.destroySoon();
}

function refusalOfClient({ code, message }: { readonly code?: string; readonly message: string }): Refusal {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new Refusal('request-timeout', 'the request did not arrive in time');
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new Refusal('headers-too-large', 'address and headers are larger than the server reads');
  }
  return new Refusal('malformed-request', message);
}

function rawAnswer({ status, details }: Refusal): string {
  const body = JSON.stringify(details);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

/**
 * Takes over two answers of Node's server that have no body: a request of HTTP/1.1 that names no host is refused here (RFC
 * 9112, 3.2), and one that expects what nobody knows is carried out as any other (RFC 9110, 10.1.1).
 */
export function answerForNode(app: App): void {
  const { server } = app;
  server.on('checkExpectation', (request, response) => void server.emit('request', request, response));
  app.addHook('onRequest', ({ raw }, _reply, done) => {
    const isMissing = raw.headers.host === undefined && raw.httpVersion === '1.1';
    done(isMissing ? new Refusal('malformed-request', 'the request has no header Host') : undefined);
  });
}

/** Answers an address that can't be decoded, or has a part that is longer than any name. */
export function answerBadAddress(error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  const isLong = error.code === 'FST_ERR_MAX_PARAM_LENGTH';
  const refusal = isLong
    ? new Refusal('invalid-value', 'a part of the address is longer than any name')
    : new Refusal('malformed-request', error.message);
  sendRefusal(reply, refusal);
}
