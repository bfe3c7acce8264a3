import { resolve } from 'node:path';
import { z } from 'zod';
import { wholeNumber } from '../../edge/wire.js';
import { FormError, type FormProblem } from '../../form/form-error.js';
import { formProblems } from '../../form/form-problems.js';
import { isName } from '../../kernel/decide/check-submission.js';
import { MAX_LIMIT } from '../../kernel/limits.js';
import { policyFactory, unknownPolicy } from '../../kernel/policy/index.js';
import { rates } from '../../simulate/plan/rates.js';
import { LEVELS } from '../../telemetry/log/levels.js';
import { DEFAULT_DATA, DEFAULT_HOST, DEFAULT_PORT } from './defaults.js';

const name = z.string().min(1).max(256).refine(isName, 'a name holds no NUL character');
const count = z.int().min(0).max(2_147_483_647);
/** The scheduler takes no more, and what it refuses is told without its line. */
const limit = wholeNumber(0, MAX_LIMIT);

const classLimits = z.strictObject({
  class: name,
  group: name.default('default'),
  maxSlots: count.nullable().default(null),
  unitCost: count.default(0),
  shortReserve: count.nullable().default(null),
  rates,
});

const tenantLimits = z.strictObject({
  tenant: name,
  weight: z.int().min(1).max(1_000).default(1),
  openDags: count.nullable().default(null),
  activeDags: count.nullable().default(null),
  runnableJobs: count.nullable().default(null),
});

/** A host has no colon and no slash: the client would take what is behind them for the port. */
function isAddress(broker: string): boolean {
  const port = /^[^\s:/]+:(\d{1,5})$/.exec(broker)?.[1];
  return port !== undefined && Number(port) > 0 && Number(port) <= 65_535;
}

const planner = z.string().refine((id) => policyFactory(id) !== null, {
  error: ({ input }) => unknownPolicy(String(input)),
});

/** A list that names each of its things once; `nameOf` is what two of the same name have in common. */
function eachOnce<T extends z.ZodType>(one: T, what: string, nameOf: (value: z.output<T>) => string) {
  return z.array(one).superRefine((list, context) => {
    const seen = new Set<string>();
    for (const [at, value] of list.entries()) {
      const key = nameOf(value);
      if (seen.has(key)) context.addIssue({ code: 'custom', path: [at, what], message: 'is in the list already' });
      seen.add(key);
    }
  });
}

const journal = z.strictObject({
  /** When an append is forced to the disk. */
  sync: z
    .union(
      [z.enum(['every-turn', 'off']), z.strictObject({ everyMs: z.int().min(1).max(60_000) })],
      'must be every-turn, off or { everyMs: 5 }',
    )
    .default('every-turn'),
  segmentBytes: z
    .int()
    .min(1024 * 1024)
    .optional(),
});

const log = z.strictObject({
  /** What is told on stderr, as lines of JSON. */
  level: z.enum(LEVELS).default('warn'),
});

const retention = z.strictObject({
  /** How long an ended DAG is kept, in ms; the fabric's own default where absent. */
  terminalMs: limit.nullable().default(null),
  /** How many jobs of ended DAGs are kept. */
  terminalJobs: limit.nullable().default(null),
  /** How long an executor that left or was lost is kept, in ms. */
  executorsMs: limit.nullable().default(null),
});

const snapshots = z.strictObject({
  /** Where they are, if not in the data folder: processes of a cell on Kafka share one. */
  folder: z.string().min(1).optional(),
  /** One is taken after so many turns, and after so many minutes in which something has happened; none without both. */
  everyTurns: z.int().min(1).optional(),
  everyMinutes: z.int().min(1).max(525_600).optional(),
  /** How many of the newest are kept. */
  keep: z.int().min(1).max(100_000).default(3),
});

const secret = z
  .strictObject({ file: z.string().min(1).optional(), env: z.string().min(1).optional() })
  .refine(
    ({ file, env }) => (file === undefined) !== (env === undefined),
    'name a file, or a variable of the environment',
  );

const PASSWORD_MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;
const MECHANISM_WORDS = `must be one of ${[...PASSWORD_MECHANISMS, 'oauthbearer'].join(', ')}`;

const kafka = z.strictObject({
  /** Brokers that are asked first, as host:port. */
  brokers: z.array(z.string().refine(isAddress, 'a broker is named as host:port')).min(1),
  /** What brokers call this process in logs, metrics and quotas. */
  clientId: name.default('marie'),
  /** Files in PEM form. */
  tls: z
    .strictObject({
      ca: z.string().optional(),
      cert: z.string().optional(),
      key: z.string().optional(),
      servername: z.string().optional(),
    })
    .optional(),
  /** Passwords and tokens stand in a file or in the environment, never here. */
  sasl: z
    .discriminatedUnion(
      'mechanism',
      [
        z.strictObject({ mechanism: z.enum(PASSWORD_MECHANISMS), username: name, password: secret }),
        z.strictObject({ mechanism: z.literal('oauthbearer'), token: secret }),
      ],
      { error: ({ code }) => (code === 'invalid_union' ? MECHANISM_WORDS : undefined) },
    )
    .optional(),
  /** A Confluent-compatible schema registry; without it schemas are named by their fingerprints. */
  registry: z
    .strictObject({
      url: z.url('must be a URL, such as http://host:8081'),
      username: name.optional(),
      password: secret.optional(),
    })
    .optional(),
  /** A standby stands for leader after so many ms without an accepted turn. */
  silenceMs: z.int().min(200).max(600_000).default(1500),
  /** A leader that has nothing to do writes an empty turn after so many ms. */
  idleMs: z.int().min(50).max(60_000).default(300),
});

/** The configuration file of `marie up`: YAML or JSON, every field optional, unknown ones refused. */
export const configSchema = z.strictObject({
  cell: z
    .string()
    .regex(
      /^[a-z][a-z0-9-]{0,31}$/,
      'a cell is named by a lower-case letter, then such letters, digits and dashes, 32 at most',
    )
    .default('main'),
  data: z.string().min(1).default(DEFAULT_DATA),
  host: z.string().min(1).default(DEFAULT_HOST),
  /** 0 takes any free one. */
  port: z.int().min(0).max(65_535).default(DEFAULT_PORT),
  journal: journal.prefault({}),
  /** The cell's log is on Kafka; without it, in files of the data folder. */
  kafka: kafka.optional(),
  /** Where blobs are, if not in the data folder: all processes of a cell share one. */
  blobs: z.string().min(1).optional(),
  /** The planner's policy; the fabric's own default where absent. */
  policy: planner.optional(),
  knownJobs: limit.nullable().default(null),
  classes: eachOnce(classLimits, 'class', ({ group, class: name }) => JSON.stringify([group, name])).default([]),
  tenants: eachOnce(tenantLimits, 'tenant', ({ tenant }) => tenant).default([]),
  retention: retention.prefault({}),
  snapshots: snapshots.prefault({}),
  log: log.prefault({}),
});

/** A checked configuration, with all defaults filled in; `data` is an absolute path, `file` where it was read. */
export type FabricConfig = z.output<typeof configSchema> & { readonly file: string | null };
/** What a file or a command line may say. */
export type ConfigInput = z.input<typeof configSchema>;

/** Where snapshots are, and when they are taken. */
export type SnapshotConfig = FabricConfig['snapshots'];

/** How the brokers are reached, as a configuration says it. */
export type KafkaConfig = z.output<typeof kafka>;

/** A configuration that can't be used. */
export class ConfigError extends FormError {
  override readonly name = 'ConfigError';
  override readonly code = 'config-invalid';
  constructor(
    readonly file: string | null,
    problems: readonly FormProblem[],
  ) {
    super(problems, `${file ?? 'the options'}: `);
  }
}

/**
 * Checks settings (from a file, if one is named) and fills in what they leave out. Throws `ConfigError`; `located` says
 * of each problem where what is wrong was given. A relative `data` is relative to where the command was called.
 */
export function checkConfig(
  settings: object,
  file: string | null = null,
  located: (problem: FormProblem) => FormProblem = (problem) => problem,
): FabricConfig {
  const result = configSchema.safeParse(settings);
  if (!result.success) throw new ConfigError(file, formProblems(result.error.issues).map(located));
  return { ...result.data, data: resolve(result.data.data), file };
}
