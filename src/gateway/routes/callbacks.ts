/** POST /v1/executors/{id}/callbacks: many callbacks in one request, each answered by one line. */
import { z } from 'zod';
import type { InputEntry } from '../../catalogue/generated/types.js';
import { type BatchLanguage, runBatch } from '../../edge/batch.js';
import { acceptedLine, refusedBy, refusedLine } from '../../edge/callbacks/answer.js';
import { type CallbackContext, heartbeat, readCallback } from '../../edge/callbacks/read.js';
import { callbackSchema } from '../../edge/callbacks/schema.js';
import { eachElement, isArrayAt, skipSpace, skipValue, TooDeep } from '../../edge/json/raw.js';
import { type Line, linesOf, textOf } from '../../edge/json/text.js';
import { BATCH_BYTES, BATCH_LINES } from '../../edge/limits.js';
import { Refusal } from '../../edge/problems.js';
import { parseJson, textWithin, tooDeep } from '../../edge/submission/read.js';
import { historyText, nameText } from '../../edge/wire.js';
import { checkReign, type Gateway, sendersOf } from '../context.js';
import type { App } from '../deps.js';
import { isNdjson, JSON_TYPE, keepBytes, NDJSON } from '../http/bodies.js';
import { answeredAs } from './schemas.js';

export function callbackRoutes(app: App, gateway: Gateway): void {
  keepBytes(app);
  app.post(
    '/v1/executors/:executor/callbacks',
    {
      bodyLimit: BATCH_BYTES,
      schema: {
        summary: 'Report on dispatches',
        description:
          'An array of callbacks, or one; as NDJSON one a line. Answered when all turns are durable, by one line each: {"accepted":true,"turn"} or {"accepted":false,"code","detail","turn"}.',
        tags: ['executors'],
        consumes: [JSON_TYPE, NDJSON],
        params: z.strictObject({ executor: nameText }),
        querystring: z.strictObject({
          incarnation: nameText,
          history: historyText.optional(),
          reign: nameText.optional(),
        }),
        body: z.array(callbackSchema),
        response: { 200: answeredAs(NDJSON, 'One line for each callback, in their order') },
      },
    },
    async (request, reply) => {
      const body = request.body as unknown as Buffer | undefined;
      if (!Buffer.isBuffer(body)) throw new Refusal('invalid-json', 'the body is empty');
      await gateway.history.check(request.query.history);
      checkReign(gateway, request.query.reign);
      const lines = isNdjson(request.headers['content-type']) ? linesOf(body) : elementsOf(body);
      if (lines.length > BATCH_LINES) throw new Refusal('payload-too-large', `more than ${BATCH_LINES} callbacks`);
      const context = {
        cell: gateway.cell,
        executor: request.params.executor,
        incarnation: request.query.incarnation,
        senders: sendersOf(gateway, request),
      };
      const language = languageOf(gateway, context);
      const { inbox, timers } = gateway.deps;
      return reply.type(NDJSON).send(await runBatch(lines, language, inbox, () => timers.pause()));
    },
  );
}

function languageOf({ deps, hub }: Gateway, context: CallbackContext): BatchLanguage<Line> {
  const { executor, incarnation } = context;
  const nowMs = deps.clock.monotonicMs();
  const sender = deps.views.executor(executor)?.seq ?? NOBODY;
  let acceptedTurn = -1;
  let accepted = '';
  return {
    read(line): InputEntry | string {
      const input = readCallback(line, context);
      if (input !== null) {
        if ('lease' in input.body) checkOwner(deps.leases.ownerOf(input.body.lease.token), sender);
        return input;
      }
      if (hub.sessions.repeats(executor, incarnation, nowMs)) return acceptedLine(hub.published);
      return heartbeat(context);
    },
    answered(_input, { turn, events }) {
      const refused = refusedBy(events, turn);
      if (refused !== null) return refused;
      if (turn !== acceptedTurn) {
        acceptedTurn = turn;
        accepted = acceptedLine(turn);
      }
      return accepted;
    },
    refused({ details }) {
      hub.sessions.notTaken(executor);
      return refusedLine(details.code, details.detail, hub.published);
    },
  };
}

/** The number of an executor that has never registered. */
const NOBODY = -1;

/** Tokens are numbers that can be guessed: one counts only from the executor that it was given to. Throws `Refusal`. */
function checkOwner(owner: number, sender: number): void {
  if (owner !== 0 && owner !== sender) throw new Refusal('stale-token', 'the lease is that of another executor');
}

/** The callbacks of a JSON array, or the one that is no array, each as the text that was received. */
function elementsOf(body: Buffer): Line[] {
  const text = textWithin({ text: textOf(body), bytes: body.length }, BATCH_BYTES);
  parseJson(text);
  const from = skipSpace(text, 0);
  if (!isArrayAt(text, from)) return [{ text: text.slice(from), bytes: body.length }];
  const lines: Line[] = [];
  try {
    eachElement(text, from, (_index, at) => {
      const end = skipValue(text, at);
      const element = text.slice(at, end);
      lines.push({ text: element, bytes: Buffer.byteLength(element) });
      return end;
    });
  } catch (error) {
    throw error instanceof TooDeep ? tooDeep() : error;
  }
  return lines;
}
