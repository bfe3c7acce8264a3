/** POST /v1/dags: one submission as JSON, or many as NDJSON. */
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { submittedSchema } from '../../answers/schemas.js';
import type { Submitted } from '../../answers/types.js';
import type { InputEntry } from '../../catalogue/generated/types.js';
import { outcomeOf, placeOf, putOne, refusalOfEvent } from '../../edge/answers.js';
import { type BatchLanguage, runBatch } from '../../edge/batch.js';
import { quote } from '../../edge/dispatch-lines.js';
import { type Line, linesOf, textOf } from '../../edge/json/text.js';
import { BATCH_BYTES, BATCH_LINES } from '../../edge/limits.js';
import { Refusal } from '../../edge/problems.js';
import { acceptedAs } from '../../edge/submission/accepted.js';
import { readSubmission } from '../../edge/submission/read.js';
import { submissionSchema } from '../../edge/submission/schema.js';
import { nameText } from '../../edge/wire.js';
import type { Answer } from '../../inbox/port.js';
import { type Gateway, idempotencyKeyOf, sendersOf } from '../context.js';
import type { App } from '../deps.js';
import { isNdjson, JSON_TYPE, keepBytes, NDJSON, sendText } from '../http/bodies.js';
import { repeatHeaders } from './schemas.js';

/** An answer is typed by what was sent. */
const repeatedOrMany = {
  description: 'A submission that repeats an accepted one; or of NDJSON a line for each submission, in their order',
  content: { [JSON_TYPE]: { schema: submittedSchema }, [NDJSON]: { schema: z.string() } },
};

export function submitRoutes(app: App, gateway: Gateway): void {
  keepBytes(app);
  app.post(
    '/v1/dags',
    {
      schema: {
        summary: 'Submit a DAG, or many DAGs as NDJSON',
        description:
          'Answered after its turn is durable. As NDJSON each line is one submission, and is answered by one line: what a single submission is answered with, or {"problem": {…}}. The header Idempotency-Key is for a single one that has no idempotencyKey.',
        tags: ['dags'],
        consumes: [JSON_TYPE, NDJSON],
        headers: repeatHeaders,
        querystring: z.strictObject({ tenant: nameText.optional() }),
        body: submissionSchema,
        response: { 200: repeatedOrMany, 201: submittedSchema },
      },
    },
    async (request, reply) => {
      const body = request.body as unknown as Buffer | undefined;
      if (!Buffer.isBuffer(body)) throw new Refusal('invalid-json', 'the body is empty');
      const tenant = request.query.tenant ?? 'default';
      const idempotencyKey = idempotencyKeyOf(request);
      if (isNdjson(request.headers['content-type'])) {
        if (idempotencyKey !== null) throw keyOfMany();
        const lines = linesOf(body);
        if (lines.length > BATCH_LINES) throw new Refusal('payload-too-large', `more than ${BATCH_LINES} lines`);
        const { inbox, timers } = gateway.deps;
        const language = batchOf(gateway, sendersOf(gateway, request), tenant);
        const answers = await runBatch(lines, language, inbox, () => timers.pause());
        return sendText(reply as FastifyReply, NDJSON, answers);
      }
      const line: Line = { text: textOf(body), bytes: body.length };
      const sender = sendersOf(gateway, request).next();
      const check = gateway.deps.checkSubmission;
      const input = readSubmission(line, { cell: gateway.cell, tenant, idempotencyKey, sender, check });
      const answer = await putOne(gateway.deps.inbox, input);
      const submitted = await submittedOf(gateway, input, answer);
      reply.code(submitted.duplicate ? 200 : 201);
      reply.header('location', `/v1/dags/${encodeURIComponent(submitted.dagId)}`);
      return sendText(reply as FastifyReply, JSON_TYPE, textOfSubmitted(submitted));
    },
  );
}

/** One key can't tell repeats of many; passed over, it would let a sender repeat what then runs twice. */
function keyOfMany(): Refusal {
  return new Refusal('invalid-value', 'in NDJSON each line has its own idempotencyKey, not the request');
}

function batchOf(gateway: Gateway, senders: ReturnType<typeof sendersOf>, tenant: string): BatchLanguage<Line> {
  const { cell, deps } = gateway;
  const check = deps.checkSubmission;
  const problemLine = problemLines();
  return {
    read: (line) => readSubmission(line, { cell, tenant, idempotencyKey: null, sender: senders.next(), check }),
    answered: (input, answer) => {
      const outcome = outcomeOf(answer.events);
      if (outcome === null) return textOfSubmitted(acceptedAs(input, answer));
      if ('refused' in outcome) return problemLine(refusalOfEvent(outcome.refused, answer.turn, input));
      return submittedOf(gateway, input, answer).then(textOfSubmitted);
    },
    refused: problemLine,
  };
}

/**
 * Refusals of one request as lines. A short line may have a hundred problems, and all of a hundred thousand such lines are
 * a GB, more than one answer can be: once they are as much as a request may be, the first problem of each further line
 * is told.
 */
function problemLines(): (refusal: Refusal) => string {
  let chars = 0;
  return ({ details, retryAfterMs }) => {
    const problems = chars < BATCH_BYTES ? details.problems : details.problems.slice(0, 1);
    const retry = retryAfterMs === null ? {} : { retryAfterMs };
    const line = JSON.stringify({ problem: { ...details, problems, ...retry } });
    chars += line.length;
    return line;
  };
}

/** The answer to an accepted submission; a repeat gets that of the first one. */
async function submittedOf(gateway: Gateway, input: InputEntry, answer: Answer): Promise<Submitted> {
  const outcome = outcomeOf(answer.events);
  const fresh = acceptedAs(input, answer);
  if (outcome === null || !('duplicate' in outcome)) return fresh;
  const { dag } = outcome.duplicate;
  const name = dag < 0 ? null : await gateway.deps.names.nameOf(dag);
  const place = placeOf(outcome.duplicate, answer);
  return { ...fresh, ...place, dagId: name?.dagId ?? fresh.dagId, dag, duplicate: true };
}

function textOfSubmitted({ dagId, dag, turn, atMs, duplicate }: Submitted): string {
  return `{"dagId":${quote(dagId)},"dag":${dag},"turn":${turn},"atMs":${atMs},"duplicate":${duplicate}}`;
}
