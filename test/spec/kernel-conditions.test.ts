/** Conditions (`when`): read from outputs, in the turn after the jobs before have ended. */
import { describe, expect, it } from 'vitest';
import { Code, input, job, json, KernelBench, submission, when } from '../support/kernel/bench.js';

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
