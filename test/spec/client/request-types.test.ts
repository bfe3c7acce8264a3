/**
 * The types of what the client sends against the schemas of the API: the same fields, and the same of them needed. Which
 * fields a type has is checked when this file is compiled, and what is listed of it here when it is run.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type {
  CellLimits,
  ClassLimits,
  JobSubmission,
  Rate,
  Submission,
  TenantLimits,
} from '../../../src/client/index.js';
import { type GatewayFixture, startGateway } from '../../support/gateway.js';

type Fields<T> = { readonly [K in keyof T]-?: Record<never, never> extends Pick<T, K> ? 'optional' : 'needed' };

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly $ref?: string;
}

type Path = Readonly<
  Record<string, { readonly requestBody?: { readonly content: Record<string, { schema: Schema }> } }>
>;

interface Api {
  readonly paths: Readonly<Record<string, Path>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
}

let gateway: GatewayFixture;
let api: Api;

beforeAll(async () => {
  gateway = await startGateway();
  api = (await (await fetch(`${gateway.url}/openapi.json`)).json()) as Api;
});
afterAll(() => gateway.close());

function bodyOf(path: string, method: string): Schema {
  return resolved(api.paths[path]?.[method]?.requestBody?.content['application/json']?.schema ?? {});
}

function resolved(schema: Schema): Schema {
  const name = schema.$ref?.split('/').at(-1);
  return name === undefined ? schema : (api.components?.schemas?.[name] ?? {});
}

function fieldsOf({ properties = {}, required = [] }: Schema): Record<string, string> {
  return Object.fromEntries(
    Object.keys(properties).map((name) => [name, required.includes(name) ? 'needed' : 'optional']),
  );
}

const CLASS: Fields<ClassLimits> = {
  maxSlots: 'optional',
  unitCost: 'optional',
  shortReserve: 'optional',
  rates: 'optional',
};
const RATE: Fields<Rate> = { per: 'needed', add: 'needed', perMs: 'needed', burst: 'optional' };
const TENANT: Fields<TenantLimits> = {
  weight: 'optional',
  openDags: 'optional',
  activeDags: 'optional',
  runnableJobs: 'optional',
};
const CELL: Fields<CellLimits> = {
  knownJobs: 'optional',
  retainTerminalMs: 'optional',
  retainTerminalJobs: 'optional',
  retainExecutorsMs: 'optional',
};
const SUBMISSION: Fields<Submission> = {
  id: 'optional',
  idempotencyKey: 'optional',
  tenant: 'optional',
  name: 'optional',
  template: 'optional',
  priority: 'optional',
  deadlineAtMs: 'optional',
  hardDeadlineAtMs: 'optional',
  onHardDeadline: 'optional',
  labels: 'optional',
  failurePolicy: 'optional',
  jobs: 'needed',
};
const JOB: Fields<JobSubmission> = {
  id: 'needed',
  kind: 'optional',
  executorClass: 'optional',
  group: 'optional',
  slots: 'optional',
  units: 'optional',
  after: 'optional',
  join: 'optional',
  when: 'optional',
  optional: 'optional',
  inputs: 'optional',
  fanOut: 'optional',
  estimateMs: 'optional',
  timeoutMs: 'optional',
  retry: 'optional',
  signal: 'optional',
};
type Retry = NonNullable<JobSubmission['retry']>;
const RETRY: Fields<Retry> = { maxAttempts: 'needed', backoff: 'optional', nonRetryable: 'optional' };
type FanOut = NonNullable<JobSubmission['fanOut']>;
const FAN_OUT: Fields<FanOut> = { count: 'optional', over: 'optional', tolerate: 'optional' };

const classLimits = () => bodyOf('/v1/classes/{group}/{class}/limits', 'put');
/** Without `parent`, which no producer can give yet: the fabric refuses every one. */
const submission = () => {
  const { parent, ...properties } = bodyOf('/v1/dags', 'post').properties ?? {};
  return { ...bodyOf('/v1/dags', 'post'), properties };
};
const job = () => resolved(submission().properties?.['jobs']?.items ?? {});

it.each([
  ['ClassLimits', CLASS, classLimits],
  ['Rate', RATE, () => resolved(classLimits().properties?.['rates']?.items ?? {})],
  ['TenantLimits', TENANT, () => bodyOf('/v1/tenants/{tenant}/limits', 'put')],
  ['CellLimits', CELL, () => bodyOf('/v1/cell/limits', 'put')],
  ['Submission', SUBMISSION, submission],
  ['JobSubmission', JOB, job],
  ['JobSubmission.retry', RETRY, () => resolved(job().properties?.['retry'] ?? {})],
  ['JobSubmission.fanOut', FAN_OUT, () => resolved(job().properties?.['fanOut'] ?? {})],
])('%s has the fields that the API takes, and needs those that it needs', (_name, fields, schema) => {
  expect(fields).toEqual(fieldsOf(schema()));
});
