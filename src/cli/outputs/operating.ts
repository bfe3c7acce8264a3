/** What commands about the cell, its classes and executors give. */
import { z } from 'zod';
import { atMs, clockAheadMs, count, millis, turn } from './parts.js';

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
        slotsReclaiming: count,
        slotsWithdrawn: count.describe(
          'Slots that get no work until it registers again: for 30 s nobody said that work on them had stopped.',
        ),
        sessionUntilMs: z.int().describe('In running time.'),
      }),
    ),
  })
  .describe('Executors that are registered, or were.');

const rate = z.object({
  per: z.enum(['starts', 'units']),
  add: count,
  perMs: millis,
  burst: count,
  tokens: z.int().describe('What its bucket has now; below zero where more was used than it held.'),
});

export const executorClass = z.object({
  group: z.string(),
  executorClass: z.string(),
  executors: count,
  slotsAdvertised: count,
  slotsReserved: count,
  slotsReclaiming: count,
  slotsFree: count,
  slotsClosed: count.describe('Those of cordoned executors in which nothing runs; they are among those advertised.'),
  ready: count.describe('Jobs that could run now.'),
  meanOccupancyMs: millis.nullable().describe('Mean of the newest occupancies of a slot.'),
  maxSlots: count.nullable(),
  unitCost: count,
  shortReserve: count
    .nullable()
    .describe('One slot in so many is kept from long jobs while short ones come, 0 for none; null: the default, 8.'),
  rates: z.array(rate),
});

export const capacity = z
  .object({
    classes: z.array(
      z.object({
        group: z.string(),
        executorClass: z.string(),
        slots: count.describe('Slots that can be in use.'),
        slotsInUse: count,
        ready: count,
        meanOccupancyMs: millis.nullable(),
        perSecond: z
          .number()
          .nullable()
          .describe('Jobs of one slot: slots / mean slot occupancy, at most what rates of starts allow.'),
        perHour: z.number().nullable(),
        readyForMs: millis
          .nullable()
          .describe('How long the ready jobs are enough for at that rate, if each takes one slot.'),
      }),
    ),
  })
  .describe('What each class can do.');

const limit = z.object({
  limit: count.nullable().describe('null where there is none.'),
  used: count.nullable(),
  isDefault: z.boolean().describe('Whether nobody has set it.'),
});

const tenant = z.object({
  tenant: z.string(),
  weight: count,
  openDags: limit,
  activeDags: limit,
  runnableJobs: limit,
  heldDags: count,
});

export const tenants = z.object({ tenants: z.array(tenant) }).describe('Tenants with their weights and limits.');

export const limits = z
  .object({
    cell: z.object({
      knownJobs: limit,
      retainTerminalMs: limit,
      retainTerminalJobs: limit,
      retainExecutorsMs: limit,
    }),
    classes: z.array(
      executorClass.pick({
        group: true,
        executorClass: true,
        maxSlots: true,
        slotsReserved: true,
        slotsReclaiming: true,
        rates: true,
      }),
    ),
    tenants: z.array(tenant),
  })
  .describe('All limits in force.');

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
    clockAheadMs,
  })
  .describe('The cell as of a turn.');

const ms = z.number().nullable().describe('Milliseconds.');

export const signals = z
  .object({
    signals: z.array(
      z.object({
        signal: z.string(),
        title: z.string(),
        from: z.string(),
        to: z.string(),
        windowMs: millis,
        series: z.array(
          z.object({
            labels: z.record(z.string(), z.string()).describe('The class, or the outcome.'),
            count,
            meanMs: ms,
            minMs: ms,
            maxMs: ms,
            p50Ms: ms,
            p90Ms: ms,
            p95Ms: ms,
            p99Ms: ms,
            p999Ms: ms,
          }),
        ),
      }),
    ),
  })
  .describe('How long things took, over a window.');

export const kafkaInit = z
  .object({
    cell: z.string(),
    isDry: z.boolean().describe('Whether only the plan was made.'),
    topics: z.array(
      z.object({
        name: z.string(),
        action: z.enum(['create', 'grow', 'keep', 'refuse']),
        partitions: count.describe('How many are wanted; more may be there.'),
        partitionsFound: count.nullable().describe('How many there are; null without the topic.'),
        replicas: count,
        settings: z.record(z.string(), z.string()),
        problems: z.array(z.string()),
      }),
    ),
    schemas: count.nullable().describe('How many schemas the registry is to have; null without a registry.'),
  })
  .describe('What is to be done about each topic of a cell.');

export const cluster = z
  .object({
    processes: z.array(
      z.object({
        url: z.string(),
        role: z.enum(['starting', 'standby', 'leader', 'stopped', 'unreachable']),
        cell: z.string().nullable(),
        epoch: count.nullable(),
        turn: turn.nullable(),
        lag: count.nullable().describe('Turns behind the process that is furthest.'),
      }),
    ),
  })
  .describe('What each process of a cell says that it is.');
