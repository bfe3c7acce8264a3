/** Reads of DAGs: answered from the local fold, each for one turn. */
import { z } from 'zod';
import { dagSchema, failureSchema, jobSchema, nodeSchema } from '../../answers/schemas.js';
import type { DagView, JobView, Moment } from '../../answers/types.js';
import { digestOfUri } from '../../blobs/port.js';
import { PAGE } from '../../edge/limits.js';
import { Refusal } from '../../edge/problems.js';
import type { DagWithJobs, JobRange } from '../../scheduler/views/port.js';
import { type Gateway, untilAccepted } from '../context.js';
import type { App } from '../deps.js';
import { JSON_TYPE } from '../http/bodies.js';
import { TURN_HEADER } from '../http/turns.js';
import { answeredAs, dagParams, described, ofDag, ofJob, pageQuery } from './schemas.js';

export function readRoutes(app: App, gateway: Gateway): void {
  app.get(
    '/v1/dags/:dagId',
    described('dags', 'A DAG with its jobs and what has happened', dagSchema, ofDag),
    async (request, reply) => {
      const range = { from: 0, limit: PAGE, children: false };
      const { dag, jobs } = await knownJobs(gateway, request.query.tenant, request.params.dagId, range);
      await untilAccepted(gateway);
      return reply.header(TURN_HEADER, dag.turn).send({ ...dag, jobs, timeline: timelineOf(dag, jobs) });
    },
  );
  app.get(
    '/v1/dags/:dagId/jobs',
    described('dags', 'Jobs of a DAG, in the order of their indexes', z.object({ jobs: z.array(jobSchema) }), {
      params: dagParams,
      querystring: pageQuery.extend({ children: z.enum(['true', 'false']).default('false') }),
    }),
    async (request, reply) => {
      const { tenant, from, limit, children } = request.query;
      const range = { from, limit, children: children === 'true' };
      const { dag, jobs } = await knownJobs(gateway, tenant, request.params.dagId, range);
      await untilAccepted(gateway);
      return reply.header(TURN_HEADER, dag.turn).send({ jobs });
    },
  );
  graphRoutes(app, gateway);
  outputRoutes(app, gateway);
  failureRoutes(app, gateway);
}

function graphRoutes(app: App, gateway: Gateway): void {
  const { views } = gateway.deps;
  app.get(
    '/v1/dags/:dagId/graph',
    described(
      'dags',
      'A DAG as a graph: its jobs with what they come after',
      z.object({ nodes: z.array(nodeSchema), next: z.int().nullable(), turn: z.int() }),
      {
        description: 'A fan-out is one node, with its children counted by state. A page ends early after 20,000 edges.',
        params: dagParams,
        querystring: pageQuery,
      },
    ),
    async (request, reply) => {
      const { tenant, from, limit } = request.query;
      const { dagId } = request.params;
      const { dag } = await knownDag(gateway, tenant, dagId);
      const page = await views.graph(dag, from, limit);
      await untilAccepted(gateway);
      if (page === null) throw noDag(tenant, dagId);
      const { items, next, turn } = page;
      return reply.header(TURN_HEADER, turn).send({ nodes: items, next, turn });
    },
  );
  app.get('/v1/dags/:dagId/jobs/:job', described('dags', 'A job', jobSchema, ofJob), async (request, reply) => {
    const { dagId, job: id } = request.params;
    const dag = await knownDag(gateway, request.query.tenant, dagId);
    const job = await views.job(dag.dag, id);
    await untilAccepted(gateway);
    if (job === null) throw noJob(dagId, id);
    return reply.header(TURN_HEADER, dag.turn).send(job);
  });
}

function outputRoutes(app: App, gateway: Gateway): void {
  const { views } = gateway.deps;
  app.get(
    '/v1/dags/:dagId/jobs/:job/output',
    {
      schema: {
        summary: 'The output of a job, as its executor sent it',
        description: 'A large output is answered by a redirect to its blob, or by {"blob": …} where it lies elsewhere.',
        tags: ['dags'],
        ...ofJob,
        response: { 200: z.unknown(), 307: answeredAs(JSON_TYPE, 'The output is a blob; its address is in Location') },
      },
    },
    async (request, reply) => {
      const { dagId, job } = request.params;
      const dag = await knownDag(gateway, request.query.tenant, dagId);
      const output = await views.output(dag.dag, job);
      await untilAccepted(gateway);
      if (output === null) throw await missing(gateway, dag, job, 'has no output');
      reply.header(TURN_HEADER, dag.turn).type(JSON_TYPE);
      if ('json' in output) return reply.send(output.json);
      const digest = digestOfUri(output.blob.uri);
      if (digest !== null) return reply.redirect(`/v1/blobs/${digest}`, 307);
      return reply.send(JSON.stringify({ blob: output.blob }));
    },
  );
}

function failureRoutes(app: App, gateway: Gateway): void {
  app.get(
    '/v1/dags/:dagId/jobs/:job/failure',
    described('dags', 'Why the newest attempt of a job that has failed failed', failureSchema, {
      description:
        'Also while it is tried again, and after it has succeeded in the end. Attempts that timed out or were lost have none.',
      ...ofJob,
    }),
    async (request, reply) => {
      const { dagId, job } = request.params;
      const dag = await knownDag(gateway, request.query.tenant, dagId);
      const failure = await gateway.deps.views.failure(dag.dag, job);
      await untilAccepted(gateway);
      if (failure === null) throw await missing(gateway, dag, job, 'has no attempt that its executor failed');
      return reply.header(TURN_HEADER, dag.turn).send(failure);
    },
  );
}

/** The DAG of this id. Throws `Refusal` when there is none. */
export async function knownDag(gateway: Gateway, tenant: string, dagId: string): Promise<DagView> {
  const dag = await gateway.deps.views.dag(tenant, dagId);
  if (dag === null) throw noDag(tenant, dagId);
  return dag;
}

/** The same with jobs of it as of the same turn. */
async function knownJobs(gateway: Gateway, tenant: string, dagId: string, range: JobRange): Promise<DagWithJobs> {
  const found = await gateway.deps.views.dagWithJobs(tenant, dagId, range);
  if (found === null) throw noDag(tenant, dagId);
  return found;
}

function noDag(tenant: string, dagId: string): Refusal {
  return new Refusal('unknown-dag', `tenant ${tenant} has no DAG ${dagId}`);
}

/** Says that a DAG has no such job. */
export function noJob(dagId: string, job: string): Refusal {
  return new Refusal('not-found', `the DAG ${dagId} has no job ${job}`);
}

/** Why something of a job isn't there: there is no such job, or it isn't so far. */
async function missing({ deps }: Gateway, { dag, dagId }: DagView, id: string, what: string): Promise<Refusal> {
  const job = await deps.views.job(dag, id);
  if (job === null) return noJob(dagId, id);
  const why = job.reason === null ? '' : ` (${job.reason})`;
  return new Refusal('not-found', `${dagId}/${id} ${what}; it is ${job.state}${why}`);
}

/** What has happened to a DAG, in the order of time. */
function timelineOf(dag: DagView, jobs: readonly JobView[]): Moment[] {
  const moments: Moment[] = [{ atMs: dag.acceptedAtMs, event: 'accepted' }];
  for (const { job, state, readyAtMs, dispatchedAtMs, endedAtMs } of jobs) {
    if (readyAtMs !== null) moments.push({ atMs: readyAtMs, event: 'ready', job });
    if (dispatchedAtMs !== null) moments.push({ atMs: dispatchedAtMs, event: 'dispatched', job });
    if (endedAtMs !== null) moments.push({ atMs: endedAtMs, event: state, job });
  }
  if (dag.endedAtMs !== null) moments.push({ atMs: dag.endedAtMs, event: dag.state });
  return moments.sort((a, b) => a.atMs - b.atMs);
}
