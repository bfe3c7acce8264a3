/** What operators do to a DAG: pause, resume, reprioritize, cancel it or a job of it. */
import { describe, expect, it } from 'vitest';
import { Code, fanOut, job, KernelBench, retry } from '../../support/kernel/bench.js';

const D = { tenant: 'acme', dagId: 'd' };

describe('a paused DAG', () => {
  it('dispatches nothing new; what runs ends, and its results wait', () => {
    const b = new KernelBench();
    b.register('e1');
    b.submit('d', [job('a'), job('b', { after: ['a'] }), job('n', { kind: 'noop', after: ['a'] })]);
    b.skip();
    b.give(Code.PauseDag, D);
    b.complete('d', 'a');
    expect(b.stateOf('d', 'b')).toBe('ready');
    b.give(Code.ResumeDag, D);
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > PauseDag d
        DagPaused d
      -- 1000
      > CompleteJob d/a token 1
        JobSucceeded d/a attempt 1
        LeaseReleased token 1 reason completed
        SlotReleased token 1 slots 1 occupancyMs 0
        JobReadied d/b
        JobSucceeded d/n attempt 0
        ContinuationAdvanced cursor 1 to 0
      -- 1000
      > ResumeDag d
        DagResumed d
        LeaseGranted d/b e1 token 2 attempt 1
        SlotReserved e1 token 2 slots 1
        JobDispatched d/b token 2
      "
    `);
  });

  it('leaves its slots to others, and takes its place again', () => {
    const b = new KernelBench();
    b.submit('d', [job('a')], { priority: 5 });
    b.submit('other', [job('x')]);
    b.give(Code.PauseDag, D);
    b.register('e1');
    expect(b.stateOf('other', 'x')).toBe('dispatched');
    b.give(Code.ResumeDag, D);
    b.complete('other', 'x');
    expect(b.stateOf('d', 'a')).toBe('dispatched');
  });

  it('is not paused twice, nor resumed when it is not paused', () => {
    const b = new KernelBench();
    b.submit('d', [job('a')]);
    b.skip();
    b.give(Code.ResumeDag, D);
    b.give(Code.PauseDag, D);
    b.give(Code.PauseDag, D);
    b.give(Code.PauseDag, { ...D, dagId: 'unknown' });
    b.give(Code.PauseDag, { ...D, tenant: 'other' });
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > ResumeDag d
        InputRefused d code dag-not-paused
      -- 1000
      > PauseDag d
        DagPaused d
      -- 1000
      > PauseDag d
        InputRefused d code already-paused
      -- 1000
      > PauseDag unknown
        InputRefused code unknown-dag
      -- 1000
      > PauseDag d
        InputRefused code unknown-dag
      "
    `);
  });

  it('lets backoffs, time-outs and cancels go their way', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 2, sessionMs: 600_000 });
    b.submit('d', [job('a', { retry: retry(2, 100) }), job('b', { timeoutMs: 1000 })], { failurePolicy: 'continue' });
    b.give(Code.PauseDag, D);
    b.fail('d', 'a');
    b.later(2000);
    expect([b.stateOf('d', 'a'), b.stateOf('d', 'b')]).toEqual(['ready', 'failed']);
    b.give(Code.CancelDag, { ...D, reason: '' });
    expect(b.transcript.lines.at(-1)).toBe('  DagCancelled d');
  });
});

describe('a cancel', () => {
  it('of a DAG ends what waits and recalls what runs; its slots come back when the work has stopped', () => {
    const b = new KernelBench();
    b.register('e1');
    b.submit('d', [job('a'), job('b'), job('c', { after: ['a'] })]);
    b.skip();
    b.give(Code.CancelDag, { ...D, reason: 'not needed' });
    b.give(Code.CancelDag, { ...D, reason: '' });
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > CancelDag d reason not needed
        DagEnding d outcome cancelled code not needed
        JobCancelled d/a reason dag-cancelled
        LeaseReleased token 1 reason dag-ended
        SlotReclaiming token 1
        JobCancelled d/b reason dag-cancelled
        JobCancelled d/c reason dag-cancelled
        ContinuationAdvanced cursor 1 to 3
        DagCancelled d
      -- 1000
      > CancelDag d
        InputRefused d code dag-terminal
      "
    `);
  });

  it('of a DAG of 100,000 jobs takes bounded turns, and others go on', () => {
    const b = new KernelBench({ isLarge: true });
    b.register('e1');
    b.submit(
      'd',
      Array.from({ length: 100_000 }, (_, i) => job(`j${i}`, { executorClass: 'none' })),
    );
    b.settle(300);
    b.give(Code.CancelDag, { ...D, reason: '' });
    let turns = 0;
    for (let unfinished = true; unfinished; turns++) {
      const result = b.submit(`s${turns}`, [job('x')]);
      unfinished = result.unfinished;
      expect(result.entries.length).toBeLessThan(16_384);
      expect(b.stateOf(`s${turns}`, 'x')).toBe('dispatched');
      b.complete(`s${turns}`, 'x');
    }
    expect(turns).toBeGreaterThan(90);
    expect(b.kernel.state.cell.c.openDags[b.kernel.state.cellRow]).toBe(0);
  });

  it('of a job skips what comes after it, and its DAG does not succeed', () => {
    const b = new KernelBench();
    b.register('e1');
    b.submit('d', [job('a'), job('b', { after: ['a'] })]);
    b.skip();
    b.give(Code.CancelJob, { ...D, job: 'a', reason: '' });
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > CancelJob d/a
        JobCancelled d/a reason cancelled
        LeaseReleased token 1 reason cancelled
        SlotReclaiming token 1
        JobSkipped d/b reason upstream-failed
        ContinuationAdvanced cursor 1 to 0
        DagFailed d code job-failed
      "
    `);
  });

  it('of a job that is ready, in backoff or awaits a signal needs no executor', () => {
    const b = new KernelBench();
    b.register('e1');
    b.submit('d', [job('x', { retry: retry(2, 60_000) }), job('y'), job('s', { kind: 'signal' })], {
      failurePolicy: 'continue',
    });
    b.fail('d', 'x');
    b.settle();
    expect(['x', 'y', 's'].map((id) => b.stateOf('d', id))).toEqual(['backoff', 'dispatched', 'awaitingSignal']);
    for (const id of ['x', 's']) b.give(Code.CancelJob, { ...D, job: id, reason: '' });
    b.complete('d', 'y');
    expect(b.transcript.lines.at(-1)).toBe('  DagFailed d code job-failed');
  });

  it('of a job that has succeeded is refused', () => {
    const b = new KernelBench();
    b.register('e1');
    b.submit('d', [job('a'), job('b')]);
    b.complete('d', 'a');
    b.give(Code.CancelJob, { ...D, job: 'a', reason: '' });
    expect(b.transcript.lines.at(-1)).toBe('  InputRefused d code job-terminal');
    expect(b.stateOf('d', 'a')).toBe('succeeded');
  });

  it('of a child, of a fan-out, of an ended job and of nobody', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 2 });
    b.submit('d', [job('f', { fanOut: fanOut(2, 1) }), job('z', { after: ['f'] })]);
    b.settle();
    b.skip();
    b.give(Code.CancelJob, { ...D, job: 'f', reason: '' });
    b.give(Code.CancelJob, { ...D, job: 'f[0]', reason: '' });
    b.give(Code.CancelJob, { ...D, job: 'f[0]', reason: '' });
    b.give(Code.CancelJob, { ...D, job: 'f[2]', reason: '' });
    b.give(Code.CancelJob, { ...D, job: 'nobody', reason: '' });
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > CancelJob d/f
        InputRefused d code invalid-value
      -- 1000
      > CancelJob d/f[0]
        JobCancelled d/f[0] reason cancelled
        LeaseReleased token 1 reason cancelled
        SlotReclaiming token 1
      -- 1000
      > CancelJob d/f[0]
        InputRefused d code job-terminal
      -- 1000
      > CancelJob d/f[2]
        InputRefused d code unknown-job
      -- 1000
      > CancelJob d/nobody
        InputRefused d code unknown-job
      "
    `);
  });
});

describe('another priority', () => {
  it('moves what waits, at once', () => {
    const b = new KernelBench();
    b.submit('first', [job('x')]);
    b.submit('d', [job('a')]);
    b.skip();
    b.give(Code.ReprioritizeDag, { ...D, priority: 1 });
    b.register('e1');
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > ReprioritizeDag d priority 1
        DagReprioritized d priority 1
      -- 1000
      > RegisterExecutor e1 slots 1
        ExecutorRegistered e1 untilMs 11000
        ExecutorResized e1 slots 1
        LeaseGranted d/a e1 token 1 attempt 1
        SlotReserved e1 token 1 slots 1
        JobDispatched d/a token 1
      "
    `);
  });

  it('out of bounds is refused', () => {
    const b = new KernelBench();
    b.submit('d', [job('a')]);
    b.give(Code.ReprioritizeDag, { ...D, priority: 1_000_001 });
    expect(b.transcript.lines.at(-1)).toBe('  InputRefused code invalid-priority');
  });
});
