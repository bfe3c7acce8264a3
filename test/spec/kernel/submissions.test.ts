/** What a submission must be: refused whole, with every problem listed (fault 14). */
import { describe, expect, it } from 'vitest';
import type { JobSpec, SubmitDag } from '../../../src/catalogue/generated/types.js';
import { checkSubmission } from '../../../src/kernel/decide/check-submission.js';
import { Code, fanOut, job, json, KernelBench, retry, submission, when } from '../../support/kernel/bench.js';

function problems(jobs: readonly JobSpec[], more: Partial<SubmitDag> = {}): string[] {
  return checkSubmission(submission('d', jobs, more)).map(({ code, path }) => `${code} ${path}`);
}

const bind = (more: object) =>
  [{ name: 'x', value: null, uri: null, from: null, at: null, ...more }] as JobSpec['inputs'];

describe('a submission is refused', () => {
  it.each<[string, readonly JobSpec[], Partial<SubmitDag>, string[]]>([
    ['without jobs', [], {}, ['empty-dag /jobs']],
    ['with an id used twice', [job('a'), job('a')], {}, ['duplicate-job-id /jobs/1/id']],
    ['with an unknown job', [job('a', { after: ['x'] })], {}, ['unknown-job /jobs/0/after/0']],
    ['with a job after itself', [job('a', { after: ['a'] })], {}, ['self-loop /jobs/0/after/0']],
    [
      'with an upstream named twice',
      [job('a'), job('b', { after: ['a', 'a'] })],
      {},
      ['duplicate-job-id /jobs/1/after/1'],
    ],
    ['with a cycle', [job('a', { after: ['b'] }), job('b', { after: ['a'] })], {}, ['cycle /jobs/1/after']],
    ['with an empty id', [job('')], {}, ['missing-field /jobs/0/id']],
    ['with an id that names a child', [job('a[1]')], {}, ['invalid-value /jobs/0/id']],
    ['with an id that hides another', [job('a\u0000b')], {}, ['invalid-value /jobs/0/id']],
    ['with a long id', [job('x'.repeat(257))], {}, ['invalid-value /jobs/0/id']],
    ['without a class', [job('a', { executorClass: '' })], {}, ['invalid-class /jobs/0/executorClass']],
    [
      'with a class for a noop',
      [job('a', { kind: 'noop', executorClass: 'ocr' })],
      {},
      ['invalid-class /jobs/0/executorClass'],
    ],
    ['without slots', [job('a', { slots: 0 })], {}, ['invalid-slots /jobs/0/slots']],
    ['with too many slots', [job('a', { slots: 1025 })], {}, ['invalid-slots /jobs/0/slots']],
    ['with negative units', [job('a', { units: -1 })], {}, ['invalid-slots /jobs/0/units']],
    ['with a join out of reach', [job('a'), job('b', { after: ['a'], join: 2 })], {}, ['invalid-join /jobs/1/join']],
    ['with a negative join', [job('a', { join: -1 })], {}, ['invalid-join /jobs/0/join']],
    ['with an estimate of nothing', [job('a', { estimateMs: 0 })], {}, ['invalid-estimate /jobs/0/estimateMs']],
    [
      'with a time-out of 31 days',
      [job('a', { timeoutMs: 31 * 24 * 3600_000 })],
      {},
      ['invalid-timeout /jobs/0/timeoutMs'],
    ],
    ['with no attempt', [job('a', { retry: retry(0) })], {}, ['invalid-retry /jobs/0/retry/maxAttempts']],
    ['with a backoff that shrinks', [job('a', { retry: retry(2, 9, 3) })], {}, ['invalid-retry /jobs/0/retry/backoff']],
    ['with an input from nowhere', [job('a', { inputs: bind({}) })], {}, ['invalid-binding /jobs/0/inputs/0']],
    [
      'with an input from two places',
      [job('a', { inputs: bind({ uri: 'x', value: json(1) }) })],
      {},
      ['invalid-binding /jobs/0/inputs/0'],
    ],
    [
      'with an input from a stranger',
      [job('a'), job('b', { inputs: bind({ from: 'a' }) })],
      {},
      ['invalid-binding /jobs/1/inputs/0/from'],
    ],
    [
      'with a bad pointer',
      [job('a'), job('b', { after: ['a'], inputs: bind({ from: 'a', at: 'x' }) })],
      {},
      ['invalid-pointer /jobs/1/inputs/0/at'],
    ],
    [
      'with a fan-out over nothing',
      [job('a', { fanOut: { count: null, from: null, at: null, over: false, tolerate: 0 } })],
      {},
      ['invalid-fan-out /jobs/0/fanOut'],
    ],
    [
      'with a fan-out that is too wide',
      [job('a', { fanOut: fanOut(100_001) })],
      {},
      ['invalid-fan-out /jobs/0/fanOut/count'],
    ],
    [
      'with a fan-out over a stranger',
      [job('a'), job('b', { fanOut: fanOut({ from: 'a' }) })],
      {},
      ['invalid-fan-out /jobs/1/fanOut/from'],
    ],
    ['with negative tolerance', [job('a', { fanOut: fanOut(1, -1) })], {}, ['invalid-fan-out /jobs/0/fanOut/tolerate']],
    ['without a tenant', [job('a')], { tenant: '' }, ['missing-field /tenant']],
    ['with a priority out of bounds', [job('a')], { priority: 1_000_001 }, ['invalid-priority /priority']],
    ['with a deadline at no time', [job('a')], { deadlineAtMs: 0 }, ['invalid-deadline /deadlineAtMs']],
    ['with a parent', [job('a')], { parent: { dag: 1, job: 0, token: 1 } as never }, ['parent-not-supported /parent']],
  ])('%s', (_what, jobs, more, expected) => {
    expect(problems(jobs, more)).toEqual(expected);
  });

  it('with all that is wrong, a hundred problems at most', () => {
    const jobs = Array.from({ length: 150 }, (_, i) => job(`j${i}`, { slots: 0 }));
    expect(problems([...jobs, job('x', { after: ['y'] })], { tenant: '' })).toHaveLength(100);
  });

  it('with more jobs than it may have', () => {
    expect(problems(Array.from({ length: 100_001 }, (_, i) => job(`j${i}`)))).toEqual(['too-many-jobs /jobs']);
  });

  it('with a cycle beside what else is wrong with its dependencies', () => {
    const jobs = [
      job('a', { after: ['a', 'b', 'nobody'] }),
      job('b', { after: ['b', 'c', 'c'] }),
      job('c', { after: ['b'] }),
    ];
    expect(problems(jobs)).toEqual([
      'self-loop /jobs/0/after/0',
      'unknown-job /jobs/0/after/2',
      'self-loop /jobs/1/after/0',
      'duplicate-job-id /jobs/1/after/2',
      'cycle /jobs/2/after',
    ]);
    const [cycle] = checkSubmission(submission('d', jobs)).slice(-1);
    expect(cycle?.detail).toBe('the jobs wait for one another: c -> b -> c');
  });

  it('with a cycle that is spelled out, shortened where it is long', () => {
    const ring = Array.from({ length: 40 }, (_, i) => job(`j${i}`, { after: [`j${(i + 39) % 40}`] }));
    const [problem] = checkSubmission(submission('d', ring));
    expect(problem!.detail).toMatch(/^the jobs wait for one another: j\d+ -> .* … 30 more … -> j\d+$/);
    const b = new KernelBench();
    b.give(Code.SubmitDag, submission('d', ring));
    expect(b.kernel.state.dags.table.live).toBe(0);
  });
});

it('a submission is checked without looking through all that a job comes after for each that it reads', () => {
  const ids = Array.from({ length: 2000 }, (_, i) => `j${i}`);
  let looks = 0;
  const after = new Proxy(ids, {
    get(target, property) {
      if (typeof property === 'string' && /^[0-9]/.test(property)) looks += 1;
      return Reflect.get(target, property) as unknown;
    },
  });
  const read = ids.slice(-200);
  const last = job('last', {
    after,
    inputs: read.flatMap((from) => bind({ name: from, from })),
    when: when({ all: read.map((id) => ({ job: id, op: 'exists' })) }),
  });
  expect(problems([...ids.map((id) => job(id)), last])).toEqual([]);
  expect(looks).toBeLessThan(10 * ids.length);
});
