/** The wire forms of answers and small requests, for the API page and for validation. */
import { z } from 'zod';
import { EXECUTOR_STATES } from '../../answers/cell.js';
import { LIMIT, NAME_BYTES, PAGE, TEXT_BYTES } from '../../edge/limits.js';
import { boundedText, nameText, queryNumber, wholeNumber } from '../../edge/wire.js';

const count = z.int();
const moment = z.int().nullable();

/** The executor that a path names. */
export const executorParams = z.strictObject({ executor: nameText });

/** An answer that is bytes or lines, for the API page. */
export function answeredAs(type: string, description: string) {
  return { description, content: { [type]: { schema: z.string() } } };
}

export const submittedSchema = z
  .object({ dagId: z.string(), dag: count, turn: count, atMs: count, duplicate: z.boolean() })
  .meta({ id: 'Submitted' });

export const controlledSchema = z
  .object({ turn: count, atMs: count, duplicate: z.boolean() })
  .meta({ id: 'Controlled' });

export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: count,
    detail: z.string(),
    code: z.string(),
    problems: z.array(z.object({ code: z.string(), path: z.string(), detail: z.string() })),
    turn: count.optional(),
  })
  .meta({ id: 'ProblemDetails' });

export const errorInfoSchema = z
  .object({
    code: z.string(),
    title: z.string(),
    status: count.describe('HTTP status; 0 for a code that is never the answer to a request.'),
    retry: z.boolean().describe('Whether the same request may succeed later without a change.'),
    what: z.string(),
    where: z.string(),
    why: z.string(),
    todo: z.string(),
  })
  .meta({ id: 'ErrorInfo' });

export const jobSchema = z
  .object({
    job: z.string(),
    index: count,
    parent: z.string().nullable(),
    child: count.nullable(),
    kind: z.string(),
    executorClass: z.string(),
    state: z.string(),
    attempt: count,
    reason: z.string().nullable(),
    permille: count,
    readyAtMs: moment,
    dispatchedAtMs: moment,
    endedAtMs: moment,
    children: z.record(z.string(), count).nullable(),
  })
  .meta({ id: 'JobView' });

export const dagSchema = z
  .object({
    dagId: z.string(),
    dag: count,
    tenant: z.string(),
    name: z.string(),
    state: z.string(),
    paused: z.boolean(),
    run: count,
    priority: count,
    deadlineAtMs: moment,
    hardDeadlineAtMs: moment,
    risk: z.enum(['none', 'safe', 'at-risk', 'missed', 'hard-passed']).describe('The worst that was recorded.'),
    labels: z.array(z.object({ name: z.string(), value: z.string() })),
    acceptedAtMs: count,
    startedAtMs: moment,
    endedAtMs: moment,
    code: z.string().nullable(),
    jobsTotal: count,
    jobsLeft: count,
    turn: count,
    jobs: z.array(jobSchema),
    timeline: z.array(z.object({ atMs: count, event: z.string(), job: z.string().optional() })),
  })
  .meta({ id: 'DagView' });

/** The turn that an answer stands for, or that none of its rows is before. */
export const turnSchema = count.describe('The turn that this stands for.');

export const dagSummarySchema = dagSchema
  .omit({ turn: true, jobs: true, timeline: true })
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
  .extend({ after: z.array(count).describe('Indexes of the jobs that it comes after.'), conditional: z.boolean() })
  .meta({ id: 'GraphNode' });

export const hitSchema = z
  .object({
    kind: z.enum(['dag', 'job', 'lease', 'executor', 'class', 'tenant']),
    href: z.string(),
    tenant: z.string().nullable(),
    dagId: z.string().nullable(),
    job: z.string().nullable(),
    name: z.string().nullable(),
    state: z.string().nullable(),
    isWhole: z.boolean().describe('Whether the whole id was meant, or its beginning.'),
  })
  .meta({ id: 'Hit' });

const limitView = z
  .object({ limit: count.nullable(), used: count.nullable(), isDefault: z.boolean() })
  .meta({ id: 'LimitView' });

export const tenantSchema = z
  .object({
    tenant: z.string(),
    weight: count,
    openDags: limitView,
    activeDags: limitView,
    runnableJobs: limitView,
    heldDags: count,
  })
  .meta({ id: 'TenantView' });

export const cellLimitsSchema = z
  .object({
    knownJobs: limitView,
    retainTerminalMs: limitView,
    retainTerminalJobs: limitView,
    retainExecutorsMs: limitView,
  })
  .meta({ id: 'CellLimitsView' });

export const cellSchema = z
  .object({
    cell: z.string(),
    turn: count,
    atMs: count,
    epoch: count,
    policy: z.string(),
    stateHash: z.string(),
    openDags: count,
    knownJobs: count,
    readyJobs: count,
    inboxWaiting: count,
    clockAheadMs: z.int().nullable(),
  })
  .meta({ id: 'CellView' });

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
    ready: count,
    meanOccupancyMs: count.nullable(),
    maxSlots: count.nullable(),
    unitCost: count,
    shortReserve: count
      .nullable()
      .describe('One slot in so many is kept from long jobs while short ones come, 0 for none; null: the default, 8.'),
    rates: z.array(
      z.object({
        per: z.enum(['starts', 'units']),
        add: count,
        perMs: count,
        burst: count,
        tokens: z.int().describe('What its bucket has now; below zero where more was used than it held.'),
      }),
    ),
  })
  .meta({ id: 'ClassView' });

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
    slotsReclaiming: count,
    slotsWithdrawn: count.describe(
      'Those of its slots that get no work until it registers again: for 30 s nobody said that work on them had stopped.',
    ),
    sessionUntilMs: count,
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
    meanOccupancyMs: count.nullable().describe('Mean time that a slot was taken; null before the first was released.'),
    perSecond: z
      .number()
      .nullable()
      .describe('Jobs of one slot: slots / mean slot occupancy, at most what rates of starts allow.'),
    perHour: z.number().nullable(),
    readyForMs: count
      .nullable()
      .describe('How long the ready jobs are enough for at that rate, if each takes one slot.'),
  })
  .meta({ id: 'ClassCapacity' });

/** The header under which a request may be repeated. */
export const repeatHeaders = z.looseObject({
  'Idempotency-Key': nameText.optional().describe('A repeat with the same key is answered with the first answer.'),
});

export const tenantQuery = z.strictObject({ tenant: nameText.default('default') });

export const dagParams = z.strictObject({ dagId: nameText });

/** A job's id may end in the index of a child, which makes it longer than a name. */
export const jobParams = z.strictObject({ dagId: nameText, job: boundedText(NAME_BYTES + 16).min(1) });

/** Query of a listing: where it begins, and how much of it. */
export const pageQuery = z.strictObject({
  tenant: nameText.default('default'),
  from: queryNumber(0, Number.MAX_SAFE_INTEGER).default(0),
  limit: queryNumber(1, PAGE).default(PAGE),
});

export const reasonBody = z.strictObject({ reason: boundedText(TEXT_BYTES).default('') }).nullish();

export const emptyBody = z.strictObject({}).nullish();

/** A limit; null and absent mean none. */
export const limit = wholeNumber(0, LIMIT).nullish();
