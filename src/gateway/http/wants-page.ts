import type { FastifyRequest } from 'fastify';

/** Whether a page is asked for: browsers name HTML in `accept`; programs say nothing, or JSON. */
export function wantsPage(request: FastifyRequest): boolean {
  return request.headers.accept?.includes('text/html') ?? false;
}
