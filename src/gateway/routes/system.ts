/** Health, readiness, metrics. */
import type { Registry } from 'prom-client';
import { z } from 'zod';
import { ERRORS, isErrorCode } from '../../catalogue/generated/errors.js';
import type { Gateway } from '../context.js';
import type { App } from '../deps.js';
import { Refusal } from '../problems.js';

export function systemRoutes(app: App, { deps }: Gateway, registry: Registry): void {
  const tags = ['system'];
  app.get('/healthz', { schema: { summary: 'Whether the process runs', tags } }, (_request, reply) =>
    reply.send({ status: 'ok' }),
  );
  app.get('/readyz', { schema: { summary: 'Whether it takes work', tags } }, (_request, reply) => {
    const reason = deps.notReady?.() ?? null;
    if (reason !== null) throw new Refusal('not-ready', reason);
    return reply.send({ status: 'ready', turn: deps.views.cell().turn });
  });
  app.get(
    '/errors/:code',
    {
      schema: {
        summary: 'What a code means, and what to do about it',
        tags,
        params: z.strictObject({ code: z.string().max(64) }),
      },
    },
    (request, reply) => {
      const { code } = request.params;
      if (!isErrorCode(code)) throw new Refusal('not-found', `there is no code ${code}`);
      return reply.send({ code, ...ERRORS[code] });
    },
  );
  app.get('/metrics', { schema: { summary: 'Metrics for Prometheus', tags } }, async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  );
}
