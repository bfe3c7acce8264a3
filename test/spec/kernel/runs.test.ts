/** New runs of a DAG that has ended: which jobs wait again, what they count, and what stays as it was. */
import { describe, expect, it } from 'vitest';
import { Code, cellLimits, fanOut, job, KernelBench } from '../../support/kernel/bench.js';
import { checkState } from '../../support/kernel/invariants.js';

const D = { tenant: 'acme', dagId: 'd' };

/** a -> b -> c, where b has failed. */
function failed(): KernelBench {
  const b = new KernelBench();
  b.register('e1', { sessionMs: 600_000 });
  b.submit('d', [job('a'), job('b', { after: ['a'] }), job('c', { after: ['b'] })]);
  b.complete('d', 'a');
  b.fail('d', 'b', 'broken', false);
  b.settle();
  b.skip();
  return b;
}

describe('RetryDag', () => {
  it('runs again what did not succeed, and what comes after it', () => {
    const b = failed();
    b.give(Code.RetryDag, D);
    b.settle();
    b.complete('d', 'b');
    b.complete('d', 'c');
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > RetryDag d
        DagReopened d run 2 work 2000 dagFinish 2000 dueAtMs 125000
        JobReopened d/b
        JobReopened d/c
        ContinuationAdvanced cursor 3 to 3
        ContinuationAdvanced cursor 4 to 1
        ContinuationAdvanced cursor 5 to 3
        JobReadied d/b
        ContinuationAdvanced cursor 6 to 3
        LeaseGranted d/b e1 token 3 attempt 2
        SlotReserved e1 token 3 slots 1
        JobDispatched d/b token 3
      -- 1000
      > CompleteJob d/b token 3
        JobSucceeded d/b attempt 2
        LeaseReleased token 3 reason completed
        SlotReleased token 3 slots 1 occupancyMs 0
        JobReadied d/c
        LeaseGranted d/c e1 token 4 attempt 1
        SlotReserved e1 token 4 slots 1
        JobDispatched d/c token 4
      -- 1000
      > CompleteJob d/c token 4
        JobSucceeded d/c attempt 1
        LeaseReleased token 4 reason completed
        SlotReleased token 4 slots 1 occupancyMs 0
        DagSucceeded d
      "
    `);
  });

  it('may come again and again; attempts go on counting, and so do runs', () => {
    const b = failed();
    for (let run = 2; run <= 4; run++) {
      b.give(Code.RetryDag, D);
      b.settle();
      b.fail('d', 'b', 'broken', false);
      b.settle();
    }
    const { dags, jobs, space } = b.kernel.state;
    expect([dags.c.run[dags.find(1)], jobs.c.attempt[space.handle(dags.find(1), 1)]]).toEqual([4, 4]);
  });

  it('is refused while the DAG is open, after success, and for a DAG that is not there', () => {
    const b = new KernelBench();
    b.register('e1');
    b.submit('d', [job('a')]);
    b.skip();
    b.give(Code.RetryDag, D);
    b.complete('d', 'a');
    b.give(Code.RetryDag, D);
    b.give(Code.RetryDag, { ...D, dagId: 'unknown' });
    expect(b.transcript.lines.filter((line) => line.includes('InputRefused'))).toEqual([
      '  InputRefused d code dag-not-terminal',
      '  InputRefused d code job-not-failed',
      '  InputRefused code unknown-dag',
    ]);
  });

  it('of one of its jobs is refused as that of the whole DAG is', () => {
    const b = new KernelBench();
    b.register('e1');
    b.submit('d', [job('a')]);
    b.skip();
    b.give(Code.RetryJob, { ...D, job: 'a' });
    b.complete('d', 'a');
    b.give(Code.RetryJob, { ...D, job: 'a' });
    expect(b.transcript.lines.filter((line) => line.includes('InputRefused'))).toEqual([
      '  InputRefused d code dag-not-terminal',
      '  InputRefused d code job-not-failed',
    ]);
  });

  it('of a cancelled DAG runs the jobs that were cancelled', () => {
    const b = new KernelBench();
    b.register('e1');
    b.submit('d', [job('a'), job('b', { after: ['a'] })]);
    const lease = b.lease('d', 'a');
    b.give(Code.CancelDag, { ...D, reason: '' });
    b.completeLease(lease);
    b.give(Code.RetryDag, D);
    b.settle();
    b.complete('d', 'a');
    b.complete('d', 'b');
    expect(b.transcript.lines.at(-1)).toBe('  DagSucceeded d');
  });

  it('runs again what succeeded after a job that runs again', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 3 });
    b.submit('d', [job('x'), job('y'), job('z', { after: ['x', 'y'], join: 1 })], { failurePolicy: 'continue' });
    b.complete('d', 'x');
    b.complete('d', 'z');
    b.fail('d', 'y', 'broken', false);
    b.skip();
    b.give(Code.RetryDag, D);
    b.settle();
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > RetryDag d
        DagReopened d run 2 work 1000 dagFinish 1000 dueAtMs 123000
        JobReopened d/y
        ContinuationAdvanced cursor 1 to 3
        JobReopened d/z
        ContinuationAdvanced cursor 2 to 1
        ContinuationAdvanced cursor 3 to 3
        JobReadied d/y
        JobReadied d/z
        ContinuationAdvanced cursor 4 to 3
        LeaseGranted d/y e1 token 4 attempt 2
        SlotReserved e1 token 4 slots 1
        JobDispatched d/y token 4
        LeaseGranted d/z e1 token 5 attempt 2
        SlotReserved e1 token 5 slots 1
        JobDispatched d/z token 5
      "
    `);
  });

  it('counts as newly accepted: with unfinished work only, and held if its tenant is at a limit', () => {
    const b = failed();
    b.submit('other', [job('x', { estimateMs: 1000 })]);
    b.give(Code.SetTenantLimits, { tenant: 'acme', weight: 1, openDags: null, activeDags: 1, runnableJobs: null });
    b.at += 5000;
    b.skip();
    b.give(Code.RetryDag, D);
    b.settle();
    b.complete('other', 'x');
    b.settle();
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 6000
      > RetryDag d
        DagReopened d run 2 work 2000 dagFinish 3000 dueAtMs 130000 held
        DagHeld d reason active-dags
        JobReopened d/b
        JobReopened d/c
        ContinuationAdvanced cursor 3 to 3
        ContinuationAdvanced cursor 4 to 1
        ContinuationAdvanced cursor 5 to 3
        ContinuationAdvanced cursor 6 to 0
      -- 6000
      > CompleteJob other/x token 3
        JobSucceeded other/x attempt 1
        LeaseReleased token 3 reason completed
        SlotReleased token 3 slots 1 occupancyMs 5000
        DagSucceeded other
        DagReleased d
        JobReadied d/b
        LeaseGranted d/b e1 token 4 attempt 2
        SlotReserved e1 token 4 slots 1
        JobDispatched d/b token 4
      "
    `);
  });

  it('is refused beyond the open DAGs of its tenant and the known jobs of the cell', () => {
    const b = failed();
    b.submit('other', [job('x')]);
    b.give(Code.SetTenantLimits, { tenant: 'acme', weight: 1, openDags: 1, activeDags: null, runnableJobs: null });
    b.give(Code.RetryDag, D);
    expect(b.transcript.lines.at(-1)).toBe('  InputRefused code tenant-open-dags');
    b.give(Code.SetTenantLimits, { tenant: 'acme', weight: 1, openDags: null, activeDags: null, runnableJobs: null });
    b.give(Code.SetCellLimits, cellLimits({ knownJobs: 3 }));
    b.give(Code.RetryDag, D);
    expect(b.transcript.lines.at(-1)).toBe('  InputRefused code cell-known-jobs');
  });

  it('may be cancelled while its jobs are being reopened, and retried again', () => {
    const b = new KernelBench({ isLarge: true });
    b.submit(
      'd',
      Array.from({ length: 5000 }, (_, i) =>
        job(`j${i}`, { after: i < 2500 ? [] : [`j${i - 2500}`], executorClass: 'none' }),
      ),
    );
    b.settle();
    b.give(Code.CancelDag, { ...D, reason: '' });
    b.settle();
    b.step([]);
    b.give(Code.RetryDag, D);
    b.give(Code.CancelJob, { ...D, job: 'j0', reason: '' });
    b.give(Code.CancelDag, { ...D, reason: '' });
    b.settle();
    checkState(b.kernel.state);
    b.give(Code.RetryDag, D);
    b.settle();
    checkState(b.kernel.state);
    expect([b.stateOf('d', 'j0'), b.stateOf('d', 'j2500')]).toEqual(['ready', 'waiting']);
  });
});

describe('RetryDag of a fan-out', () => {
  /** Five pages: two done, one failed, two stopped with it. */
  function pages(): KernelBench {
    const b = new KernelBench();
    b.register('e1', { slots: 5, sessionMs: 600_000 });
    b.submit('d', [job('f', { fanOut: fanOut(5) }), job('z', { after: ['f'] })]);
    b.settle();
    b.complete('d', 'f[0]');
    b.complete('d', 'f[1]');
    b.fail('d', 'f[2]', 'broken', false);
    b.settle();
    b.register('e2', { slots: 5, sessionMs: 600_000 });
    b.skip();
    return b;
  }

  it('keeps the children that succeeded and runs the others again', () => {
    const b = pages();
    b.give(Code.RetryDag, D);
    b.settle();
    for (const child of ['f[2]', 'f[3]', 'f[4]', 'z']) b.complete('d', child);
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > RetryDag d
        DagReopened d run 2 work 4000 dagFinish 4000 dueAtMs 125000
        JobReopened d/f kept
        JobReopened d/z
        ContinuationAdvanced cursor 4 next 2 to 2
        ContinuationAdvanced cursor 5 to 1
        JobReopened d/f[2]
        JobReopened d/f[3]
        JobReopened d/f[4]
        ContinuationAdvanced cursor 6 to 7
        ContinuationAdvanced cursor 7 to 2
        JobReadied d/f[2]
        JobReadied d/f[3]
        JobReadied d/f[4]
        ContinuationAdvanced cursor 8 to 7
        LeaseGranted d/f[2] e1 token 6 attempt 2
        SlotReserved e1 token 6 slots 1
        JobDispatched d/f[2] token 6
        LeaseGranted d/f[3] e1 token 7 attempt 2
        SlotReserved e1 token 7 slots 1
        JobDispatched d/f[3] token 7
        LeaseGranted d/f[4] e1 token 8 attempt 2
        SlotReserved e1 token 8 slots 1
        JobDispatched d/f[4] token 8
      -- 1000
      > CompleteJob d/f[2] token 6
        JobSucceeded d/f[2] attempt 2
        LeaseReleased token 6 reason completed
        SlotReleased token 6 slots 1 occupancyMs 0
      -- 1000
      > CompleteJob d/f[3] token 7
        JobSucceeded d/f[3] attempt 2
        LeaseReleased token 7 reason completed
        SlotReleased token 7 slots 1 occupancyMs 0
      -- 1000
      > CompleteJob d/f[4] token 8
        JobSucceeded d/f[4] attempt 2
        LeaseReleased token 8 reason completed
        SlotReleased token 8 slots 1 occupancyMs 0
        JobSucceeded d/f attempt 0
        JobReadied d/z
        LeaseGranted d/z e1 token 9 attempt 1
        SlotReserved e1 token 9 slots 1
        JobDispatched d/z token 9
      -- 1000
      > CompleteJob d/z token 9
        JobSucceeded d/z attempt 1
        LeaseReleased token 9 reason completed
        SlotReleased token 9 slots 1 occupancyMs 0
        DagSucceeded d
      "
    `);
  });

  it('goes on making the children that it had not made yet', () => {
    const b = new KernelBench({ isLarge: true });
    b.submit('d', [job('f', { executorClass: 'none', fanOut: fanOut(20_000) })]);
    b.step();
    b.give(Code.CancelDag, { ...D, reason: '' });
    b.settle();
    const { fans } = b.kernel.state;
    expect(fans.c.made[fans.find(1, 0)]).toBeLessThan(20_000);
    b.give(Code.RetryDag, D);
    b.settle();
    expect(fans.c.made[fans.find(1, 0)]).toBe(20_000);
    expect([b.stateOf('d', 'f[0]'), b.stateOf('d', 'f[19999]')]).toEqual(['ready', 'ready']);
    checkState(b.kernel.state);
  });
});
