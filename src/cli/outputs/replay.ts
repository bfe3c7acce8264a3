/** What commands that study a history give. */
import { z } from 'zod';
import {
  atMs,
  cellSchema,
  classSchema,
  count,
  dagSchema,
  executorSchema,
  jobSchema,
  millis,
  turn,
} from '../../answers/schemas.js';

const jobName = { tenant: z.string(), dag: z.string(), job: z.string() };

/** A DAG and the cell as a history has them: without what only a running fabric tells. */
const dag = dagSchema.omit({ jobs: true, timeline: true });
const cell = cellSchema.omit({ nowMs: true, inboxWaiting: true, clockAheadMs: true });

const lease = z.object({
  ...jobName,
  token: count,
  attempt: count,
  executor: z.string(),
  slots: count,
  reservedAtMs: atMs,
  state: z.string().describe('in-force or reclaiming.'),
});

const flow = z.object({
  ...jobName,
  executorClass: z.string(),
  shape: z.string(),
  ready: count,
  work: count.describe('Slot-ms of its ready jobs, by their estimates.'),
  lane: z.string(),
  risk: z.string(),
  priority: z.int(),
  needMs: count,
});

const withdrawn = flow.pick({
  tenant: true,
  dag: true,
  job: true,
  executorClass: true,
  shape: true,
  ready: true,
  work: true,
});

const place = z.object({ turn, atMs, stateHash: z.string() });
const value = z.union([z.number(), z.string()]);

const rowChange = z.object({
  table: z.string(),
  key: z.tuple([z.number(), z.number()]),
  name: z.string().nullable(),
  change: z.enum(['added', 'removed', 'changed']),
  fields: z.record(z.string(), z.tuple([value, value])).describe('Values before and after.'),
});

export const replayState = z
  .union([
    z.object({
      cell,
      classes: z.array(classSchema),
      executors: z.array(executorSchema),
      leases: z.array(lease),
      frontier: z.array(flow).describe('In the order in which the policy takes them, class by class.'),
      withdrawn: z
        .array(withdrawn.extend({ dagIs: z.string().describe('paused, held or ending.') }))
        .describe('What is ready and not in the frontier: the DAG does not compete. The counts of ready jobs have it.'),
    }),
    z.object({ cell, dag, jobs: z.array(jobSchema) }),
    z.object({ from: place, to: place, rows: z.array(rowChange) }),
  ])
  .describe('The cell at a moment; with --dag a DAG; with --diff the rows that differ.');

const reason = z.string().describe('One of the closed list of docs/policy.md, or fabric-stopped.');

const part = z.object({ reason, on: z.string().nullable(), ms: millis });

const decision = z.object({
  policy: z.string(),
  lane: z.string(),
  executor: z.string(),
  freeAfter: count,
  runnerUp: z.object(jobName).nullable(),
  decidedBy: z.string().nullable(),
  key: z.array(
    z.object({
      field: z.string(),
      value: z.number().nullable(),
      runnerUp: z.number().nullable(),
      higherFirst: z.boolean(),
    }),
  ),
  words: z.array(z.string()),
  again: z
    .object({ sameTurn: z.boolean(), sameDispatch: z.boolean() })
    .describe('Whether deciding the turn again gives the same bytes, and the same dispatch.'),
});

const attempt = z.object({
  attempt: count,
  from: z.object({ turn, atMs, what: z.string() }),
  dispatched: z.object({ turn, atMs }).nullable(),
  waitMs: millis,
  cause: z.string(),
  parts: z.array(part).describe('They sum exactly to waitMs.'),
  spans: z.array(z.object({ fromMs: atMs, toMs: atMs, reason, on: z.string().nullable() })),
  holders: z.array(z.object({ tenant: z.string(), dag: z.string(), jobs: count, slotMs: count, permille: count })),
  overtakings: z.array(
    z.object({
      ...jobName,
      jobs: count,
      rule: z.string(),
      atMs,
      value: z.number().nullable(),
      own: z.number().nullable(),
    }),
  ),
  decision: decision.nullable(),
});

const amongSame = {
  nth: count.describe('Which of the DAGs that had this id it is, by their acceptance, from 1.'),
  of: count.describe('How many DAGs had this id, one after the other.'),
};

export const replayWhy = z
  .object({ ...jobName, ...amongSame, executorClass: z.string(), attempts: z.array(attempt) })
  .describe('Why a job was dispatched when it was, there, and not earlier.');

const spread = z.object({ count, mean: millis, p50: millis, p99: millis, longest: millis });
const byName = <T extends z.ZodType>(value: T) => z.record(z.string(), value);

const numbers = z.object({
  dags: z.object({
    accepted: count,
    succeeded: count,
    failed: count,
    cancelled: count,
    open: count.describe('Those that have not ended, or are run again.'),
  }),
  deadlines: z.object({
    met: count,
    missed: count.describe('DAGs that did not end well in time, or are open after their deadline.'),
    open: count.describe('DAGs that are open with their deadline still to come.'),
  }),
  dispatches: count,
  makespanMs: millis,
  waitsByClass: byName(spread),
  waitsByTenant: byName(spread),
  utilisationPermille: byName(count),
  slotMsByTenant: byName(count).describe('Slot-ms that tenants held, by attempts that still run up to the end.'),
  fairnessPermille: count.describe("Jain's index over what tenants held: 1000 where all had the same."),
});

const dispatch = z.object({
  ...jobName,
  attempt: count,
  executor: z.string(),
  lane: z.string(),
  cost: count.describe('Slot-ms that are charged for it.'),
  decidedBy: z.string(),
});

const parting = z
  .object({ turn, atMs, recorded: dispatch.nullable(), other: dispatch.nullable() })
  .describe('The first dispatch that differs.');

const change = z.object({
  policy: z.string().optional(),
  slots: byName(count).optional(),
  weights: byName(count).optional(),
  without: z.array(z.object({ tenant: z.string(), dag: z.string() })).optional(),
});

const end = z.enum(['drained', 'stalled']);

const played = z.object({
  numbers,
  assumed: count.describe('Attempts that never ran in the history, or not to an end of their own.'),
  end,
  endless: z
    .object({ count, first: z.array(z.object({ tenant: z.string(), dag: z.string() })) })
    .describe('DAGs that never end, and the first few of them.'),
});

const recorded = numbers.describe('The history as far as it goes.');
const playedOn = played
  .nullable()
  .describe('What the history comes to when it goes on as it was going; null where all its DAGs have ended.');

export const replayWhatIf = z
  .union([
    z.object({
      change,
      recorded,
      playedOn,
      other: played.extend({ parting: parting.nullable() }),
    }),
    z.object({
      executorClass: z.string(),
      change: change.describe('What each point has beside its number of slots.'),
      recorded,
      playedOn,
      points: z.array(z.object({ slots: count, numbers, end })),
    }),
  ])
  .describe('What a history would have come to under a change; with --sweep for each number of slots.');

export const replayBisect = z
  .object({
    a: z.string().nullable(),
    b: z.string(),
    same: count,
    parting: parting.nullable(),
    firstTurn: turn
      .nullable()
      .optional()
      .describe('Between releases: the first turn that says anything else, a dispatch or not.'),
  })
  .describe(
    'The first turn at which two policies or releases decide differently; a is null for what was recorded, or this release.',
  );

export const replayDecide = z
  .union([
    z.object({
      turn,
      atMs,
      dispatches: count,
      decisions: z.string().describe('Digest of the dispatches.'),
      entries: z.string().describe('Digest of all that the turn says.'),
      recorded: z.boolean().describe('Whether that is what was recorded.'),
    }),
    z.object({ turn, dispatched: z.array(dispatch) }),
  ])
  .describe('What a turn comes to when it is decided again; with --turn its dispatches.');

const blamePart = {
  kind: z.string(),
  on: z.string().nullable(),
  ms: millis,
  heldPermille: count
    .nullable()
    .describe('Share of the DAG that held the most of the slots that were waited for, in thousandths; null: none did.'),
};

const slaReport = z.object({
  tenant: z.string(),
  dag: z.string(),
  ...amongSame,
  outcome: z.string(),
  acceptedAtMs: atMs,
  deadlineAtMs: atMs
    .nullable()
    .describe('The soft one, or the hard one where there is no other, or where it comes first.'),
  deadlineKind: z.enum(['soft', 'hard']).nullable(),
  endedAtMs: atMs.nullable(),
  lateMs: z.int().nullable(),
  path: z
    .array(
      z.object({
        job: z.string(),
        executorClass: z.string(),
        attempts: count,
        fromMs: atMs,
        ms: millis,
        estimateMs: millis.nullable(),
        parts: z.array(z.object(blamePart)).describe('They sum exactly to ms.'),
      }),
    )
    .describe('The actual critical path; its segments sum exactly to the time from acceptance to end.'),
  blame: z.array(z.object({ ...blamePart, executorClass: z.string() })),
  cause: z.string(),
  remedies: z
    .object({
      capacity: z.array(
        z.object({
          executorClass: z.string(),
          slots: count,
          more: count,
          isLeast: z.boolean().describe('Whether every smaller number was played, too, and was not enough.'),
        }),
      ),
      submitAtMs: atMs.nullable().describe('It would have been in time, and 100 ms later it would not.'),
    })
    .nullable(),
});

export const replaySla = z
  .union([
    slaReport,
    z.object({
      withDeadline: count,
      open: count.describe('Of these, DAGs that are open with their deadline still to come.'),
      missed: z.array(slaReport),
      blame: z.array(z.object({ ...blamePart, executorClass: z.string(), dags: count, permille: count })),
    }),
  ])
  .describe('Why a deadline was missed; with --missed all of them, and what held them up.');

export const replayExport = z
  .object({
    folder: z.string(),
    format: z.enum(['parquet', 'ndjson']),
    turns: count,
    rows: z.record(z.string(), count).describe('Rows of each table.'),
    queries: z.array(z.string()).describe('Ready queries in the folder sql.'),
  })
  .describe('The tables that were written.');

export const replayReport = z
  .object({ file: z.string(), bytes: count, fromMs: atMs.nullable(), toMs: atMs.nullable() })
  .describe('The page that was written.');

export const replayAnonymise = z.object({ folder: z.string(), turns: count }).describe('The journal that was written.');
