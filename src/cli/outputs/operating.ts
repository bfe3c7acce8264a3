/** What commands about the cell, its classes and executors give. */
import { z } from 'zod';
import { atMs, count, millis, turn } from './parts.js';

export const executors = z
  .object({
    executors: z.array(
      z.object({
        executor: z.string(),
        seq: count,
        incarnation: z.string(),
        group: z.string(),
        executorClass: z.string(),
        state: z.string().describe('live, cordoned, draining, lost or left.'),
        slots: count,
        slotsReserved: count.describe('Slots with a lease in force, or reclaiming.'),
        sessionUntilMs: z.int().describe('In running time.'),
      }),
    ),
  })
  .describe('Executors that are registered, or were.');

export const executorClass = z.object({
  group: z.string(),
  executorClass: z.string(),
  executors: count,
  slotsAdvertised: count,
  slotsReserved: count,
  slotsReclaiming: count,
  slotsFree: count,
  ready: count.describe('Jobs that could run now.'),
  meanOccupancyMs: millis.nullable().describe('Mean of the newest occupancies of a slot.'),
});

export const classes = z.object({ classes: z.array(executorClass) }).describe('Executor classes with their slots.');

export const policy = z.object({ policy: z.string() }).describe("The planner's policy.");

export const cell = z
  .object({
    cell: z.string(),
    turn,
    atMs,
    epoch: count,
    policy: z.string(),
    stateHash: z.string(),
    openDags: count,
    knownJobs: count,
    readyJobs: count,
    inboxWaiting: count,
  })
  .describe('The cell as of a turn.');
