/** One job of a submission, from its wire form to the canonical one. Throws `DOUBT` where the schema would refuse. */
import type { Binding, FanOut, JobSpec, RetryPolicy } from '../../catalogue/generated/types.js';
import {
  ADDRESS_BYTES,
  ATTEMPTS,
  CHILDREN,
  DURATION_MS,
  INT_MAX,
  JOB_INPUTS,
  JOB_SLOTS,
  NON_RETRYABLE,
  SUBMISSION_JOBS,
} from '../limits.js';
import { byUtf8 } from './order.js';
import type { RawJob } from './raw-parts.js';
import {
  doubt,
  takeArray,
  takeBoolean,
  takeInt,
  takeName,
  takeNames,
  takeObject,
  takePointer,
  takeText,
} from './take.js';

type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** User JSON by job index. */
export type RawJobs = ReadonlyMap<number, RawJob>;

/** Where retries name no delays. */
const BACKOFF = { baseMs: 1_000, maxMs: 60_000 };

const NO_NAMES: readonly string[] = [];
const NO_INPUTS: readonly Binding[] = [];

/** The canonical job. `raw` gives the user JSON as it was received; it is asked only where there is some. */
export function convertJob(value: unknown, index: number, raw: () => RawJobs): JobSpec {
  const fields = takeObject(value);
  const job = emptyJob();
  for (const key in fields) {
    const field = fields[key];
    switch (key) {
      case 'id':
        job.id = takeName(field);
        break;
      case 'executorClass':
        job.executorClass = takeName(field);
        break;
      case 'after':
        job.after = takeNames(field, SUBMISSION_JOBS);
        break;
      case 'inputs':
        job.inputs = takeInputs(field, index, raw);
        break;
      case 'when':
        takeObject(field);
        job.when = raw().get(index)?.when ?? doubt();
        break;
      default:
        takeRare(job, key, field);
    }
  }
  if (job.id === '' || (job.kind === 'executor' && job.executorClass === '')) doubt();
  if (job.kind !== 'executor' && (job.timeoutMs !== null || job.retry !== null)) doubt();
  if (job.kind !== 'signal' && fields['signal'] !== undefined) doubt();
  return job;
}

function takeRare(job: Draft<JobSpec>, key: string, field: unknown): void {
  switch (key) {
    case 'kind':
      job.kind = field === 'executor' || field === 'noop' || field === 'signal' ? field : doubt();
      return;
    case 'group':
      job.group = takeName(field);
      return;
    case 'slots':
      job.slots = takeInt(field, 1, JOB_SLOTS);
      return;
    case 'units':
      job.units = takeInt(field, 0, INT_MAX);
      return;
    case 'join':
      job.join = field === 'all' ? 0 : field === 'any' ? 1 : takeInt(field, 1, INT_MAX);
      return;
    case 'optional':
      job.optional = takeBoolean(field);
      return;
    case 'fanOut':
      job.fanOut = takeFanOut(field);
      return;
    case 'estimateMs':
      job.estimateMs = takeInt(field, 1, DURATION_MS);
      return;
    case 'timeoutMs':
      job.timeoutMs = takeInt(field, 1, DURATION_MS);
      return;
    case 'retry':
      job.retry = takeRetry(field);
      return;
    case 'signal':
      job.signalName = takeSignal(field);
      return;
    default:
      doubt();
  }
}

function emptyJob(): Draft<JobSpec> {
  return {
    id: '',
    kind: 'executor',
    executorClass: '',
    group: 'default',
    slots: 1,
    units: 0,
    after: NO_NAMES,
    join: 0,
    when: null,
    optional: false,
    inputs: NO_INPUTS,
    fanOut: null,
    estimateMs: null,
    timeoutMs: null,
    retry: null,
    signalName: null,
  };
}

function takeInputs(value: unknown, index: number, raw: () => RawJobs): readonly Binding[] {
  const fields = takeObject(value);
  const inputs: Binding[] = [];
  for (const name in fields) {
    if (name === '__proto__') doubt();
    inputs.push(takeBinding(takeName(name), takeObject(fields[name]), index, raw));
  }
  if (inputs.length > JOB_INPUTS) doubt();
  return inputs.length > 1 ? inputs.sort(byUtf8) : inputs;
}

function takeBinding(name: string, fields: Record<string, unknown>, index: number, raw: () => RawJobs): Binding {
  const binding: Draft<Binding> = { name, value: null, uri: null, from: null, at: null };
  let sources = 0;
  for (const key in fields) {
    if (key !== 'at') sources++;
    switch (key) {
      case 'value':
        binding.value = raw().get(index)?.values?.get(name) ?? doubt();
        break;
      case 'uri':
        binding.uri = takeText(fields[key], ADDRESS_BYTES);
        if (binding.uri === '') doubt();
        break;
      case 'from':
        binding.from = takeName(fields[key]);
        break;
      case 'at':
        binding.at = takePointer(fields[key]);
        break;
      default:
        doubt();
    }
  }
  if (sources !== 1 || (binding.at !== null && binding.from === null)) doubt();
  return binding;
}

function takeFanOut(value: unknown): FanOut {
  const fields = takeObject(value);
  const fan: Draft<FanOut> = { count: null, from: null, at: null, over: false, tolerate: 0 };
  let shapes = 0;
  for (const key in fields) {
    const field = fields[key];
    if (key === 'tolerate') {
      fan.tolerate = takeInt(field, 0, INT_MAX);
      continue;
    }
    shapes++;
    if (key === 'count' && typeof field === 'number') fan.count = takeInt(field, 0, CHILDREN);
    else if (key === 'count' || key === 'over') takePlace(fan, field);
    else doubt();
    fan.over = key === 'over';
  }
  if (shapes !== 1) doubt();
  return fan;
}

function takePlace(fan: Draft<FanOut>, value: unknown): void {
  const fields = takeObject(value);
  for (const key in fields) {
    if (key === 'from') fan.from = takeName(fields[key]);
    else if (key === 'at') fan.at = takePointer(fields[key]);
    else doubt();
  }
  if (fan.from === null) doubt();
}

function takeRetry(value: unknown): RetryPolicy {
  const fields = takeObject(value);
  const retry: Draft<RetryPolicy> = { maxAttempts: 0, ...BACKOFF, nonRetryable: NO_NAMES };
  for (const key in fields) {
    const field = fields[key];
    if (key === 'maxAttempts') retry.maxAttempts = takeInt(field, 1, ATTEMPTS);
    else if (key === 'nonRetryable') retry.nonRetryable = takeNames(takeArray(field, NON_RETRYABLE), NON_RETRYABLE);
    else if (key === 'backoff') takeBackoff(retry, takeObject(field));
    else doubt();
  }
  if (retry.maxAttempts === 0) doubt();
  return retry;
}

function takeBackoff(retry: Draft<RetryPolicy>, fields: Record<string, unknown>): void {
  for (const key in fields) if (key !== 'baseMs' && key !== 'maxMs') doubt();
  retry.baseMs = takeInt(fields['baseMs'], 0, DURATION_MS);
  retry.maxMs = takeInt(fields['maxMs'], 0, DURATION_MS);
}

function takeSignal(value: unknown): string | null {
  const fields = takeObject(value);
  let name: string | null = null;
  for (const key in fields) name = key === 'name' ? takeName(fields[key]) : doubt();
  return name;
}
