/** The executor protocol: register, receive dispatches, report, leave (docs/executor-protocol.md). */
import { z } from 'zod';
import { controlledSchema } from '../../answers/schemas.js';
import { sealInput } from '../../catalogue/codec.js';
import { Code } from '../../catalogue/generated/codes.js';
import type { HeldToken } from '../../catalogue/generated/types.js';
import { parseLease } from '../../catalogue/lease.js';
import { putOnce } from '../../edge/answers.js';
import {
  BATCH_BYTES,
  EXECUTOR_SLOTS,
  HEARTBEATS_PER_SESSION,
  HELD,
  INT_MAX,
  LABELS,
  POLL_MESSAGES,
  POLL_WAIT_MS,
  SESSION_DEFAULT_MS,
  SESSION_MAX_MS,
  SESSION_MIN_MS,
  TEXT_BYTES,
} from '../../edge/limits.js';
import { problem, refusalOf } from '../../edge/problems.js';
import { byUtf8 } from '../../edge/submission/order.js';
import { boundedText, historyText, nameText, queryNumber, recordOf, tokenText, wholeNumber } from '../../edge/wire.js';
import { checkReign, type Gateway, idempotencyKeyOf, sendersOf } from '../context.js';
import type { App } from '../deps.js';
import { Polls } from '../dispatch/poll.js';
import { JSON_TYPE, NDJSON, parseBodies } from '../http/bodies.js';
import { control } from './controls.js';
import { described, executorParams, repeatHeaders } from './schemas.js';

export const registeredSchema = z.object({
  executor: z.int(),
  sessionMs: z.int(),
  heartbeatMs: z.int(),
  turn: z.int(),
  history: historyText.nullable().describe('Names the history; null where its first turn is in an archive.'),
  reign: z
    .object({ id: z.string(), turn: z.int() })
    .nullable()
    .describe('Who makes the turns, and the first one of them; null on Kafka.'),
});

const registration = z.strictObject({
  incarnation: nameText.describe('New for each process.'),
  group: nameText.default('default'),
  class: nameText,
  slots: wholeNumber(0, EXECUTOR_SLOTS),
  labels: recordOf(boundedText(TEXT_BYTES))
    .refine((labels) => Object.keys(labels).length <= LABELS, `more than ${LABELS} labels`)
    .default({}),
  history: historyText.optional().describe('The history that held was taken from, as an earlier registration gave it.'),
  sessionMs: wholeNumber(SESSION_MIN_MS, SESSION_MAX_MS).default(SESSION_DEFAULT_MS),
  held: z
    .array(z.strictObject({ token: tokenText, slots: wholeNumber(1, INT_MAX) }))
    .max(HELD)
    .default([])
    .describe('Tokens of leases that it still works on.'),
});

export function registrationRoutes(app: App, gateway: Gateway): void {
  parseBodies(app, BATCH_BYTES);
  app.post(
    '/v1/executors/:executor/register',
    described('executors', 'Offer slots of one class', registeredSchema, {
      headers: repeatHeaders,
      params: executorParams,
      body: registration,
    }),
    async (request) => {
      const { executor } = request.params;
      const { incarnation, group, class: executorClass, slots, labels, sessionMs, held } = request.body;
      await gateway.history.check(request.body.history);
      const sender = sendersOf(gateway, request).next(idempotencyKeyOf(request));
      const input = sealInput(Code.RegisterExecutor, sender, {
        executor,
        incarnation,
        group,
        executorClass,
        slots,
        labels: Object.entries(labels)
          .map(([name, value]) => ({ name, value }))
          .sort(byUtf8),
        sessionMs,
        held: held.map((one, index) => heldToken(one, index, gateway.cell)),
      });
      const answer = await putOnce(gateway.deps, input);
      const registered = answer.events.find((event) => event.code === Code.ExecutorRegistered);
      const seq = registered?.body.executor ?? gateway.deps.views.executor(executor)?.seq ?? -1;
      const heartbeatMs = Math.floor(sessionMs / HEARTBEATS_PER_SESSION);
      const history = await gateway.history.id();
      const reign = gateway.deps.reign();
      return { executor: seq, sessionMs, heartbeatMs, turn: answer.turn, history, reign };
    },
  );
  app.post(
    '/v1/executors/:executor/deregister',
    described('executors', 'Leave', controlledSchema, {
      description: 'Not remembered by a key: who has left already, and says so again, is refused as stale-incarnation.',
      params: executorParams,
      body: z.strictObject({ incarnation: nameText }),
    }),
    (request) => control(gateway, request, Code.DeregisterExecutor, { ...request.params, ...request.body }),
  );
}

function heldToken(held: { readonly token: string; readonly slots: number }, index: number, cell: string): HeldToken {
  const lease = parseLease(cell, held.token);
  if (lease === null) {
    const detail = `${held.token} is no token of the cell ${cell}`;
    throw refusalOf([problem('invalid-value', `/held/${index}/token`, detail)]);
  }
  return { lease, slots: held.slots };
}

const dispatchQuery = z.strictObject({
  incarnation: nameText,
  reign: nameText.optional().describe('The id of the reign in which it was registered.'),
  waitMs: queryNumber(0, POLL_WAIT_MS).optional().describe('Asks for one answer (long poll).'),
  max: queryNumber(1, POLL_MESSAGES).default(POLL_MESSAGES),
});

const dispatched = {
  description: 'One message a line for as long as the stream is open, or the messages of one poll',
  content: {
    [JSON_TYPE]: { schema: z.object({ messages: z.array(z.looseObject({ type: z.string() })) }) },
    [NDJSON]: { schema: z.string() },
  },
};

export function dispatchRoutes(app: App, gateway: Gateway): void {
  const { hub, deps, streams } = gateway;
  const polls = new Polls(hub, deps.views, deps.clock);
  hub.onGone = (seq) => polls.forget(seq);
  app.get(
    '/v1/executors/:executor/dispatches',
    {
      exposeHeadRoute: false,
      schema: {
        summary: 'Dispatches and stops for an executor, as a stream or by long polls',
        description: `Without waitMs the answer is ${NDJSON} and stays open; with it, one JSON answer {"messages": […]}.`,
        tags: ['executors'],
        params: executorParams,
        querystring: dispatchQuery,
        response: { 200: dispatched },
      },
    },
    async (request, reply) => {
      const { executor } = request.params;
      const { incarnation, reign, waitMs, max } = request.query;
      checkReign(gateway, reign);
      if (waitMs !== undefined) {
        const isGone = (): boolean => reply.raw.destroyed;
        const lines = await polls.next(executor, incarnation, { waitMs, max, isGone });
        return reply.type(JSON_TYPE).send(`{"messages":[${lines.join(',')}]}`);
      }
      await hub.connect(executor, incarnation, () => {
        streams.take(reply.raw);
        reply.hijack();
        return streams.begin(reply.raw, NDJSON);
      });
      return reply;
    },
  );
}
