/** Every refusal of the server, whoever found it, leaves as problem details. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { CatalogueError } from '../../catalogue/error.js';
import { PROBLEM_TYPE, Refusal, refusalOfFailure, retryAfterSeconds } from '../../edge/problems.js';
import type { App } from '../deps.js';
import { BODY_TYPES } from './bodies.js';
import { closeGently } from './connections.js';

/** Sets the error handlers of the server and its answers to addresses and methods that it does not have. */
export function answerErrors(app: App): void {
  const routes = new RouteTable();
  app.addHook('onRoute', ({ url, method }) => routes.add(url, typeof method === 'string' ? [method] : method));
  app.setErrorHandler((error, request, reply) => {
    // A body that no route would have read says nothing: what is wrong is the address or the method.
    const refusal = request.is404 ? missing(request, routes) : refusalOfError(error, request);
    if (refusal.status >= 500) tell(request, refusal);
    return sendRefusal(reply, refusal);
  });
  app.setNotFoundHandler((request, reply) => sendRefusal(reply, missing(request, routes)));
}

/** Answers with a refusal. */
export function sendRefusal(reply: FastifyReply, refusal: Refusal): FastifyReply {
  closeGently(reply.request.raw);
  if (refusal.retryAfterMs !== null) reply.header('retry-after', retryAfterSeconds(refusal.retryAfterMs));
  if (refusal.allow.length > 0) reply.header('allow', refusal.allow.join(', '));
  // The answer that was begun may have had words about how long it holds.
  reply.removeHeader('etag').header('cache-control', 'no-store');
  return reply.code(refusal.status).type(PROBLEM_TYPE).send(JSON.stringify(refusal.details));
}

/** Of the fabric itself, and of the disk that it has. */
const FAULTS: ReadonlySet<number> = new Set([500, 507]);

/**
 * A fault of the program or of a disk is told with its place. That
 * nobody answers for now is told by what the fabric waits for.
 */
function tell({ log }: FastifyRequest, refusal: Refusal): void {
  const { code, detail, status } = refusal.details;
  if (FAULTS.has(status)) log.error({ err: refusal.cause ?? refusal, code }, 'request failed');
  else log.info({ code, detail }, 'request refused');
}

/** Tells why an answer is cut off in its middle, as it would have been told before its head. */
export function tellCut(request: FastifyRequest, error: unknown): void {
  tell(request, refusalOfFailure(error));
}

function missing(request: FastifyRequest, routes: RouteTable): Refusal {
  const path = request.url.split('?', 1)[0] ?? '';
  const allow = routes.methodsOf(path);
  if (allow.length === 0) return new Refusal('not-found', `nothing is at ${path}`);
  return new Refusal('method-not-allowed', `${path} takes ${allow.join(', ')}`, { allow });
}

function refusalOfError(error: unknown, request: FastifyRequest): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof CatalogueError && error.code === 'invalid-value') {
    return new Refusal('invalid-value', error.message);
  }
  const { code, statusCode, message } = error as Partial<FastifyError>;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new Refusal('payload-too-large', message ?? 'too large');
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return unsupported(request);
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new Refusal(statusCode === 413 ? 'payload-too-large' : 'invalid-value', message ?? 'bad request');
  }
  return refusalOfFailure(error);
}

/** A body of a type that the route does not take. */
function unsupported({ headers, server }: FastifyRequest): Refusal {
  const taken = BODY_TYPES.filter((type) => server.hasContentTypeParser(type));
  const given = headers['content-type'] ?? 'a body without content-type';
  return new Refusal('unsupported-media-type', `${given} is not taken here, but ${taken.join(' or ')}`);
}

/** Which methods each address takes: only asked when a request found no route. */
class RouteTable {
  readonly #routes: { readonly pattern: RegExp; readonly methods: Set<string> }[] = [];
  readonly #byUrl = new Map<string, Set<string>>();

  add(url: string, methods: readonly string[]): void {
    let known = this.#byUrl.get(url);
    if (known === undefined) {
      known = new Set();
      this.#byUrl.set(url, known);
      this.#routes.push({ pattern: patternOf(url), methods: known });
    }
    for (const method of methods) known.add(method);
  }

  methodsOf(path: string): string[] {
    const methods = new Set<string>();
    for (const route of this.#routes) {
      if (!route.pattern.test(path)) continue;
      for (const method of route.methods) methods.add(method);
    }
    return [...methods].sort();
  }
}

function patternOf(url: string): RegExp {
  const parts = url.split('/').map((part) => {
    if (part.startsWith(':')) return '[^/]+';
    if (part === '*') return '.*';
    return part.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`);
  });
  return new RegExp(`^${parts.join('/')}$`, 'u');
}
