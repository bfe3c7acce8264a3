/** What is where; health, readiness, metrics. */
import type { Registry } from 'prom-client';
import { z } from 'zod';
import { processSchema } from '../../answers/schemas.js';
import { Refusal } from '../../edge/problems.js';
import type { Gateway } from '../context.js';
import type { App } from '../deps.js';
import { wantsPage } from '../http/wants-page.js';
import { answeredAs } from './schemas.js';

/** What a person or a program finds from here on. */
const LINKS = {
  page: '/docs',
  openapi: '/openapi.json',
  asyncapi: '/asyncapi.json',
  errors: '/errors',
  metrics: '/metrics',
  ready: '/readyz',
} as const;

export function systemRoutes(app: App, { deps }: Gateway, registry: Registry): void {
  const tags = ['system'];
  const begin = {
    summary: 'Where to go on: browsers are led to the API page',
    tags,
    response: { 200: z.object({ cell: z.string(), links: z.record(z.string(), z.string()) }) },
  };
  app.get('/', { schema: begin }, (request, reply) => {
    if (wantsPage(request)) reply.redirect(LINKS.page);
    else reply.send({ cell: deps.views.cell().cell, links: LINKS });
  });
  const alive = { summary: 'Whether the process runs', tags, response: { 200: z.object({ status: z.literal('ok') }) } };
  app.get('/healthz', { schema: alive }, () => ({ status: 'ok' }) as const);
  const ready = {
    summary: 'Whether it takes work',
    tags,
    response: { 200: z.object({ status: z.literal('ready'), turn: z.int() }) },
  };
  app.get('/readyz', { schema: ready }, () => {
    const reason = deps.notReady();
    if (reason !== null) throw new Refusal('not-ready', reason);
    return { status: 'ready', turn: deps.views.cell().turn } as const;
  });
  const process = { summary: 'What this process is in its cell', tags, response: { 200: processSchema } };
  app.get('/v1/process', { schema: process }, () => {
    const { cell, epoch, turn } = deps.views.cell();
    return { cell, role: deps.role(), epoch, turn };
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
