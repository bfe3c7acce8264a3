/** Why a job isn't running: one of a closed list of reasons, with its numbers (docs/policy.md). */
import { explainSchema } from '../../answers/explanation.js';
import { type Gateway, untilAccepted } from '../context.js';
import type { App } from '../deps.js';
import { TURN_HEADER } from '../http/turns.js';
import { knownDag, noJob } from './reads.js';
import { described, ofJob } from './schemas.js';

export function explainRoutes(app: App, gateway: Gateway): void {
  app.get(
    '/v1/dags/:dagId/jobs/:job/explain',
    described('dags', "Why a job isn't running", explainSchema, ofJob),
    async (request, reply) => {
      const { dagId, job } = request.params;
      const dag = await knownDag(gateway, request.query.tenant, dagId);
      const explained = await gateway.deps.views.explain(dag.dag, job);
      await untilAccepted(gateway);
      if (explained === null) throw noJob(dagId, job);
      return reply.header(TURN_HEADER, explained.turn).send(explained);
    },
  );
}
