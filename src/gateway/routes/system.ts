/** Health, readiness, metrics. */
import type { Registry } from 'prom-client';
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
  app.get('/metrics', { schema: { summary: 'Metrics for Prometheus', tags } }, async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  );
}
