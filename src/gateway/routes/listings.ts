/** Lists and searches of DAGs and jobs. How each is answered, and which of them scan, is in docs/api.md. */
import { z } from 'zod';
import { dagSummarySchema, foundJobSchema, hitSchema } from '../../answers/schemas.js';
import { nameText } from '../../edge/wire.js';
import { type Gateway, untilAccepted } from '../context.js';
import type { App } from '../deps.js';
import { lookUp } from '../lookup.js';
import { dagQueryOf, dagsQuery, jobQueryOf, jobsQuery } from './query.js';
import { knownDag } from './reads.js';
import { described, turnSchema } from './schemas.js';

const next = z.string().nullable().describe('The cursor of the next page; null at the end.');

export function listingRoutes(app: App, gateway: Gateway): void {
  const { views } = gateway.deps;
  /** What a look finds, and the turn that it stands for: that at which it began, as the fold goes on meanwhile. */
  const read = async <T>(look: () => Promise<T>): Promise<{ readonly found: T; readonly turn: number }> => {
    const { turn } = views.cell();
    const found = await look();
    await untilAccepted(gateway);
    return { found, turn };
  };
  app.get(
    '/v1/dags',
    described(
      'dags',
      'DAGs, by id, text, label, state, class, tenant, time',
      z.object({ dags: z.array(dagSummarySchema), next, turn: turnSchema }),
      { querystring: dagsQuery },
    ),
    async (request) => {
      const { found, turn } = await read(() => views.findDags(dagQueryOf(request.query)));
      return { dags: found.items, next: found.next === null ? null : String(found.next), turn };
    },
  );
  app.get(
    '/v1/jobs',
    described(
      'dags',
      'Jobs of all DAGs, by text, state, class, tenant, time',
      z.object({ jobs: z.array(foundJobSchema), next, turn: turnSchema }),
      { description: 'Children of fan-outs are jobs of their own here.', querystring: jobsQuery },
    ),
    async (request) => {
      const { dag: dagId, tenant } = request.query;
      const dag = dagId === undefined ? null : (await knownDag(gateway, tenant ?? 'default', dagId)).dag;
      const { found, turn } = await read(() => views.findJobs(jobQueryOf(request.query, dag)));
      const cursor = found.next === null ? null : `${found.next.dag}.${found.next.index}`;
      return { jobs: found.items, next: cursor, turn };
    },
  );
  app.get(
    '/v1/search',
    described(
      'dags',
      'What an id names: a DAG, a job, a lease, an executor, a class, a tenant',
      z.object({ hits: z.array(hitSchema), turn: turnSchema }),
      {
        description:
          'Whole ids are looked up: of DAGs, dag/job, tokens of leases, executors, classes, tenants. If none is known, DAGs that begin with it are searched for.',
        querystring: z.strictObject({ q: nameText }),
      },
    ),
    async (request) => {
      const { found, turn } = await read(() => lookUp(gateway, request.query.q));
      return { hits: found, turn };
    },
  );
}
