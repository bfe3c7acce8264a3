/** The form of a simulation plan, as YAML or JSON. Unknown fields are refused. */
import { z } from 'zod';
import { MAX_LIMIT, MAX_NAME_LENGTH } from '../../kernel/limits.js';
import { rates } from './rates.js';
import { MAX_SEED } from './seed.js';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, min: 60_000, h: 3_600_000 };
/** Longest time that a plan may name: 30 days, which is also the kernel's longest estimate. */
const MAX_MS = 30 * 24 * 3_600_000;

const DURATION = 'a duration is a number with ms, s, min or h, up to 30 days';

/** A duration: whole milliseconds, or a number with its unit such as 300ms, 2s, 15min, 1h. */
export const span = z
  .union([z.number(), z.string()], DURATION)
  .transform((value, ctx): number => {
    const match = typeof value === 'string' ? /^(\d+(?:\.\d+)?) ?(ms|s|m|min|h)$/.exec(value.trim()) : null;
    const ms = match === null ? Number(value) : Math.round(Number(match[1]) * UNITS[match[2]!]!);
    const isSpan = (typeof value === 'number' || match !== null) && Number.isInteger(ms) && ms >= 0 && ms <= MAX_MS;
    if (!isSpan) ctx.addIssue({ code: 'custom', message: DURATION });
    return ms;
  })
  .pipe(z.number());

const name = z
  .string()
  .min(1)
  .max(MAX_NAME_LENGTH)
  .refine((text) => !text.includes('\0'), 'a name holds no NUL character');
const share = z.number().min(0).max(1);
const count = z.int().min(0).max(100_000);

/** One value, or a range of which each DAG draws one. */
function rangeOf(value: z.ZodType<number, unknown>) {
  return z
    .union(
      [value.transform((one): readonly [number, number] => [one, one]), z.tuple([value, value]).readonly()],
      'must be one value or a range, [lowest, highest]',
    )
    .refine(([low, high]) => low <= high, 'a range is [lowest, highest]');
}

const limit = z.int().min(0).max(MAX_LIMIT);

const executors = z.strictObject({
  /** Executors of the class, and slots of each. */
  executors: z.int().min(1).max(10_000).default(1),
  slots: z.int().min(1).max(4_096),
  group: name.default('default'),
  /** At most so many slots are in use, on every size of the curve. */
  maxSlots: limit.nullish(),
  /** Slot-ms that one unit counts as. */
  unitCost: limit.default(0),
  /** One slot in so many is kept from long jobs while short ones come; 0: none. */
  shortReserve: limit.nullish(),
  rates,
});

const tenant = z.strictObject({
  weight: z.int().min(1).max(1_000).default(1),
  openDags: limit.optional(),
  activeDags: limit.optional(),
  runnableJobs: limit.optional(),
});

/**
 * From a moment on a class has only this share of its slots (the
 * nearest whole number of them, at the first of its executors).
 */
const change = z.strictObject({ at: span, class: name.optional(), share });

/** What an attempt of a job does. */
export const runSchema = z.strictObject({
  /** Mean run time; a list: each DAG draws one of them. */
  time: z.union([span.transform((one) => [one]), z.array(span).min(1).max(100)]).optional(),
  sigma: z.number().min(0).max(4).optional(),
  /** Mean run times of DAGs that arrive later. */
  later: z
    .array(z.strictObject({ from: span, time: span }))
    .max(100)
    .default([]),
  /** This share of the jobs fails its first so many attempts. */
  fails: z.strictObject({ share: share.default(1), attempts: z.int().min(1).max(1_000) }).optional(),
});

const arrivals = z
  .strictObject({
    /** Poisson: so much of the slots of the class that is used most. */
    load: z.number().positive().max(1_000).optional(),
    /** Poisson: so many DAGs a second. */
    perSecond: z.number().positive().max(100_000).optional(),
    /** So many DAGs: `every` so often, or at random moments between `from` and `until`. */
    count: z.int().min(1).max(10_000_000).optional(),
    every: span.optional(),
    from: span.default(0),
    until: span.optional(),
  })
  .superRefine((value, ctx) => {
    const given = [value.load, value.perSecond, value.count].filter((one) => one !== undefined);
    if (given.length !== 1) ctx.addIssue({ code: 'custom', message: 'give exactly one of load, perSecond and count' });
    if (value.every !== undefined && value.count === undefined) {
      ctx.addIssue({ code: 'custom', message: 'every needs count' });
    }
    if (value.until === undefined) return;
    if (value.until <= value.from) ctx.addIssue({ code: 'custom', message: 'until has to be later than from' });
    if (value.every !== undefined) {
      ctx.addIssue({ code: 'custom', message: 'count and every say when the last one arrives: leave until out' });
    }
  });

const deadline = z
  .strictObject({
    /** After the arrival. */
    after: rangeOf(span).optional(),
    /** So many times the DAG's longest path after the arrival. */
    paths: rangeOf(z.number().positive().max(100_000)).optional(),
    /** The share of the DAGs that has one. */
    share: share.default(1),
  })
  .refine(
    (value) => (value.after === undefined) !== (value.paths === undefined),
    'give exactly one of after and paths',
  );

const stream = z
  .strictObject({
    name,
    /**
     * One tenant, or a list of which each DAG draws one. This, the priority, what happens at a hard deadline and the
     * failure policy are those of the DAG's file where the stream doesn't say them.
     */
    tenant: z
      .union([name.transform((one) => [one]), z.array(name).min(1).max(1_000)], 'must be a tenant or a list of tenants')
      .optional(),
    priority: z.int().min(-1_000_000).max(1_000_000).optional(),
    arrivals,
    deadline: deadline.optional(),
    hardDeadline: deadline.optional(),
    onHardDeadline: z.enum(['fail', 'demote']).optional(),
    failurePolicy: z
      .enum(['fail-fast', 'continue'])
      .transform((policy) => (policy === 'fail-fast' ? 'fail_fast' : policy))
      .optional(),
    /** The jobs, in the form of a submission; each may say in `run` what its attempts do. */
    jobs: z
      .array(z.looseObject({ id: name }))
      .min(1)
      .max(100_000)
      .optional(),
    /** Or files of submissions, of which each DAG draws one. */
    dags: z.array(name).min(1).max(1_000).optional(),
    /** How many children the fan-outs have, by the id of the job, where an output would tell. */
    fanOuts: z
      .record(name, rangeOf(count))
      .default({})
      .transform((byId): ReadonlyMap<string, readonly [number, number]> => new Map(Object.entries(byId))),
    /** What attempts do, by the id of the job; stands above `run` of the job. */
    runs: z.record(name, runSchema).default({}),
  })
  .refine((value) => (value.jobs === undefined) !== (value.dags === undefined), 'give exactly one of jobs and dags');

const history = z.strictObject({
  /** A data directory, a journal folder, an export or a cell on Kafka: what arrived, and how long its attempts ran. */
  journal: name,
  /** How many times as fast its DAGs arrive. */
  /**
   * Slower than this, an hour of a journal would take more than a
   * month, in which executors go on saying that they are there.
   */
  speed: z.number().min(0.001).max(1_000).default(1),
});

/** DAGs that arrive; an entry that names a journal is one of a journal, whatever else it says. */
const entry = z.custom<z.input<typeof stream> | z.input<typeof history>>().transform((value, ctx) => {
  const isHistory = typeof value === 'object' && value !== null && 'journal' in value;
  const read = (isHistory ? history : stream).safeParse(value);
  if (read.success) return read.data;
  for (const issue of read.error.issues.flatMap((one) => toldOf(one, isHistory))) {
    ctx.issues.push({ ...issue, input: value } as z.core.$ZodRawIssue);
  }
  return z.NEVER;
});

/** Fields beside a journal are those of other entries, so that they are none is not all there is to say. */
function toldOf(issue: z.core.$ZodIssue, isHistory: boolean): readonly z.core.$ZodIssue[] {
  if (!isHistory || issue.code !== 'unrecognized_keys') return [issue];
  const message = 'an entry with a journal has no such field: what arrives is what the journal tells';
  return issue.keys.map((key) => ({ code: 'custom', path: [...issue.path, key], message }));
}

/** What a size has to reach to be enough. */
const goal = z
  .strictObject({
    /** It is about DAGs of this name; without it about all. */
    name: name.optional(),
    /** This share of the deadlines is met. */
    deadlines: share.optional(),
    /**
     * 99 of 100 jobs wait no longer than this for a slot, and 99 of
     * 100 DAGs are held no longer by their tenant's limits.
     */
    wait: span.optional(),
    /** 99 of 100 DAGs have ended so soon after they were accepted. */
    latency: span.optional(),
  })
  .refine(
    ({ deadlines, wait, latency }) => deadlines !== undefined || wait !== undefined || latency !== undefined,
    'give at least one of deadlines, wait and latency',
  );

export const planSchema = z
  .strictObject({
    policy: name.default('default@1'),
    seed: z.int().min(0).max(MAX_SEED).default(1),
    /** How long DAGs arrive, where `arrivals` say nothing else. */
    duration: span.refine((ms) => ms > 0, 'must be longer than 0').prefault('10min'),
    /** The run ends when every DAG has, or when `duration` is over. */
    end: z.enum(['drained', 'duration']).default('drained'),
    /** Deviation of the logarithm of run times. */
    sigma: z.number().min(0).max(4).default(0.4),
    classes: z.record(name, executors).refine((all) => Object.keys(all).length > 0, 'name at least one class'),
    tenants: z.record(name, tenant).default({}),
    changes: z.array(change).max(10_000).default([]),
    load: z.array(entry).min(1).max(1_000),
    /** The same load with more and fewer executors: each value multiplies them. */
    curve: z.array(z.number().positive().max(1_000)).max(50).default([]),
    /** The smallest size that reaches this is named. */
    goal: goal.optional(),
  })
  .meta({ id: 'SimulationPlan' });

/** A plan as a file may say it. */
export type PlanInput = z.input<typeof planSchema>;
/** A plan with all defaults filled in, its files not yet read. */
export type PlanFields = z.output<typeof planSchema>;
export type StreamFields = z.output<typeof stream>;
export type HistoryFields = z.output<typeof history>;
export type Run = z.output<typeof runSchema>;
export type Goal = z.output<typeof goal>;
