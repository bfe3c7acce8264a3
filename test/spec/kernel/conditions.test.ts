/** Conditions (`when`): read from outputs, in the turn after the jobs before have ended. */
import { describe, expect, it } from 'vitest';
import type { JobSpec, SubmitDag } from '../../../src/catalogue/generated/types.js';
import { Code, input, job, json, KernelBench, submission, when } from '../../support/kernel/bench.js';

function after(condition: unknown, output: unknown): string {
  const b = new KernelBench();
  b.register('e1', { slots: 4 });
  b.submit('d', [job('a'), job('b', { after: ['a'], when: when(condition) })]);
  b.complete('d', 'a', output);
  b.settle();
  return b.stateOf('d', 'b');
}

describe('a condition', () => {
  it.each<[unknown, unknown, string]>([
    [{ job: 'a', at: '/kind', op: 'eq', value: 'invoice' }, { kind: 'invoice' }, 'dispatched'],
    [{ job: 'a', at: '/kind', op: 'eq', value: 'invoice' }, { kind: 'letter' }, 'skipped'],
    [{ job: 'a', at: '/pages', op: 'gt', value: 2 }, { pages: 3 }, 'dispatched'],
    [{ job: 'a', at: '/pages', op: 'gt', value: 2 }, {}, 'skipped'],
    [{ job: 'a', at: '/pages', op: 'exists' }, undefined, 'skipped'],
    [{ not: { job: 'a', at: '/pages', op: 'exists' } }, undefined, 'dispatched'],
    [
      {
        all: [
          { job: 'a', at: '/x', op: 'ge', value: 1 },
          { job: 'a', at: '/x', op: 'le', value: 2 },
        ],
      },
      { x: 1.5 },
      'dispatched',
    ],
    [{ any: [{ job: 'a', at: '/x', op: 'in', value: [1, 2] }] }, { x: 3 }, 'skipped'],
  ])('%j on %j: %s', (condition, output, expected) => {
    expect(after(condition, output)).toBe(expected);
  });

  it('that is false skips the job, which counts as succeeded with null for a join of all', () => {
    const b = new KernelBench();
    b.register('e1');
    b.submit('d', [
      job('a'),
      job('b', { after: ['a'], when: when({ job: 'a', at: '/x', op: 'exists' }) }),
      job('c', { after: ['b'], when: when({ not: { job: 'b', at: '', op: 'exists' } }) }),
    ]);
    b.skip();
    b.complete('d', 'a');
    b.settle();
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > CompleteJob d/a token 1
        JobSucceeded d/a attempt 1
        LeaseReleased token 1 reason completed
        SlotReleased token 1 slots 1 occupancyMs 0
      -- 1000
        JobSkipped d/b reason condition-false
        ContinuationAdvanced cursor 1 to 0
      -- 1000
        JobReadied d/c
        ContinuationAdvanced cursor 2 to 0
        LeaseGranted d/c e1 token 2 attempt 1
        SlotReserved e1 token 2 slots 1
        JobDispatched d/c token 2
      "
    `);
  });

  it.each(['{"x":', '', 'nul', '[1,', '{"y":{"x"'])(
    'on the output %s, which no edge lets pass, is decided all the same',
    (output) => {
      const b = new KernelBench();
      b.register('e1');
      b.submit('d', [job('a'), job('b', { after: ['a'], when: when({ job: 'a', at: '/x', op: 'exists' }) })]);
      b.give(Code.CompleteJob, { lease: b.lease('d', 'a'), output: Buffer.from(output), blob: null, unitsUsed: null });
      b.settle();
      expect(['skipped', 'dispatched']).toContain(b.stateOf('d', 'b'));
    },
  );

  it('on a job that is not before it is refused, and so is one that is not well-formed', () => {
    const b = new KernelBench();
    const jobs = [
      job('a', { when: when({ job: 'b', at: '/x', op: 'exists' }) }),
      job('b', { after: ['a'], when: json({ some: 1 }) }),
    ];
    const result = b.step([input(Code.SubmitDag, submission('d', jobs))]);
    const refusal = result.entries[1]!.body as unknown as { problems: { code: string; path: string }[] };
    expect(refusal.problems.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'invalid-when /jobs/0/when',
      'invalid-when /jobs/1/when/some',
      'invalid-when /jobs/1/when/job',
      'invalid-when /jobs/1/when/op',
    ]);
  });
});

describe('an output in a blob, which a condition can not read', () => {
  const unread = { job: 'a', at: '/kind', op: 'eq', value: 'invoice' };

  /** `a` puts out a blob, and `b` has the condition; `c` comes after it, `d` after one of both. */
  function played(condition: unknown, more: Partial<JobSpec> = {}, dag: Partial<SubmitDag> = {}): KernelBench {
    const b = new KernelBench();
    b.register('e1', { slots: 4 });
    const jobs = [
      job('a'),
      job('b', { after: ['a'], when: when(condition), ...more }),
      job('c', { after: ['b'] }),
      job('d', { after: ['a', 'b'], join: 1 }),
    ];
    b.submit('d', jobs, dag);
    b.completeWithBlob('d', 'a');
    b.skip();
    b.settle();
    return b;
  }

  it.each<[unknown, string]>([
    [unread, 'failed'],
    [{ not: unread }, 'failed'],
    [{ job: 'a', at: '/kind', op: 'exists' }, 'failed'],
    [{ job: 'a', at: '', op: 'exists' }, 'dispatched'],
    [{ not: { job: 'a', at: '', op: 'exists' } }, 'skipped'],
    [{ any: [unread, { job: 'a', at: '', op: 'exists' }] }, 'dispatched'],
    [{ all: [unread, { not: { job: 'a', at: '', op: 'exists' } }] }, 'skipped'],
  ])('%j: %s', (condition, expected) => {
    expect(played(condition, {}, { failurePolicy: 'continue' }).stateOf('d', 'b')).toBe(expected);
  });

  it('fails the job, and with it the DAG', () => {
    expect(played(unread).tell()).toMatchInlineSnapshot(`
      "
      -- 1000
        JobFailed d/b attempt 0 code output-not-inline final
        DagEnding d/b outcome failed code job-failed
        ContinuationAdvanced cursor 1 to 0
        ContinuationAdvanced cursor 2 to 0
        JobCancelled d/c reason dag-failed
        JobCancelled d/d reason dag-failed
        LeaseReleased token 2 reason dag-ended
        SlotReclaiming token 2
        ContinuationAdvanced cursor 3 to 4
        DagFailed d code job-failed
      "
    `);
  });

  it('fails it as any other job fails: the rest runs on where that is wanted, and joins count it as bad', () => {
    const b = played(unread, {}, { failurePolicy: 'continue' });
    expect(['b', 'c', 'd'].map((id) => b.stateOf('d', id))).toEqual(['failed', 'skipped', 'dispatched']);
    b.complete('d', 'd');
    expect(b.transcript.lines).toContain('  DagFailed d code job-failed');
  });

  it('does not fail the DAG where the job is optional', () => {
    const b = played(unread, { optional: true });
    expect(['b', 'c', 'd'].map((id) => b.stateOf('d', id))).toEqual(['failed', 'skipped', 'dispatched']);
    b.complete('d', 'd');
    expect(b.transcript.lines).toContain('  DagSucceeded d');
  });

  it('is read again when the DAG is tried again, of the attempt that then counts', () => {
    const b = played(unread);
    const name = { tenant: 'acme', dagId: 'd' };
    b.give(Code.RetryJob, { ...name, job: 'a' });
    b.settle();
    b.complete('d', 'a', { kind: 'invoice' });
    b.settle();
    expect(b.stateOf('d', 'b')).toBe('dispatched');
  });
});
