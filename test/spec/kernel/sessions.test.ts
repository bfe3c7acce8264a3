/** Sessions: who is lost and when, what becomes of his work, and jobs that lose one executor after the other. */
import { describe, expect, it } from 'vitest';
import { Code, job, KernelBench, registration, retry, shellEvent } from '../../support/kernel/bench.js';

describe('a heartbeat', () => {
  it('extends the session when a third of it has passed, and says nothing before', () => {
    const b = new KernelBench();
    b.register('e1');
    b.skip();
    for (let n = 0; n < 3; n++) {
      b.at += 1700;
      b.give(Code.Heartbeat, { executor: 'e1', incarnation: 'e1-1' });
    }
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 2700
      > Heartbeat e1
      -- 4400
      > Heartbeat e1
        SessionExtended e1 untilMs 14400
      -- 6100
      > Heartbeat e1
      "
    `);
  });
});

describe('a session that runs out', () => {
  it('leaves slots that nobody has given back as they are, and needs no continuation for them', () => {
    const b = new KernelBench();
    b.register('e1');
    b.submit('d', [job('a')]);
    b.give(Code.CancelJob, { tenant: 'acme', dagId: 'd', job: 'a', reason: '' });
    b.skip();
    b.later(10_000);
    expect(b.tell()).toBe('\n-- 11000\n  ExecutorLost e1\n');
  });

  it('loses the executor: its leases expire, its jobs run elsewhere, its slots are not free', () => {
    const b = new KernelBench();
    b.register('e1');
    b.submit('d', [job('a')]);
    b.register('e2', { sessionMs: 60_000 });
    b.skip();
    b.later(10_000);
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 11000
        ExecutorLost e1
        LeaseExpired token 1
        JobReleased d/a reason executor-lost
        SlotReclaiming token 1
        JobReadied d/a
        ContinuationAdvanced cursor 1 to 1
        LeaseGranted d/a e2 token 2 attempt 2
        SlotReserved e2 token 2 slots 1
        JobDispatched d/a token 2
      "
    `);
    b.later(30_000);
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 41000
        SlotWithdrawn token 1 slots 1
      "
    `);
  });

  it('waits for the callbacks that were not read yet: a heartbeat among them saves it', () => {
    const b = new KernelBench();
    b.register('e1');
    b.skip();
    b.later(11_000, { caughtUp: false });
    b.give(Code.Heartbeat, { executor: 'e1', incarnation: 'e1-1' });
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 12000
      > Heartbeat e1
        SessionExtended e1 untilMs 22000
      "
    `);
  });

  it('waits until every executor had time to be heard after a change of leader', () => {
    const b = new KernelBench();
    b.register('e1');
    b.skip();
    b.step([], { later: 9000, shell: [shellEvent(Code.LeaderElected, { epoch: 2, noLossBeforeMs: 20_000 })] });
    b.later(2000);
    b.later(8999);
    b.later(1);
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 10000
        LeaderElected epoch 2 noLossBeforeMs 20000
      -- 12000
        SessionExtended e1 untilMs 20000
      -- 20999
        ExecutorLost e1
      "
    `);
  });

  it('waits after a leap of time until every executor had the longest of their sessions to be heard', () => {
    const b = new KernelBench();
    b.register('e1');
    b.register('e2', { sessionMs: 60_000 });
    b.register('e3', { sessionMs: 20_000 });
    b.later(9000);
    b.skip();
    b.standStill(5000);
    b.later(1000);
    b.later(58_999);
    b.later(1);
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 15000
        TimeLeapt gapMs 5000
      -- 16000
        SessionExtended e1 untilMs 70000
      -- 74999
        SessionExtended e3 untilMs 70000
        SessionExtended e2 untilMs 70000
      -- 75000
        ExecutorLost e1
        ExecutorLost e2
        ExecutorLost e3
      "
    `);
  });

  it('lasts on after an outage for what was left of it', () => {
    const b = new KernelBench();
    b.register('e1');
    b.skip();
    b.standStill(600_000);
    b.later(10_000);
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 601000
        TimeLeapt gapMs 600000
      -- 611000
        ExecutorLost e1
      "
    `);
  });
});

describe('an executor that comes back', () => {
  it('after its loss with the work that it still does: the work is told to stop, and only then is its slot free', () => {
    const b = new KernelBench();
    b.register('e1');
    b.submit('d', [job('a')]);
    const lease = b.lease('d', 'a');
    b.later(10_000);
    b.skip();
    b.give(Code.RegisterExecutor, registration('e1', { held: [{ lease, slots: 1 }] }));
    expect(b.stateOf('d', 'a')).toBe('ready');
    b.completeLease(lease);
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 11000
      > RegisterExecutor e1 slots 1 held [{lease {dag 1, job 0, attempt 1, token 1}, slots 1}]
        ExecutorRegistered e1 untilMs 21000
        ExecutorResized e1 slots 1
        LeaseAdopted token 1
        ContinuationAdvanced cursor 2 to 1
      -- 11000
      > CompleteJob d/a token 1
        InputRefused d code stale-token
        SlotReleased token 1 slots 1 occupancyMs 10000
        LeaseGranted d/a e1 token 2 attempt 2
        SlotReserved e1 token 2 slots 1
        JobDispatched d/a token 2
      "
    `);
  });

  it('as the same incarnation may yet receive what was dispatched to it: nothing is free before it says so', () => {
    const b = new KernelBench();
    b.register('e1');
    b.submit('d', [job('a')]);
    const lease = b.lease('d', 'a');
    b.later(10_000);
    b.register('e1');
    expect(b.stateOf('d', 'a')).toBe('ready');
    b.completeLease(lease);
    expect(b.stateOf('d', 'a')).toBe('dispatched');
  });

  it('as a new incarnation that lists nothing frees the slots at once', () => {
    const b = new KernelBench();
    b.register('e1');
    b.submit('d', [job('a')]);
    b.later(10_000);
    b.skip();
    b.register('e1', { incarnation: 'e1-2' });
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 11000
      > RegisterExecutor e1 slots 1
        ExecutorRegistered e1 untilMs 21000
        ExecutorResized e1 slots 1
        SlotReleased token 1 slots 1 occupancyMs 10000
        ContinuationAdvanced cursor 2 to 1
        LeaseGranted d/a e1 token 2 attempt 2
        SlotReserved e1 token 2 slots 1
        JobDispatched d/a token 2
      "
    `);
  });

  it('before anybody looked at its leases keeps those that it lists', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 300 });
    b.submit(
      'd',
      Array.from({ length: 300 }, (_, i) => job(`j${i}`)),
    );
    const held = Array.from({ length: 300 }, (_, i) => ({ lease: b.lease('d', `j${i}`), slots: 1 }));
    b.give(Code.RegisterExecutor, registration('e1', { incarnation: 'e1-2', slots: 300, held: held.slice(100) }));
    b.settle();
    const { executors } = b.kernel.state;
    expect(executors.c.reserved[executors.find(1)]).toBe(300);
    expect(b.transcript.lines.filter((line) => line.includes('LeaseExpired'))).toHaveLength(100);
  });
});

describe('poison', () => {
  it('is a job that lost its executor three times, whatever its retry policy', () => {
    const b = new KernelBench();
    b.submit('d', [job('a', { retry: retry(100) })]);
    for (let n = 1; n <= 3; n++) {
      b.register(`e${n}`);
      expect(b.stateOf('d', 'a')).toBe('dispatched');
      b.skip();
      b.later(10_000);
    }
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 31000
        ExecutorLost e3
        LeaseExpired token 3
        JobFailed d/a attempt 3 code poison final
        SlotReclaiming token 3
        DagEnding d/a outcome failed code job-failed
        ContinuationAdvanced cursor 3 to 1
        ContinuationAdvanced cursor 4 to 1
        DagFailed d code job-failed
      "
    `);
  });

  it('counts in its run only', () => {
    const b = new KernelBench();
    b.submit('d', [job('a')]);
    for (let n = 1; n <= 3; n++) {
      b.register(`e${n}`);
      b.later(10_000);
    }
    b.give(Code.RetryDag, { tenant: 'acme', dagId: 'd' });
    b.settle();
    b.register('e4');
    b.later(10_000);
    expect(b.stateOf('d', 'a')).toBe('ready');
  });
});
