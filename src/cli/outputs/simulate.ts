/** What `marie simulate` gives. */
import { z } from 'zod';
import { count, millis } from '../../answers/schemas.js';

const share = z
  .number()
  .describe('0 to 1; of slot time in use more where jobs still run on slots that were taken away.');

const someSpread = z.object({ count, meanMs: millis, p50Ms: millis, p90Ms: millis, p99Ms: millis, longestMs: millis });
const spread = someSpread.nullable().describe('How values are spread; null of none.');

const deadlines = z
  .object({ decided: count, met: count, open: count.describe('Of DAGs that are open, and still to come.') })
  .describe('Deadlines of DAGs that have ended or were late at the end, and how many of them were met.');

const bounds = z
  .object({
    leastMs: millis.nullable().describe('If all that is open at the end ended then; null: it never will.'),
    mostMs: millis.nullable().describe('If none of it ever ended; null: endless.'),
  })
  .nullable()
  .describe('Between which a 99th percentile lies; null: there is nothing of it.');

const group = z
  .object({
    name: z.string(),
    dags: count,
    succeeded: count,
    failed: count.describe('Failed or cancelled.'),
    open: count.describe('Not ended when the run did.'),
    heldDags: count.describe('How many of them limits of their tenants held.'),
    held: spread.describe('How long limits of their tenants held each of them, of most 0; null: they held none.'),
    wait: spread.describe(
      'From ready to dispatched, of their jobs; of those that still wait, until the end, unless they can never run.',
    ),
    latency: spread.describe('From acceptance to the end.'),
    deadlines,
    p99: z.object({ held: bounds, wait: bounds, latency: bounds }),
    slotMs: z.number().describe('Slot-ms that its attempts held; of those that still run, until the end.'),
  })
  .describe('DAGs of one name or tenant, or all.');

const executorClass = z.object({
  name: z.string(),
  slots: count.describe('When no change has been made.'),
  attempts: count,
  failedAttempts: count,
  wait: spread.describe('From ready to dispatched; of jobs that still wait, until the end, unless they can never run.'),
  utilisation: share.describe('Share of slot time in use.'),
  busiest: count.describe('Most slots that were in use at once.'),
});

const verdict = z
  .enum(['yes', 'no', 'undecided'])
  .nullable()
  .describe('undecided: what is open at the end could still turn it, or nothing came that it is about.');

const tooWide = z
  .array(
    z.object({
      name: z.string().describe('The name of its DAGs.'),
      job: z.string(),
      executorClass: z.string(),
      slots: count.describe('Slots that it needs.'),
      largest: count.describe('Slots of the largest executor of its class.'),
    }),
  )
  .describe('Jobs that can never run on so few slots.');

const stuck = z
  .array(
    z.object({
      name: z.string().describe('The name of their DAGs.'),
      job: z.string().nullable().describe('null: the DAGs as a whole.'),
      executorClass: z.string().nullable(),
      count,
      reason: z.string().describe('As explain names it.'),
      slots: count.nullable().describe('Slots that it needs, where they are the reason.'),
      most: count.nullable().describe("Slots of the largest executor, or of its class's limit."),
      limit: z.string().nullable().describe('The limit of its tenant that holds it.'),
      notBeforeMs: count
        .nullable()
        .describe('How long after the beginning the first could go on, later than a run looks on; null: never.'),
    }),
  )
  .describe(
    'What can never go on, by reason: what was open when the run was given up, or after its time nothing lets go on.',
  );

const point = z.object({
  factor: z.number().describe('What multiplies the slots of every class.'),
  classes: z.array(z.object({ name: z.string(), slots: count, utilisation: share })),
  waitMs: millis
    .nullable()
    .describe("99th percentile of the jobs' waits, of the DAGs that the goal is about or of all."),
  heldMs: millis
    .nullable()
    .describe('99th percentile of the times that limits of their tenants held them; null: they held none.'),
  latencyMs: millis.nullable().describe('99th percentile of their times from acceptance to the end.'),
  deadlines,
  open: count,
  refused: count.describe('DAGs that were refused because too many others were open.'),
  tooWide,
  stuck,
  enough: verdict.describe('Whether it reaches the goal of the plan; null: there is none.'),
});

export const simulation = z
  .object({
    plan: z.string(),
    policy: z.string(),
    seed: count,
    seconds: z.number().describe('How long the simulation took; all else is the same each time.'),
    end: z
      .enum(['drained', 'until', 'stalled'])
      .describe('Every DAG has ended; the time was up; what is open can never run.'),
    simulatedMs: millis.describe('Until it ended, or nothing happened any more.'),
    turns: count,
    attempts: count,
    waiting: z.object({ jobs: count, longestMs: millis }).describe('Jobs that still waited at the end.'),
    assumedAttempts: count.describe(
      "Attempts that took their estimate because the journal doesn't say how they ended.",
    ),
    stuck,
    tooWide,
    notes: z.array(z.string()).describe('What else is worth knowing, as sentences.'),
    held: z
      .array(
        z.object({
          tenant: z.string(),
          limit: z.enum(['activeDags', 'runnableJobs']),
          most: count.describe('How many the limit allows.'),
          dags: count,
          open: count.describe('Still held when the run ended.'),
          time: someSpread.describe('How long they were held; those that still are, until the end.'),
        }),
      )
      .describe('DAGs that limits of their tenants held.'),
    refusals: z.array(z.object({ code: z.string(), count, detail: z.string() })),
    all: group,
    names: z.array(group),
    tenants: z.array(group),
    classes: z.array(executorClass),
    enough: verdict.describe('Whether the plan as it stands reaches its goal; null: it has none.'),
    curve: z.array(point),
    smallestEnough: z.number().nullable().describe('The smallest factor of the curve that reaches the goal.'),
  })
  .describe('What a plan has come to under a virtual clock.');
