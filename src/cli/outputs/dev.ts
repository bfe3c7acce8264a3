/** What `marie dev` gives: an event a line. */
import { z } from 'zod';
import { count, millis } from '../../answers/schemas.js';

const executors = z.array(z.object({ executorClass: z.string(), group: z.string(), slots: count }));
const place = { executorClass: z.string(), dagId: z.string(), job: z.string(), attempt: count };
const what = z.string().describe('The error, with where it comes from.');

export const dev = z
  .discriminatedUnion('event', [
    z.object({ event: z.literal('loaded'), executors }),
    z
      .object({ event: z.literal('reloaded'), executors })
      .describe('The executors before end their jobs, and take no more.'),
    z.object({ event: z.literal('changed'), files: z.array(z.string()) }),
    z.object({ event: z.literal('broken'), what }).describe('What ran before runs on.'),
    z.object({ event: z.literal('ready'), url: z.string() }).describe('Registered with the fabric.'),
    z.object({ event: z.literal('refused'), code: z.string(), what }),
    z
      .object({ event: z.literal('drained'), executorClass: z.string() })
      .describe('An operator drains it: it ends its jobs and takes no more until a change of the file.'),
    z.object({ event: z.literal('died'), code: z.int().nullable() }),
    z.object({ event: z.literal('job-started'), ...place }),
    z.object({ event: z.literal('job-succeeded'), ...place, ranMs: millis }),
    z.object({ event: z.literal('job-failed'), ...place, ranMs: millis, what }),
  ])
  .describe('What becomes of the file and of its jobs.');
