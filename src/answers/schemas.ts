/**
 * What reads are answered with, said once: the types of answers (types.ts), the page of the API, and what the command line
 * gives with --json are made of these.
 */
import { z } from 'zod';

export const count = z.int().min(0);

/** Milliseconds since the Unix epoch, in the journal's time. */
export const atMs = z.int().describe('Milliseconds since the Unix epoch, in journal time.');

export const turn = count.describe('A turn of the journal.');

export const millis = z.int().describe('Milliseconds.');

export const clockAheadMs = z
  .int()
  .nullable()
  .describe('By how much the wall clock is ahead of journal time, below zero if behind; null but of a leader.');

export const submittedSchema = z
  .object({ dagId: z.string(), dag: count, turn, atMs, duplicate: z.boolean() })
  .meta({ id: 'Submitted' });

export const controlledSchema = z
  .object({ turn, atMs, duplicate: z.boolean().describe('Whether it repeats an earlier one, whose answer this is.') })
  .meta({ id: 'Controlled' });

export const jobSchema = z
  .object({
    job: z.string().describe('Its id; that of a child of a fan-out has its place behind it, in brackets.'),
    index: count,
    /** For a child of a fan-out: the id of the fan-out and the child's place in it. */
    parent: z.string().nullable(),
    child: count.nullable(),
    kind: z.string(),
    executorClass: z.string(),
    /** A name of codes.json jobStates, in kebab case: waiting, ready, dispatched, …, fanned-out, awaiting-signal. */
    state: z.string(),
    attempt: count,
    /** Why it is not running, or has failed; of one that its executor failed the code that the executor gave. */
    reason: z.string().nullable(),
    permille: count.describe('Progress of the running attempt, 0 to 1000.'),
    /** Null where it has not come to that, as the next two. */
    readyAtMs: atMs.nullable(),
    dispatchedAtMs: atMs.nullable(),
    endedAtMs: atMs.nullable(),
    children: z.record(z.string(), count).nullable().describe('For a fan-out: how many children there are by state.'),
  })
  .meta({ id: 'JobView' });

export const dagHeadSchema = z.object({
  dagId: z.string(),
  dag: count.describe('Its sequence number in the cell.'),
  tenant: z.string(),
  name: z.string(),
  state: z.string().describe('held, open, ending, succeeded, failed or cancelled.'),
  paused: z.boolean(),
  run: count,
  priority: z.int(),
  deadlineAtMs: atMs.nullable(),
  hardDeadlineAtMs: atMs.nullable(),
  risk: z.enum(['none', 'safe', 'at-risk', 'missed', 'hard-passed']).describe('The worst that was recorded.'),
  labels: z.array(z.object({ name: z.string(), value: z.string() })),
  acceptedAtMs: atMs,
  startedAtMs: atMs.nullable(),
  endedAtMs: atMs.nullable(),
  code: z.string().nullable(),
  jobsTotal: count,
  jobsLeft: count,
  /** Of the fold that this was read from. */
  turn,
});

export const momentSchema = z.object({ atMs, event: z.string(), job: z.string().optional() });

export const dagSchema = dagHeadSchema
  .extend({ jobs: z.array(jobSchema), timeline: z.array(momentSchema) })
  .meta({ id: 'DagView' });

export const failureSchema = z
  .object({ attempt: count, code: z.string().describe("The executor's own."), message: z.string() })
  .meta({ id: 'Failure' });

export const dagSummarySchema = dagHeadSchema
  .omit({ turn: true })
  .extend({
    template: z.string().nullable(),
    jobsFailedOrCancelled: count.describe(
      'Neither optional jobs nor children of fan-outs count, nor jobs that were skipped.',
    ),
  })
  .meta({ id: 'DagSummary' });

export const foundJobSchema = jobSchema
  .extend({ dag: count, dagId: z.string(), tenant: z.string() })
  .meta({ id: 'FoundJob' });

export const nodeSchema = jobSchema
  .extend({
    after: z.array(count).describe('Indexes of the jobs that it comes after.'),
    conditional: z.boolean().describe('Whether it has a condition, so that it may be skipped.'),
  })
  .meta({ id: 'GraphNode' });

export const hitSchema = z
  .object({
    kind: z.enum(['dag', 'job', 'lease', 'executor', 'class', 'tenant']),
    /** Where it is read. */
    href: z.string(),
    tenant: z.string().nullable(),
    dagId: z.string().nullable(),
    job: z.string().nullable(),
    name: z.string().nullable(),
    state: z.string().nullable(),
    isWhole: z.boolean().describe('Whether the whole id was meant, or its beginning.'),
  })
  .meta({ id: 'Hit' });

export const limitSchema = z
  .object({
    limit: count.nullable().describe('null where there is none.'),
    used: count.nullable(),
    isDefault: z.boolean().describe('Whether nobody has set it.'),
  })
  .meta({ id: 'LimitView' });

export const tenantSchema = z
  .object({
    tenant: z.string(),
    weight: count,
    openDags: limitSchema,
    activeDags: limitSchema,
    runnableJobs: limitSchema,
    heldDags: count,
  })
  .meta({ id: 'TenantView' });

export const cellLimitsSchema = z
  .object({
    knownJobs: limitSchema,
    retainTerminalMs: limitSchema,
    retainTerminalJobs: limitSchema,
    retainExecutorsMs: limitSchema,
  })
  .meta({ id: 'CellLimitsView' });

export const cellSchema = z
  .object({
    cell: z.string(),
    turn,
    atMs: atMs.describe('Journal time of the turn, in ms since the Unix epoch.'),
    nowMs: atMs.describe('Journal time now, in ms since the Unix epoch; that of the turn where nobody leads.'),
    epoch: count,
    policy: z.string(),
    stateHash: z.string(),
    openDags: count,
    knownJobs: count,
    readyJobs: count,
    inboxWaiting: count,
    clockAheadMs,
  })
  .meta({ id: 'CellView' });

export const processSchema = z.object({
  cell: z.string(),
  role: z.enum(['starting', 'standby', 'leader', 'stopped']),
  epoch: z.int().describe('Of the leader that it knows.'),
  turn: z.int().describe('The last turn in its fold.'),
});

export const rateSchema = z.object({
  per: z.enum(['starts', 'units']),
  add: count,
  perMs: millis,
  burst: count,
  tokens: z.int().describe('What its bucket has now; below zero where more was used than it held.'),
});

export const classSchema = z
  .object({
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
    /** Slots that may be in use at once, null where only the executors limit them. */
    maxSlots: count.nullable(),
    unitCost: count,
    shortReserve: count
      .nullable()
      .describe('One slot in so many is kept from long jobs while short ones come, 0 for none; null: the default, 8.'),
    rates: z.array(rateSchema),
  })
  .meta({ id: 'ClassView' });

/** How an executor stands; of those that are live the two that take no work have words of their own. */
export const EXECUTOR_STATES = ['live', 'draining', 'cordoned', 'lost', 'left'] as const;

export const executorSchema = z
  .object({
    executor: z.string(),
    seq: count,
    incarnation: z.string(),
    group: z.string(),
    executorClass: z.string(),
    state: z.enum(EXECUTOR_STATES),
    slots: count,
    slotsReserved: count.describe('Slots with a lease in force, or reclaiming.'),
    /** Those of them of which nobody has said that cancelled or timed out work stopped. */
    slotsReclaiming: count,
    slotsWithdrawn: count.describe(
      'Those of its slots that get no work until it registers again: for 30 s nobody said that work on them had stopped.',
    ),
    sessionUntilMs: z.int().describe('In running time.'),
  })
  .meta({ id: 'ExecutorView' });

export const capacitySchema = z
  .object({
    group: z.string(),
    executorClass: z.string(),
    slots: count.describe(
      'Slots that can be in use: advertised, less those that are reclaiming or closed, at most maxSlots.',
    ),
    slotsInUse: count,
    ready: count,
    meanOccupancyMs: millis.nullable().describe('Mean time that a slot was taken; null before the first was released.'),
    perSecond: z
      .number()
      .nullable()
      .describe('Jobs of one slot: slots / mean slot occupancy, at most what rates of starts allow.'),
    perHour: z.number().nullable(),
    readyForMs: millis
      .nullable()
      .describe('How long the ready jobs are enough for at that rate, if each takes one slot.'),
  })
  .meta({ id: 'ClassCapacity' });

const ms = z.number().nullable().describe('Milliseconds.');

export const signalSeriesSchema = z
  .object({
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
  })
  .meta({ id: 'SignalSeries' });

export const signalSchema = z
  .object({
    signal: z.string(),
    title: z.string(),
    from: z.string(),
    to: z.string(),
    windowMs: millis.describe(
      'How far back it goes: what was asked for, up to half a minute more, and not beyond the start.',
    ),
    series: z.array(signalSeriesSchema),
  })
  .meta({ id: 'Signal' });

export const pressureSchema = z
  .object({
    signal: z.string(),
    title: z.string(),
    about: z.string(),
    series: z.array(
      z.object({
        group: z.string().nullable(),
        executorClass: z.string().nullable().describe('null for all open DAGs of the cell.'),
        priority: z.int().describe('Those beyond ±10 count as ±10.'),
        open: z.int(),
        atRisk: z.int(),
        /** Past a deadline. */
        overdue: z.int(),
        share: z.number().describe('(atRisk + overdue) / open'),
      }),
    ),
  })
  .meta({ id: 'Pressure' });
