/** What listings and searches give. */
import { z } from 'zod';
import { dag } from './dags.js';
import { count, job } from './parts.js';

const more = z.boolean().describe('Whether there are more than --limit.');

const summary = dag.omit({ turn: true, jobs: true, timeline: true, failures: true, moreFailures: true }).extend({
  template: z.string().nullable(),
  jobsFailedOrCancelled: count.describe(
    'Neither optional jobs nor children of fan-outs count, nor jobs that were skipped.',
  ),
});

export const dags = z.object({ dags: z.array(summary), more }).describe('DAGs, as listings show them.');

const foundJob = job.extend({ dag: count, dagId: z.string(), tenant: z.string() });

export const jobs = z.object({ jobs: z.array(foundJob), more }).describe('Jobs, as listings show them.');

const node = job.extend({
  after: z.array(count).describe('Indexes of the jobs that it comes after.'),
  conditional: z.boolean().describe('Whether it has a condition, so that it may be skipped.'),
});

export const graph = z
  .object({ dagId: z.string(), nodes: z.array(node) })
  .describe('The jobs of a submission with what they come after; a fan-out is one.');

const hit = z.object({
  kind: z.string().describe('dag, job, lease, executor, class or tenant.'),
  href: z.string(),
  tenant: z.string().nullable(),
  dagId: z.string().nullable(),
  job: z.string().nullable(),
  name: z.string().nullable(),
  state: z.string().nullable(),
  isWhole: z.boolean().describe('Whether the whole id was meant, or its beginning.'),
});

export const hits = z.object({ hits: z.array(hit) }).describe('What an id names.');
