/** What may be sent at most: the last value that is taken, and the first that is refused. */
import { describe, expect, it } from 'vitest';
import type { CompleteJob, JobSpec, SubmitDag } from '../../../src/catalogue/generated/types.js';
import { checkSubmission } from '../../../src/kernel/decide/check-submission.js';
import { Code, fanOut, job, KernelBench, registration, retry, submission } from '../../support/kernel/bench.js';

type More = Parameters<typeof registration>[1];

const name = (length: number) => 'x'.repeat(length);
const held = (length: number) =>
  Array.from({ length }, () => ({ lease: { dag: 1, job: 0, attempt: 1, token: 1 }, slots: 1 }));

function registered(more: More): string {
  const b = new KernelBench();
  b.give(Code.RegisterExecutor, registration('e1', more));
  return b.transcript.lines.find((line) => /InputRefused|ExecutorRegistered/.test(line))!;
}

/** A cell with one running job, and its lease. */
function running() {
  const b = new KernelBench();
  b.register('e1');
  b.submit('d', [job('a')]);
  return { b, lease: b.lease('d', 'a') };
}

describe('a registration', () => {
  it.each<[string, More]>([
    ['an id of 256 characters', { executor: name(256) }],
    ['a class of 256 characters', { executorClass: name(256) }],
    ['a group of 256 characters', { group: name(256) }],
    ['no slots', { slots: 0 }],
    ['4,096 slots', { slots: 4096 }],
    ['a session of 1 s', { sessionMs: 1000 }],
    ['a session of 10 min', { sessionMs: 600_000 }],
  ])('with %s is taken', (_what, more) => {
    expect(registered(more)).toContain('ExecutorRegistered');
  });

  it.each<[string, string, More]>([
    ['an id of 257 characters', 'invalid-value', { executor: name(257) }],
    ['a class of 257 characters', 'invalid-class', { executorClass: name(257) }],
    ['a group of 257 characters', 'invalid-class', { group: name(257) }],
    ['8,193 leases', 'invalid-value', { held: held(8193) }],
  ])('with %s is refused', (_what, code, more) => {
    expect(registered(more)).toBe(`  InputRefused code ${code}`);
  });

  it('with 8,192 leases is taken: ends of as many as it has slots may not have been answered', () => {
    const { b, lease } = running();
    b.give(Code.RegisterExecutor, registration('e1', { held: Array(8192).fill({ lease, slots: 1 }) }));
    expect(b.transcript.lines.some((line) => line.includes('InputRefused'))).toBe(false);
  });
});

describe('progress', () => {
  it.each([
    [0, 'JobProgressed'],
    [1000, 'JobProgressed'],
    [-1, 'InputRefused'],
    [1001, 'InputRefused'],
  ])('of %i permille: %s', (permille, event) => {
    const { b, lease } = running();
    b.give(Code.ReportProgress, { lease, permille, message: null });
    expect(b.transcript.lines.at(-1)).toContain(event);
  });
});

describe('an output', () => {
  it('of 256 KiB is taken, and so is the answer of a signal', () => {
    const { b, lease } = running();
    const output = new Uint8Array(256 * 1024);
    b.give(Code.CompleteJob, { lease, output, blob: null, unitsUsed: null } satisfies CompleteJob);
    b.submit('s', [job('ok', { kind: 'signal' })]);
    b.give(Code.ResolveSignal, { tenant: 'acme', dagId: 's', signal: 'ok', output });
    expect(b.transcript.lines.filter((line) => line.includes('JobSucceeded'))).toHaveLength(2);
  });
});

describe('a submission is taken up to its limits and refused beyond them:', () => {
  const DAYS_30 = 30 * 24 * 3600 * 1000;
  const head = (more: Partial<SubmitDag>) => submission('d', [job('a')], more);
  const spec = (more: Partial<JobSpec>) => submission('d', [job('x'), job('a', { after: ['x'], ...more })]);
  type Edge<V> = readonly [place: string, code: string, of: (value: V) => SubmitDag, taken: V[], refused: V[]];
  const text = (place: string, code: string, of: (value: string) => SubmitDag): Edge<string> => {
    return [place, code, of, [name(256)], [name(257)]];
  };
  const texts: readonly Edge<string>[] = [
    text('/id', 'invalid-value', (dagId) => head({ dagId })),
    text('/idempotencyKey', 'invalid-value', (idempotencyKey) => head({ idempotencyKey })),
    text('/tenant', 'invalid-value', (tenant) => head({ tenant })),
    text('/name', 'invalid-value', (value) => head({ name: value })),
    text('/jobs/0/id', 'invalid-value', (id) => submission('d', [job(id)])),
    text('/jobs/1/executorClass', 'invalid-class', (executorClass) => spec({ executorClass })),
    text('/jobs/1/group', 'invalid-class', (group) => spec({ group })),
  ];
  const backoff = (baseMs: number, maxMs: number) => spec({ retry: retry(1, baseMs, maxMs) });
  const numbers: readonly Edge<number>[] = [
    ['/priority', 'invalid-priority', (priority) => head({ priority }), [-1e6, 1e6], [-1e6 - 1, 1e6 + 1]],
    ['/deadlineAtMs', 'invalid-deadline', (at) => head({ deadlineAtMs: at }), [1, 2 ** 43], [0, 2 ** 43 + 1]],
    ['/hardDeadlineAtMs', 'invalid-deadline', (at) => head({ hardDeadlineAtMs: at }), [1, 2 ** 43], [0, 2 ** 43 + 1]],
    ['/jobs/1/slots', 'invalid-slots', (slots) => spec({ slots }), [1, 1024], [0, 1025]],
    ['/jobs/1/units', 'invalid-slots', (units) => spec({ units }), [0], [-1]],
    ['/jobs/1/join', 'invalid-join', (join) => spec({ join }), [0, 1], [-1, 2]],
    ['/jobs/1/estimateMs', 'invalid-estimate', (ms) => spec({ estimateMs: ms }), [1, DAYS_30], [0, DAYS_30 + 1]],
    ['/jobs/1/timeoutMs', 'invalid-timeout', (ms) => spec({ timeoutMs: ms }), [1, DAYS_30], [0, DAYS_30 + 1]],
    ['/jobs/1/retry/maxAttempts', 'invalid-retry', (most) => spec({ retry: retry(most) }), [1, 1000], [0, 1001]],
    ['/jobs/1/retry/backoff', 'invalid-retry', (ms) => backoff(ms, 5), [0, 5], [-1, 6]],
    ['/jobs/1/retry/backoff', 'invalid-retry', (ms) => backoff(0, ms), [0, DAYS_30], [DAYS_30 + 1]],
    ['/jobs/1/fanOut/count', 'invalid-fan-out', (n) => spec({ fanOut: fanOut(n) }), [0, 1e5], [-1, 1e5 + 1]],
    ['/jobs/1/fanOut/tolerate', 'invalid-fan-out', (n) => spec({ fanOut: fanOut(1, n) }), [0], [-1]],
  ];
  it.each([...texts, ...numbers] as readonly Edge<string | number>[])('%s', (place, code, of, taken, refused) => {
    const problems = (value: string | number) => checkSubmission(of(value)).map((one) => `${one.code} ${one.path}`);
    for (const value of taken) expect([value, problems(value)]).toEqual([value, []]);
    for (const value of refused) expect([value, problems(value)]).toEqual([value, [`${code} ${place}`]]);
  });
});
