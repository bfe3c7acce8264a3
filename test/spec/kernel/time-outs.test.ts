/** Attempts that run too long, and slots whose work may still run: reclaiming (faults.md I5, fault 26). */
import { describe, expect, it } from 'vitest';
import { Code, job, KernelBench, registration, retry } from '../../support/kernel/bench.js';

/** One executor with one slot, on which an attempt has timed out; a second job waits for the slot. */
function timedOut(attempts = 1): { b: KernelBench; lease: ReturnType<KernelBench['lease']> } {
  const b = new KernelBench();
  b.register('e1', { sessionMs: 600_000 });
  b.submit('d', [job('a', { timeoutMs: 1000, retry: retry(attempts) })]);
  b.submit('next', [job('b')]);
  const lease = b.lease('d', 'a');
  b.skip();
  b.later(1000);
  return { b, lease };
}

describe('an attempt that is out of time', () => {
  it('fails, and its slot is not given away: the work may still run', () => {
    const { b } = timedOut();
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 2000
        JobTimedOut d/a attempt 1 final
        LeaseReleased token 1 reason timed-out
        SlotReclaiming token 1
        DagEnding d/a outcome failed code job-failed
        ContinuationAdvanced cursor 1 to 1
        DagFailed d code job-failed
      "
    `);
    expect(b.stateOf('next', 'b')).toBe('ready');
  });

  it('is tried again if its policy says so, on another slot', () => {
    const { b } = timedOut(2);
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 2000
        JobTimedOut d/a attempt 1
        LeaseReleased token 1 reason timed-out
        SlotReclaiming token 1
        RetryScheduled d/a attempt 1 retryAtMs 2000
      "
    `);
    b.register('e2');
    b.step();
    expect(b.stateOf('d', 'a')).toBe('dispatched');
  });

  it('is measured in running time: an outage costs it nothing', () => {
    const b = new KernelBench();
    b.register('e1', { sessionMs: 600_000 });
    b.submit('d', [job('a', { timeoutMs: 1000 })]);
    b.stoppedMs += 60_000;
    b.later(60_000);
    expect(b.stateOf('d', 'a')).toBe('dispatched');
    b.later(999);
    expect(b.stateOf('d', 'a')).toBe('dispatched');
    b.later(1);
    expect(b.stateOf('d', 'a')).toBe('failed');
  });

  it('fires although the callbacks were not read to their end, even behind a session that has run out', () => {
    const b = new KernelBench();
    b.register('e1', { sessionMs: 1000 });
    b.submit('d', [job('a', { timeoutMs: 1500 })]);
    b.skip();
    b.later(2000, { caughtUp: false });
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 3000
        JobTimedOut d/a attempt 1 final
        LeaseReleased token 1 reason timed-out
        SlotReclaiming token 1
        DagEnding d/a outcome failed code job-failed
        ContinuationAdvanced cursor 1 to 1
        DagFailed d code job-failed
      "
    `);
  });

  it('comes before nothing of the same turn: a callback that was there is taken first', () => {
    const b = new KernelBench();
    b.register('e1', { sessionMs: 600_000 });
    b.submit('d', [job('a', { timeoutMs: 1000 })]);
    b.at += 5000;
    b.complete('d', 'a');
    expect(b.stateOf('d', 'a')).toBe('succeeded');
  });
});

describe('reclaiming ends', () => {
  it('by a terminal callback, which is void for the job and valid for the slot', () => {
    const { b, lease } = timedOut();
    b.skip();
    b.completeLease(lease);
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 2000
      > CompleteJob d/a token 1
        InputRefused d code stale-token
        SlotReleased token 1 slots 1 occupancyMs 1000
        LeaseGranted next/b e1 token 2 attempt 1
        SlotReserved e1 token 2 slots 1
        JobDispatched next/b token 2
      "
    `);
  });

  it('not by a callback that names another job', () => {
    const { b, lease } = timedOut();
    b.completeLease({ ...lease, dag: 2 });
    b.completeLease({ ...lease, job: 1 });
    expect(b.stateOf('next', 'b')).toBe('ready');
  });

  it('by a registration that does not list it, of a new incarnation', () => {
    const { b } = timedOut();
    b.skip();
    b.register('e1', { incarnation: 'e1-2', sessionMs: 600_000 });
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 2000
      > RegisterExecutor e1 slots 1
        ExecutorRegistered e1 untilMs 602000
        ExecutorResized e1 slots 1
        SlotReleased token 1 slots 1 occupancyMs 1000
        ContinuationAdvanced cursor 2 to 1
        LeaseGranted next/b e1 token 2 attempt 1
        SlotReserved e1 token 2 slots 1
        JobDispatched next/b token 2
      "
    `);
  });

  it('not by a registration of the same incarnation: it may be older than what it does not list', () => {
    const b = new KernelBench();
    b.register('e1', { sessionMs: 600_000 });
    b.submit('d', [job('a', { timeoutMs: 1000 })]);
    b.give(Code.AcknowledgeDispatch, { lease: b.lease('d', 'a') });
    b.later(1000);
    b.skip();
    b.register('e1', { sessionMs: 600_000 });
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 2000
      > RegisterExecutor e1 slots 1
        ExecutorRegistered e1 untilMs 602000 resumed
        ContinuationAdvanced cursor 2 to 1
      "
    `);
  });

  it('not by one that may not know of it yet, because it never acknowledged the dispatch', () => {
    const { b } = timedOut();
    b.register('e1', { sessionMs: 600_000 });
    expect(b.stateOf('next', 'b')).toBe('ready');
  });

  it('after 30 s by withdrawal: the slot is gone from the executor until it registers again', () => {
    const { b, lease } = timedOut();
    b.skip();
    b.later(29_999);
    b.later(1);
    const { classes, executors } = b.kernel.state;
    expect([classes.c.slots[classes.find(1)], executors.c.withdrawn[executors.find(1)]]).toEqual([0, 1]);
    b.give(Code.Heartbeat, { executor: 'e1', incarnation: 'e1-1' });
    b.completeLease(lease);
    b.register('e1', { sessionMs: 600_000 });
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 32000
        SlotWithdrawn token 1 slots 1
      -- 32000
      > Heartbeat e1
      -- 32000
      > CompleteJob d/a token 1
        InputRefused d code stale-token
      -- 32000
      > RegisterExecutor e1 slots 1
        ExecutorRegistered e1 untilMs 632000 resumed
        LeaseGranted next/b e1 token 2 attempt 1
        SlotReserved e1 token 2 slots 1
        JobDispatched next/b token 2
      "
    `);
    expect(classes.c.slots[classes.find(1)]).toBe(1);
  });

  it('later, if a registration lists it: it is told once more to stop', () => {
    const { b, lease } = timedOut();
    b.later(20_000);
    b.skip();
    b.give(Code.RegisterExecutor, registration('e1', { sessionMs: 600_000, held: [{ lease, slots: 1 }] }));
    b.later(29_999);
    b.later(1);
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 22000
      > RegisterExecutor e1 slots 1 held [{lease {dag 1, job 0, attempt 1, token 1}, slots 1}]
        ExecutorRegistered e1 untilMs 622000 resumed
        LeaseAdopted token 1
        ContinuationAdvanced cursor 2 to 1
      -- 52000
        SlotWithdrawn token 1 slots 1
      "
    `);
  });
});
