/** A job of an ended DAG runs again, with everything after it; also one child, or a whole fan-out. */
import { describe, expect, it } from 'vitest';
import { Code, fanOut, job, KernelBench, retry } from '../../support/kernel/bench.js';

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

describe('RetryJob', () => {
  it('runs the job and everything after it again, also what had succeeded', () => {
    const b = failed();
    b.give(Code.RetryJob, { ...D, job: 'a' });
    b.settle();
    b.complete('d', 'a');
    b.complete('d', 'b');
    b.complete('d', 'c');
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > RetryJob d/a
        DagReopened d/a run 2 work 2000 dagFinish 2000 dueAtMs 125000
        JobReopened d/a
        ContinuationAdvanced cursor 3 to 0
        JobReopened d/b
        ContinuationAdvanced cursor 4 to 1
        JobReopened d/c
        ContinuationAdvanced cursor 5 to 1
        ContinuationAdvanced cursor 6 to 3
        JobReadied d/a
        ContinuationAdvanced cursor 7 to 3
        LeaseGranted d/a e1 token 3 attempt 2
        SlotReserved e1 token 3 slots 1
        JobDispatched d/a token 3
      -- 1000
      > CompleteJob d/a token 3
        JobSucceeded d/a attempt 2
        LeaseReleased token 3 reason completed
        SlotReleased token 3 slots 1 occupancyMs 0
        JobReadied d/b
        LeaseGranted d/b e1 token 4 attempt 2
        SlotReserved e1 token 4 slots 1
        JobDispatched d/b token 4
      -- 1000
      > CompleteJob d/b token 4
        JobSucceeded d/b attempt 2
        LeaseReleased token 4 reason completed
        SlotReleased token 4 slots 1 occupancyMs 0
        JobReadied d/c
        LeaseGranted d/c e1 token 5 attempt 1
        SlotReserved e1 token 5 slots 1
        JobDispatched d/c token 5
      -- 1000
      > CompleteJob d/c token 5
        JobSucceeded d/c attempt 1
        LeaseReleased token 5 reason completed
        SlotReleased token 5 slots 1 occupancyMs 0
        DagSucceeded d
      "
    `);
  });

  it('leaves other failures standing: the DAG fails again', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 2 });
    b.submit('d', [job('x'), job('y')], { failurePolicy: 'continue' });
    b.fail('d', 'x', 'broken', false);
    b.fail('d', 'y', 'broken', false);
    b.give(Code.RetryJob, { ...D, job: 'x' });
    b.settle();
    b.complete('d', 'x');
    expect(b.transcript.lines.at(-1)).toBe('  DagFailed d code job-failed');
    b.give(Code.RetryJob, { ...D, job: 'y' });
    b.settle();
    b.complete('d', 'y');
    expect(b.transcript.lines.at(-1)).toBe('  DagSucceeded d');
  });

  it('does not count as a success what fail-fast had cancelled and nobody ran', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 2 });
    b.submit('d', [job('x'), job('y')]);
    b.fail('d', 'x', 'broken', false);
    b.settle();
    b.give(Code.RetryJob, { ...D, job: 'x' });
    b.settle();
    b.complete('d', 'x');
    expect(b.transcript.lines.at(-1)).toBe('  DagFailed d code job-failed');
  });

  it('of one child runs it and what comes after its fan-out', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 9 });
    b.submit('d', [job('f', { fanOut: fanOut(3) }), job('z', { after: ['f'] })], { failurePolicy: 'continue' });
    b.settle();
    for (const i of [0, 1]) b.complete('d', `f[${i}]`);
    b.fail('d', 'f[2]', 'broken', false);
    b.settle();
    b.skip();
    b.give(Code.RetryJob, { ...D, job: 'f[0]' });
    b.give(Code.RetryJob, { ...D, job: 'f[2]' });
    b.settle();
    b.complete('d', 'f[2]');
    b.complete('d', 'z');
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > RetryJob d/f[0]
        InputRefused d code job-not-failed
      -- 1000
      > RetryJob d/f[2]
        DagReopened d/f[2] run 2 work 2000 dagFinish 2000 dueAtMs 125000
        JobReopened d/f kept
        JobReopened d/f[2]
        ContinuationAdvanced cursor 3 to 0
        JobReopened d/z
        ContinuationAdvanced cursor 4 to 1
        ContinuationAdvanced cursor 5 to 2
        JobReadied d/f[2]
        ContinuationAdvanced cursor 6 to 5
        LeaseGranted d/f[2] e1 token 4 attempt 2
        SlotReserved e1 token 4 slots 1
        JobDispatched d/f[2] token 4
      -- 1000
      > CompleteJob d/f[2] token 4
        JobSucceeded d/f[2] attempt 2
        LeaseReleased token 4 reason completed
        SlotReleased token 4 slots 1 occupancyMs 0
        JobSucceeded d/f attempt 0
        JobReadied d/z
        LeaseGranted d/z e1 token 5 attempt 1
        SlotReserved e1 token 5 slots 1
        JobDispatched d/z token 5
      -- 1000
      > CompleteJob d/z token 5
        JobSucceeded d/z attempt 1
        LeaseReleased token 5 reason completed
        SlotReleased token 5 slots 1 occupancyMs 0
        DagSucceeded d
      "
    `);
  });

  it('of a fan-out makes its children anew at the same places, as long as they are not more', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 9 });
    b.submit('d', [
      job('a'),
      job('f', { after: ['a'], fanOut: fanOut({ from: 'a', at: '/n' }) }),
      job('z', { after: ['f'] }),
    ]);
    const run = (n: number) => {
      b.complete('d', 'a', { n });
      b.settle();
      for (let i = 0; i < n; i++) b.complete('d', `f[${i}]`);
      b.fail('d', 'z', 'broken', false);
      b.give(Code.RetryJob, { ...D, job: 'a' });
      b.settle();
    };
    for (const n of [3, 2, 3, 4]) run(n);
    expect(b.transcript.lines.filter((line) => line.includes('FannedOut'))).toEqual([
      '  JobsFannedOut d/f count 3 from 3 to 6',
      '  JobsFannedOut d/f count 2 from 3 to 5',
      '  JobsFannedOut d/f count 3 from 3 to 6',
      '  JobsFannedOut d/f count 4 from 6 to 10',
    ]);
    expect(b.cold.outputs.size).toBe(4);
  });

  it('above a fan-out counts its children once: those that had not succeeded are made again with the others', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 9, sessionMs: 600_000 });
    b.submit('d', [job('a'), job('f', { after: ['a'], fanOut: fanOut({ from: 'a', at: '/n' }) })]);
    b.complete('d', 'a', { n: 3 });
    b.settle();
    b.complete('d', 'f[0]');
    b.fail('d', 'f[1]', 'broken', false);
    b.settle();
    b.give(Code.RetryJob, { ...D, job: 'a' });
    b.settle();
    b.complete('d', 'a', { n: 3 });
    b.settle();
    const { c } = b.kernel.state.dags;
    const dag = b.kernel.state.dags.find(1);
    expect({ work: c.work[dag], done: c.workDone[dag] }).toEqual({ work: 4000, done: 1000 });
    // W came to 1000 with `a`.
    expect(c.dagFinish[dag]).toBe(4000);
  });

  it('of a giant again and again does not make the DAG too large', () => {
    const b = new KernelBench({ isLarge: true });
    b.submit('d', [job('f', { kind: 'noop', fanOut: fanOut(60_000) }), job('z', { after: ['f'], retry: retry(1) })]);
    b.register('e1', { sessionMs: 600_000 });
    for (let run = 1; run <= 3; run++) {
      for (let n = 0; b.step().unfinished; n++) expect(n).toBeLessThan(500);
      b.fail('d', 'z', 'broken', false);
      b.give(Code.RetryJob, { ...D, job: 'f' });
    }
    const { dags } = b.kernel.state;
    expect(dags.c.jobsTotal[dags.find(1)]).toBe(60_002);
  });
});
