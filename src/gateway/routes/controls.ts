/** Controls of DAGs and jobs: each is one input, answered after its turn is durable. */
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { controlledSchema } from '../../answers/schemas.js';
import type { Controlled } from '../../answers/types.js';
import { sealInput } from '../../catalogue/codec.js';
import { Code } from '../../catalogue/generated/codes.js';
import type { BodyOf, InputCode } from '../../catalogue/generated/types.js';
import { putControl } from '../../edge/answers.js';
import { textOf } from '../../edge/json/text.js';
import { CONTROL_BYTES, OUTPUT_BYTES, PRIORITY } from '../../edge/limits.js';
import { textWithin } from '../../edge/submission/read.js';
import { jsonValueOf } from '../../edge/user-json.js';
import { deadline, nameText, wholeNumber } from '../../edge/wire.js';
import { type Gateway, idempotencyKeyOf, sendersOf } from '../context.js';
import type { App } from '../deps.js';
import { JSON_TYPE, keepBytes, parseBodies } from '../http/bodies.js';
import { emptyBody, ofDag, ofJob, reasonBody, repeatHeaders, tenantQuery } from './schemas.js';

/** Hands a control in; the Idempotency-Key of the request, if it has one, is its inputId. Throws `Refusal`. */
export async function control<C extends InputCode>(
  gateway: Gateway,
  request: FastifyRequest,
  code: C,
  body: BodyOf<C>,
): Promise<Controlled> {
  const sender = sendersOf(gateway, request).next(idempotencyKeyOf(request));
  return putControl(gateway.deps, sealInput(code, sender, body));
}

/** What the API page says of a control. */
export function about(summary: string, tag: string) {
  return { summary, tags: [tag], headers: repeatHeaders, response: { 200: controlledSchema } };
}

export function dagControls(app: App, gateway: Gateway): void {
  parseBodies(app, CONTROL_BYTES);
  const tag = 'dags';
  app.post(
    '/v1/dags/:dagId/cancel',
    { schema: { ...about('End a DAG', tag), ...ofDag, body: reasonBody } },
    (request) => control(gateway, request, Code.CancelDag, { ...named(request), reason: request.body?.reason ?? '' }),
  );
  app.post(
    '/v1/dags/:dagId/pause',
    { schema: { ...about('Pause a DAG', tag), ...ofDag, body: emptyBody } },
    (request) => control(gateway, request, Code.PauseDag, named(request)),
  );
  app.post(
    '/v1/dags/:dagId/resume',
    { schema: { ...about('End a pause', tag), ...ofDag, body: emptyBody } },
    (request) => control(gateway, request, Code.ResumeDag, named(request)),
  );
  app.post(
    '/v1/dags/:dagId/retry',
    { schema: { ...about('Run again what failed or was cancelled', tag), ...ofDag, body: emptyBody } },
    (request) => control(gateway, request, Code.RetryDag, named(request)),
  );
  app.post(
    '/v1/dags/:dagId/reprioritize',
    { schema: { ...about('Change the priority', tag), ...ofDag, body: priorityBody } },
    (request) => control(gateway, request, Code.ReprioritizeDag, { ...named(request), ...request.body }),
  );
  app.post(
    '/v1/dags/:dagId/set-deadline',
    { schema: { ...about('Change the deadlines; absent means none', tag), ...ofDag, body: deadlineBody } },
    (request) => {
      const { deadlineAtMs, hardDeadlineAtMs } = request.body;
      const deadlines = { deadlineAtMs: deadlineAtMs ?? null, hardDeadlineAtMs: hardDeadlineAtMs ?? null };
      return control(gateway, request, Code.SetDeadline, { ...named(request), ...deadlines });
    },
  );
}

export function jobControls(app: App, gateway: Gateway): void {
  parseBodies(app, CONTROL_BYTES);
  app.post(
    '/v1/dags/:dagId/jobs/:job/cancel',
    { schema: { ...about('End a job', 'dags'), ...ofJob, body: reasonBody } },
    (request) => {
      const { job } = request.params;
      return control(gateway, request, Code.CancelJob, { ...named(request), job, reason: request.body?.reason ?? '' });
    },
  );
  app.post(
    '/v1/dags/:dagId/jobs/:job/retry',
    { schema: { ...about('Run a job again, and all after it', 'dags'), ...ofJob, body: emptyBody } },
    (request) => control(gateway, request, Code.RetryJob, { ...named(request), job: request.params.job }),
  );
}

const priorityBody = z.strictObject({ priority: wholeNumber(-PRIORITY, PRIORITY) });
const deadlineBody = z.strictObject({ deadlineAtMs: deadline.nullish(), hardDeadlineAtMs: deadline.nullish() });

/** The DAG that a request names. */
function named(request: { readonly query: { readonly tenant: string }; readonly params: { readonly dagId: string } }) {
  return { tenant: request.query.tenant, dagId: request.params.dagId };
}

/** POST …/signals/:name: the body is the answer, kept as it was received. */
export function signalRoute(app: App, gateway: Gateway): void {
  keepBytes(app);
  app.post(
    '/v1/dags/:dagId/signals/:name',
    {
      bodyLimit: OUTPUT_BYTES,
      schema: {
        ...about('Answer a signal job', 'dags'),
        consumes: [JSON_TYPE],
        params: z.strictObject({ dagId: nameText, name: nameText }),
        querystring: tenantQuery,
        body: z.unknown(),
      },
    },
    (request) => {
      const { dagId, name } = request.params;
      const output = answerOf(request.body as Buffer | undefined);
      return control(gateway, request, Code.ResolveSignal, { ...request.query, dagId, signal: name, output });
    },
  );
}

/** The JSON of a signal's answer as it was received, without the white space around it; null for an empty body. */
function answerOf(body: Buffer | undefined): Uint8Array | null {
  if (!Buffer.isBuffer(body) || body.length === 0) return null;
  return Buffer.from(jsonValueOf(textWithin({ text: textOf(body), bytes: body.length }, OUTPUT_BYTES)), 'utf8');
}
