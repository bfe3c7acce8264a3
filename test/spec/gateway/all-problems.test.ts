import { afterAll, expect, it } from 'vitest';
import { post, startGateway } from '../../support/gateway.js';

const gateway = await startGateway();
afterAll(() => gateway.close());

interface Problem {
  readonly code: string;
  readonly path: string;
  readonly detail: string;
}

/** Every problem of a submission. */
async function refusalOf(submission: unknown): Promise<readonly Problem[]> {
  const response = await post(`${gateway.url}/v1/dags`, submission);
  const { problems } = (await response.json()) as { problems: readonly Problem[] };
  expect(response.status).toBeGreaterThanOrEqual(400);
  return problems;
}

/** Code and place of every problem of a submission, sorted. */
async function problemsOf(submission: unknown): Promise<string[]> {
  return (await refusalOf(submission)).map(({ code, path }) => `${code} ${path}`).toSorted();
}

const job = (id: string, after: readonly string[] = [], more: object = {}) => ({
  id,
  executorClass: 'ocr',
  after,
  ...more,
});

it('a wrong form and a cycle are told together', async () => {
  expect(await problemsOf({ colour: 'red', priority: 1e9, jobs: [job('a', ['b']), job('b', ['a'])] })).toEqual([
    'cycle /jobs/1/after',
    'invalid-priority /priority',
    'unknown-field /colour',
  ]);
});

it('a number that no double holds has one bound, its own', async () => {
  const detail = 'must be at most 1,000,000';
  const refusal = { code: 'invalid-priority', path: '/priority', detail };
  expect(await refusalOf(`{"priority":9007199254740993,"jobs":[{"id":"a","kind":"noop"}]}`)).toEqual([refusal]);
});

it('every kind of problem of the form, and every kind that only the kernel knows', async () => {
  const jobs = [
    job('a', [], { slots: 0, speed: 3 }),
    job('a'),
    job('self', ['self']),
    job('lost', ['nobody']),
    job('when', ['self'], { when: { job: 'lost', at: '', op: 'exists' } }),
    job('bind', ['self'], { inputs: { 'x/y': { from: 'lost' }, ok: { value: 1 } } }),
    job('join', ['self'], { join: 7 }),
    job('fan', ['self'], { fanOut: { count: { from: 'lost', at: '/n' } } }),
    { id: 'classless' },
    { id: 'calm', kind: 'noop', executorClass: 'ocr' },
    job('retry', [], { retry: { maxAttempts: 2, backoff: { baseMs: 5, maxMs: 1 } } }),
    7,
  ];
  expect(await problemsOf({ jobs, parent: { dag: 'd', job: 'j', token: 't' }, deadlineAtMs: -1 })).toEqual([
    'duplicate-job-id /jobs/1/id',
    'invalid-binding /jobs/5/inputs/x~1y/from',
    'invalid-class /jobs/8/executorClass',
    'invalid-class /jobs/9/executorClass',
    'invalid-deadline /deadlineAtMs',
    'invalid-fan-out /jobs/7/fanOut/count/from',
    'invalid-join /jobs/6/join',
    'invalid-retry /jobs/10/retry/backoff',
    'invalid-slots /jobs/0/slots',
    'invalid-value /jobs/11',
    'invalid-when /jobs/4/when',
    'parent-not-supported /parent',
    'self-loop /jobs/2/after/0',
    'unknown-field /jobs/0/speed',
    'unknown-job /jobs/3/after/0',
  ]);
});

it('what only an executor can heed is not taken from a job that none runs, nor a signal from one that waits for none', async () => {
  const heeded = { timeoutMs: 1_000, retry: { maxAttempts: 3 } };
  const jobs = [
    { id: 'ask', kind: 'signal', signal: { name: 'approval' }, ...heeded },
    { id: 'calm', kind: 'noop', signal: {}, ...heeded },
    job('read', [], { signal: { name: 'approval' }, ...heeded }),
  ];
  const problems = await refusalOf({ jobs });
  expect(problems.map(({ code, path, detail }) => `${code} ${path}: ${detail}`)).toEqual([
    'invalid-timeout /jobs/0/timeoutMs: no attempt of a signal job runs, so nothing would be timed',
    'invalid-retry /jobs/0/retry: no attempt of a signal job runs, so nothing would be tried again',
    'invalid-timeout /jobs/1/timeoutMs: no attempt of a noop job runs, so nothing would be timed',
    'invalid-retry /jobs/1/retry: no attempt of a noop job runs, so nothing would be tried again',
    'unknown-field /jobs/1/signal: a noop job waits for no signal',
    'unknown-field /jobs/2/signal: an executor job waits for no signal',
  ]);
  const heeding = [{ id: 'ask', kind: 'signal', signal: { name: 'approval' } }, job('read', [], heeded)];
  expect((await post(`${gateway.url}/v1/dags`, { jobs: heeding })).status).toBe(201);
});

it('what was taken out is not blamed for what is missing then', async () => {
  const jobs = [job('a'), { id: 'b', executorClass: 'ocr', after: [3, 'a'], inputs: { x: { from: 'c' } } }];
  expect(await problemsOf({ jobs })).toEqual(['invalid-value /jobs/1/after/0']);
  expect(await problemsOf({ jobs: 'none' })).toEqual(['invalid-value /jobs']);
  expect(await problemsOf({ jobs: [{ executorClass: 'ocr' }, job('b', ['c'])] })).toEqual([
    'missing-field /jobs/0/id',
    'unknown-job /jobs/1/after/0',
  ]);
});

it('what a value has to be is told in plain words', async () => {
  const jobs = [job('a', [], { slots: 0, retry: 5, kind: 'robot', fanOut: { count: 'x' } }), { id: 7, after: 'a' }];
  const problems = await refusalOf({ tenant: '', failurePolicy: 'no', priority: 1e9, deadlineAtMs: 1.5, jobs });
  expect(problems.map(({ path, detail }) => `${path} ${detail}`).toSorted()).toEqual([
    '/deadlineAtMs must be a whole number',
    '/failurePolicy must be fail-fast or continue',
    '/jobs/0/fanOut/count must be a number; or: must be fields with their values',
    '/jobs/0/kind must be one of executor, noop, signal',
    '/jobs/0/retry must be fields with their values',
    '/jobs/0/slots must be at least 1',
    '/jobs/1/after must be a list',
    '/jobs/1/id must be text',
    '/priority must be at most 1,000,000',
    '/tenant must have at least 1 character',
  ]);
});
