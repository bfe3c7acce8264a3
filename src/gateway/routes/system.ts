/** Health, readiness, metrics. */
import type { Registry } from 'prom-client';
import { z } from 'zod';
import type { Gateway } from '../context.js';
import type { App } from '../deps.js';
import { Refusal } from '../problems.js';
import { answeredAs } from './schemas.js';

export function systemRoutes(app: App, { deps }: Gateway, registry: Registry): void {
  const tags = ['system'];
  const alive = { summary: 'Whether the process runs', tags, response: { 200: z.object({ status: z.literal('ok') }) } };
  app.get('/healthz', { schema: alive }, () => ({ status: 'ok' }) as const);
  const ready = {
    summary: 'Whether it takes work',
    tags,
    response: { 200: z.object({ status: z.literal('ready'), turn: z.int() }) },
  };
  app.get('/readyz', { schema: ready }, () => {
    const reason = deps.notReady?.() ?? null;
    if (reason !== null) throw new Refusal('not-ready', reason);
    return { status: 'ready', turn: deps.views.cell().turn } as const;
  });
  const metrics = {
    summary: 'Metrics for Prometheus',
    tags,
    response: { 200: answeredAs('text/plain', 'In the text format of Prometheus') },
  };
  app.get('/metrics', { schema: metrics }, async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  );
}
