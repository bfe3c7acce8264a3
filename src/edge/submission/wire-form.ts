/** The way back from a canonical submission to its wire form. */
import type { Binding, FanOut, JobSpec, RetryPolicy, SubmitDag } from '../../catalogue/generated/types.js';

type Fields = Record<string, unknown>;

/**
 * A submission as JSON would say it; what is wrong with it is wrong there, too. Of values and conditions it only says that
 * they are there: they are JSON already. Names that are there twice are once. Parents are left out: all are refused.
 */
export function wireForm(dag: SubmitDag): Fields {
  const { dagId, idempotencyKey, tenant, name, template, priority, deadlineAtMs, hardDeadlineAtMs, labels } = dag;
  return {
    id: dagId,
    idempotencyKey,
    tenant,
    name,
    ...(template === null ? {} : { template }),
    ...(deadlineAtMs === null ? {} : { deadlineAtMs }),
    ...(hardDeadlineAtMs === null ? {} : { hardDeadlineAtMs }),
    priority,
    onHardDeadline: dag.onHardDeadline,
    labels: Object.fromEntries(labels.map(({ name, value }) => [name, value])),
    failurePolicy: dag.failurePolicy === 'fail_fast' ? 'fail-fast' : dag.failurePolicy,
    jobs: dag.jobs.map(jobForm),
  };
}

function jobForm(job: JobSpec): Fields {
  const { id, kind, executorClass, group, slots, units, after, join, optional, inputs, when, fanOut, retry } = job;
  const { estimateMs, timeoutMs, signalName } = job;
  const form: Fields = { id };
  // As most senders do, it leaves out what would be so anyway: there may be a hundred thousand jobs.
  if (executorClass !== '') form['executorClass'] = executorClass;
  if (kind !== 'executor') form['kind'] = kind;
  if (group !== 'default') form['group'] = group;
  if (slots !== 1) form['slots'] = slots;
  if (units !== 0) form['units'] = units;
  if (after.length > 0) form['after'] = after;
  if (join !== 0) form['join'] = join;
  if (optional) form['optional'] = true;
  if (inputs.length > 0) form['inputs'] = Object.fromEntries(inputs.map((input) => [input.name, bindingForm(input)]));
  if (when !== null) form['when'] = {};
  if (fanOut !== null) form['fanOut'] = fanOutForm(fanOut);
  if (estimateMs !== null) form['estimateMs'] = estimateMs;
  if (timeoutMs !== null) form['timeoutMs'] = timeoutMs;
  if (retry !== null) form['retry'] = retryForm(retry);
  if (signalName !== null) form['signal'] = { name: signalName };
  return form;
}

function bindingForm({ value, uri, from, at }: Binding): Fields {
  const form: Fields = {};
  if (value !== null) form['value'] = null;
  if (uri !== null) form['uri'] = uri;
  if (from !== null) form['from'] = from;
  if (at !== null) form['at'] = at;
  return form;
}

function fanOutForm({ count, from, at, over, tolerate }: FanOut): Fields {
  const form: Fields = { tolerate };
  const place: Fields = {};
  if (from !== null) place['from'] = from;
  if (at !== null) place['at'] = at;
  if (count !== null) form['count'] = count;
  if (over) form['over'] = place;
  else if (count === null) form['count'] = place;
  // Neither an array to go over nor a count is at a place: the form has no room for it, and says so.
  else Object.assign(form, place);
  return form;
}

function retryForm({ maxAttempts, baseMs, maxMs, nonRetryable }: RetryPolicy): Fields {
  return { maxAttempts, backoff: { baseMs, maxMs }, nonRetryable };
}
