/** What `marie top` gives. */
import { z } from 'zod';
import { atMs, clockAheadMs, count, millis, turn } from '../../answers/schemas.js';

const ms = z.number().nullable().describe('Milliseconds; null if there was none.');
const spread = z.object({ p50Ms: ms, p99Ms: ms });

export const top = z
  .object({
    cell: z.string(),
    turn,
    atMs,
    policy: z.string(),
    openDags: count,
    dagsAtRisk: count,
    dagsOverdue: count,
    knownJobs: count,
    readyJobs: count,
    inboxWaiting: count,
    clockAheadMs,
    windowMs: millis.describe('How far back waits and rates go.'),
    endToEnd: spread.describe('From the receipt of a submission to the end of its DAG.'),
    frontierWait: spread.describe('From the receipt of a submission to its first ready job.'),
    classes: z.array(
      z.object({
        group: z.string(),
        executorClass: z.string(),
        slots: count,
        slotsInUse: count,
        ready: count,
        slotWait: spread.describe('From ready until a slot was reserved.'),
        meanOccupancyMs: millis.nullable(),
        releasedPerSecond: z.number().describe('Leases that ended, a second.'),
        readyForMs: millis.nullable().describe('How long the ready jobs keep the slots busy.'),
      }),
    ),
    atRisk: z.array(
      z.object({
        dagId: z.string(),
        tenant: z.string(),
        risk: z.string().describe('at-risk, missed or hard-passed.'),
        deadlineAtMs: atMs.nullable(),
        jobsLeft: count,
        jobsTotal: count,
      }),
    ),
  })
  .describe('The cell at one moment: classes, slots, what is ready and waits, DAGs at risk.');
