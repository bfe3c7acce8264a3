/** What listings and searches give. */
import { z } from 'zod';
import { dagSummarySchema, foundJobSchema, hitSchema, nodeSchema } from '../../answers/schemas.js';

const more = z.boolean().describe('Whether there are more than --limit.');

export const dags = z.object({ dags: z.array(dagSummarySchema), more }).describe('DAGs, as listings show them.');

export const jobs = z.object({ jobs: z.array(foundJobSchema), more }).describe('Jobs, as listings show them.');

export const graph = z
  .object({ dagId: z.string(), nodes: z.array(nodeSchema) })
  .describe('The jobs of a submission with what they come after; a fan-out is one.');

export const hits = z.object({ hits: z.array(hitSchema) }).describe('What an id names.');
