/** What commands about DAGs give. */
import { z } from 'zod';
import {
  atMs,
  controlledSchema,
  count,
  dagSchema,
  failureSchema,
  millis,
  submittedSchema,
  turn,
} from '../../answers/schemas.js';

export const dag = dagSchema
  .extend({
    failures: z
      .array(
        z.object({
          job: z.string(),
          ...failureSchema.shape,
          attempt: count.describe('0 where the job never had one.'),
          code: z.string().describe("The executor's own, or else the fabric's reason."),
        }),
      )
      .describe('Why the first few jobs that failed failed; children of fan-outs among them.'),
    moreFailures: z.boolean().describe('Whether more jobs failed than were asked for their reason.'),
  })
  .describe('A DAG with its jobs.');

const spread = z.object({ meanMs: millis.nullable(), longestMs: millis.nullable() });

const stage = z.object({
  job: z.string(),
  executorClass: z.string(),
  state: z.string(),
  jobs: count.describe('1 for a job; how many children for a fan-out.'),
  retries: count,
  waited: spread,
  ran: spread,
  tookMs: millis.nullable(),
});

export const ended = z
  .object({
    dagId: z.string(),
    state: z.string(),
    code: z.string().nullable(),
    acceptedAtMs: atMs,
    endedAtMs: atMs.nullable(),
    turn,
    stages: z.array(stage),
    output: z.unknown().optional().describe('The output of the job that --output names.'),
  })
  .describe('What became of a DAG.');

export const controlled = controlledSchema.describe('The turn in which it was decided.');

export const output = z
  .object({ dagId: z.string(), job: z.string(), output: z.unknown() })
  .describe('The output of a job.');

export const event = z
  .object({
    id: z.string().describe('cell:turn:index:mark; --after goes on after it.'),
    type: z.string().describe('Name of the event or input in the catalogue.'),
    turn,
    index: count,
    atMs,
    cause: z.int().optional(),
    envelope: z.record(z.string(), z.unknown()).optional(),
    tenant: z.string().optional(),
    dagId: z.string().optional(),
    data: z.record(z.string(), z.unknown()),
  })
  .describe('Something that happened.');

export const submit = z
  .union([submittedSchema, ended])
  .describe('The answer to the submission, or with --wait and --output what became of the DAG.');

export const imported = z
  .object({
    name: z.string(),
    labels: z.record(z.string(), z.string()),
    jobs: z.array(
      z.object({
        id: z.string(),
        executorClass: z.string(),
        after: z.array(z.string()),
        estimateMs: millis.describe('Its run time in the instance.'),
        inputs: z.object({ runMs: z.object({ value: millis }) }),
        slots: count.optional().describe('With --cores, where it had more than one.'),
      }),
    ),
  })
  .describe('A submission, as `marie submit` takes it.');

export const explained = z
  .object({
    explained: z.array(
      z.object({
        dagId: z.string(),
        job: z.string(),
        state: z.string(),
        policy: z.string(),
        atMs,
        turn,
        why: z
          .looseObject({ reason: z.string().describe('Of the list in docs/policy.md; its numbers stand beside it.') })
          .nullable()
          .describe('null once the job has ended.'),
      }),
    ),
    more: z.boolean().describe('Whether the DAG has more open jobs than those.'),
  })
  .describe("Why jobs aren't running.");
