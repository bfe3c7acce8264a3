/** Which turn an answer stands for, and answers that wait for a turn: so a sender reads its own writes anywhere. */
import type { FastifyRequest } from 'fastify';
import { Refusal } from '../../edge/problems.js';
import { type Gateway, untilTurn } from '../context.js';
import type { App } from '../deps.js';

/** The turn that an answer stands for. */
export const TURN_HEADER = 'marie-turn';

const READS: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** Reads carry `Marie-Turn`: everything up to that turn is in them. `?atLeastTurn=` waits until that much is. */
export function standForTurns(app: App, gateway: Gateway): void {
  app.addHook('preValidation', async (request) => {
    const turn = takeAtLeastTurn(request);
    if (turn !== null) await untilTurn(gateway, turn);
  });
  app.addHook('preHandler', async (request, reply) => {
    if (READS.has(request.method) && request.url.startsWith('/v1/')) {
      reply.header(TURN_HEADER, String(gateway.deps.views.cell().turn));
    }
  });
}

/** Takes the parameter out of the query: no route has it by itself. */
function takeAtLeastTurn(request: FastifyRequest): number | null {
  const query = request.query as { atLeastTurn?: unknown };
  if (!Object.hasOwn(query, 'atLeastTurn')) return null;
  const turn = Number(query.atLeastTurn);
  delete query.atLeastTurn;
  if (Number.isSafeInteger(turn) && turn >= 0) return turn;
  throw new Refusal('invalid-value', 'atLeastTurn is the number of a turn');
}
