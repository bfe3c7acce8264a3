/** Failed attempts: how often they are tried again, after how long, and what is never tried again. */
import { describe, expect, it } from 'vitest';
import { jitter } from '../../../src/kernel/decide/retry.js';
import { Code, job, KernelBench, retry } from '../../support/kernel/bench.js';

/** When the last scheduled retry comes, from now. */
function delay(b: KernelBench): number {
  const line = b.transcript.lines.findLast((text) => text.includes('RetryScheduled'))!;
  return Number(/retryAtMs (\d+)/.exec(line)![1]) - b.at;
}

describe('a failed attempt', () => {
  it('is tried again after its backoff, in the place that the job had', () => {
    const b = new KernelBench();
    b.register('e1');
    b.submit('d', [job('a', { retry: retry(2, 1000) })]);
    b.skip();
    b.fail('d', 'a');
    b.later(999);
    b.later(251);
    b.fail('d', 'a');
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > FailJob d/a token 1 code broken retryable
        JobFailed d/a attempt 1 code broken
        LeaseReleased token 1 reason failed
        SlotReleased token 1 slots 1 occupancyMs 0
        RetryScheduled d/a attempt 1 retryAtMs 2069
      -- 2250
        JobReadied d/a
        LeaseGranted d/a e1 token 2 attempt 2
        SlotReserved e1 token 2 slots 1
        JobDispatched d/a token 2
      -- 2250
      > FailJob d/a token 2 code broken retryable
        JobFailed d/a attempt 2 code broken final
        LeaseReleased token 2 reason failed
        SlotReleased token 2 slots 1 occupancyMs 0
        DagEnding d/a outcome failed code job-failed
        ContinuationAdvanced cursor 1 to 1
        DagFailed d code job-failed
      "
    `);
  });

  it('waits twice as long each time, up to the most, and up to a quarter more by jitter', () => {
    const b = new KernelBench();
    b.register('e1', { sessionMs: 600_000 });
    b.submit('d', [job('a', { retry: retry(6, 1000, 5000) })]);
    const delays: number[] = [];
    for (let attempt = 1; attempt < 6; attempt++) {
      b.fail('d', 'a');
      delays.push(delay(b));
      b.later(10_000);
    }
    const expected = [1000, 2000, 4000, 5000, 5000].map((ms, i) => ms + jitter(1, 0, i + 1, ms / 4));
    expect(delays).toEqual(expected);
    for (const [i, ms] of [1000, 2000, 4000, 5000, 5000].entries()) expect(delays[i]! - ms).toBeLessThan(ms / 4);
  });

  it('without a backoff is ready in the next turn that sees the time', () => {
    const b = new KernelBench();
    b.register('e1');
    b.submit('d', [job('a', { retry: retry(3) })]);
    b.fail('d', 'a');
    expect(b.stateOf('d', 'a')).toBe('backoff');
    b.step();
    expect(b.stateOf('d', 'a')).toBe('dispatched');
  });

  it('is final when the executor says so, when its code is not to be tried again, and without a policy', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 3 });
    const policy = retry(9, 0, 0, ['bad-input']);
    b.submit('d', [job('a', { retry: policy }), job('b', { retry: policy }), job('c')], { failurePolicy: 'continue' });
    b.fail('d', 'a', 'broken', false);
    b.fail('d', 'b', 'bad-input');
    b.fail('d', 'c');
    const failures = b.transcript.lines.filter((line) => line.includes('JobFailed'));
    expect(failures).toEqual([
      '  JobFailed d/a attempt 1 code broken final',
      '  JobFailed d/b attempt 1 code bad-input final',
      '  JobFailed d/c attempt 1 code broken final',
    ]);
  });

  it('in backoff is cancelled with its DAG, and its timer fires into nothing', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 2 });
    b.submit('d', [job('a', { retry: retry(9, 5000) }), job('b')]);
    b.fail('d', 'a');
    b.skip();
    b.fail('d', 'b');
    b.later(60_000, { caughtUp: false });
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > FailJob d/b token 2 code broken retryable
        JobFailed d/b attempt 1 code broken final
        LeaseReleased token 2 reason failed
        SlotReleased token 2 slots 1 occupancyMs 0
        DagEnding d/b outcome failed code job-failed
        JobCancelled d/a reason dag-failed
        ContinuationAdvanced cursor 1 to 2
        DagFailed d code job-failed
      "
    `);
  });

  it('of an executor that gives the job back costs nothing, and the job keeps its place', () => {
    const b = new KernelBench();
    b.register('e1');
    b.submit('d', [job('a', { retry: retry(1) }), job('b')]);
    const seq = b.kernel.state.jobs.c.readySeq[b.kernel.state.space.handle(b.kernel.state.dags.find(1), 0)];
    b.skip();
    b.returnLease(b.lease('d', 'a'));
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > ReturnJob d/a token 1 reason drain
        JobReleased d/a reason returned
        LeaseReleased token 1 reason returned
        SlotReleased token 1 slots 1 occupancyMs 0
        JobReadied d/a
        LeaseGranted d/a e1 token 2 attempt 1
        SlotReserved e1 token 2 slots 1
        JobDispatched d/a token 2
      "
    `);
    expect(b.kernel.state.jobs.c.readySeq[b.kernel.state.space.handle(b.kernel.state.dags.find(1), 0)]).toBe(seq);
    b.fail('d', 'a');
    expect(b.stateOf('d', 'a')).toBe('failed');
  });

  it('counts in its run only: a new run has all its attempts', () => {
    const b = new KernelBench();
    b.register('e1');
    b.submit('d', [job('a', { retry: retry(2) })]);
    const failTwice = () => {
      b.fail('d', 'a');
      b.step();
      b.fail('d', 'a');
    };
    failTwice();
    expect(b.stateOf('d', 'a')).toBe('failed');
    b.give(Code.RetryDag, { tenant: 'acme', dagId: 'd' });
    b.settle();
    failTwice();
    expect(b.transcript.lines.filter((line) => line.includes('JobFailed'))).toEqual([
      '  JobFailed d/a attempt 1 code broken',
      '  JobFailed d/a attempt 2 code broken final',
      '  JobFailed d/a attempt 3 code broken',
      '  JobFailed d/a attempt 4 code broken final',
    ]);
  });

  it('is overdue by what is left of it, not by what had been done', () => {
    const b = new KernelBench();
    b.register('e1', { sessionMs: 600_000 });
    b.submit('d', [job('a', { estimateMs: 1_000_000 }), job('b', { estimateMs: 1000, after: ['a'] })]);
    b.complete('d', 'a');
    b.fail('d', 'b');
    b.settle();
    b.give(Code.RetryDag, { tenant: 'acme', dagId: 'd' });
    const { dags } = b.kernel.state;
    expect(dags.c.dueAtMs[dags.find(1)]! - b.at).toBe(120_000 + 2 * 1000);
  });
});
