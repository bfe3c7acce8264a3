/** GET /v1/lifecycle: server-sent events of what happens in the cell. */
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Topic } from '../../catalogue/generated/codes.js';
import { TOPICS } from '../../catalogue/told-topics.js';
import type { Filter } from '../../edge/lifecycle/filter.js';
import { Refusal } from '../../edge/problems.js';
import { nameText } from '../../edge/wire.js';
import { readTurn } from '../../journal/port.js';
import { type Gateway, untilTurn } from '../context.js';
import type { App } from '../deps.js';
import { tellCut } from '../http/errors.js';
import { markOf, type Position, parsePosition } from '../lifecycle/position.js';
import { answeredAs } from './schemas.js';

const query = z.strictObject({
  dag: nameText.optional().describe('Only this DAG.'),
  tenant: nameText.optional().describe('Only this tenant; with dag, the tenant of the DAG (default where absent).'),
  topics: z
    .string()
    .max(200)
    .optional()
    .describe(`Some of ${TOPICS.join(',')}; lifecycle where absent.`),
  lastEventId: z.string().max(300).optional().describe('As the header Last-Event-ID.'),
});

export function lifecycleRoutes(app: App, gateway: Gateway): void {
  app.get(
    '/v1/lifecycle',
    {
      exposeHeadRoute: false,
      schema: {
        summary: 'What happens, as server-sent events',
        description:
          'The id of an event in the stream is cell:turn:index:mark: its own id, as in its data and on the topics, and by what its turn is told from one of the same number in another history. A reader that sends the last one as Last-Event-ID gets everything after it from the journal, then what happens from then on; where that turn is gone, since the journal began anew or was put back, the answer is other-history. Without the mark a place is taken as its number says. An event of a DAG that nobody can name any more comes without tenant and dagId, whichever tenant is asked for; a callback about it comes to none.',
        tags: ['lifecycle'],
        querystring: query,
        response: { 200: answeredAs('text/event-stream', 'Events for as long as the stream is open') },
      },
    },
    async (request, reply) => {
      const { dag, tenant, topics } = request.query;
      const filter = await filterOf(gateway, { dag, tenant, topics });
      const after = await positionOf(gateway, request);
      gateway.streams.take(reply.raw);
      reply.hijack();
      const stream = gateway.streams.begin(reply.raw, 'text/event-stream');
      gateway.feed.serve(stream, filter, after).catch((error: unknown) => {
        tellCut(request, error);
        stream.cut();
      });
    },
  );
}

interface Asked {
  readonly dag: string | undefined;
  readonly tenant: string | undefined;
  readonly topics: string | undefined;
}

async function filterOf(gateway: Gateway, { dag, tenant, topics }: Asked): Promise<Filter> {
  const chosen = new Set((topics ?? 'lifecycle').split(',').map(topicNamed));
  if (dag === undefined) return { topics: chosen, dag: null, tenant: tenant ?? null };
  const name = { tenant: tenant ?? 'default', dagId: dag };
  const view = await gateway.deps.views.dag(name.tenant, name.dagId);
  if (view === null) throw new Refusal('unknown-dag', `tenant ${name.tenant} has no DAG ${dag}`);
  return { topics: chosen, dag: { ...name, seq: view.dag }, tenant: null };
}

function topicNamed(name: string): Topic {
  const topic = TOPICS.find((one) => one === name);
  if (topic === undefined) throw new Refusal('invalid-value', `no topic ${name}; there are ${TOPICS.join(', ')}`);
  return topic;
}

/**
 * Where a reader stopped. One that was further than this process
 * waits for it: told from there on, it would hear nothing.
 */
async function positionOf(gateway: Gateway, request: FastifyRequest): Promise<Position | null> {
  const header = request.headers['last-event-id'];
  const id = header ?? (request.query as z.infer<typeof query>).lastEventId;
  if (id === undefined) return null;
  const position = typeof id === 'string' ? parsePosition(id, gateway.cell) : null;
  if (position === null) throw new Refusal('invalid-value', `Last-Event-ID is no event of the cell ${gateway.cell}`);
  await untilThere(gateway, position.index < 0 ? position.turn - 1 : position.turn);
  const turn = Math.max(1, position.turn);
  const record = await readTurn(gateway.deps.journal, turn);
  if (record === 'gone') {
    throw new Refusal('not-found', `turn ${turn} is archived: what came after it is not told any more`);
  }
  if (position.mark !== null && record !== 'to-come' && markOf(record.hash) !== position.mark) {
    throw new Refusal(
      'other-history',
      `turn ${turn} is another one here: what came after the one that was told is gone`,
    );
  }
  return position;
}

/** A process of several may be behind the one that told a turn; where there is only one, the turn is gone. */
async function untilThere(gateway: Gateway, turn: number): Promise<void> {
  if (gateway.deps.reign() === null || turn <= gateway.hub.published) return untilTurn(gateway, turn);
  throw new Refusal('other-history', `there is no turn ${turn} here, the last one is ${gateway.hub.published}`);
}
