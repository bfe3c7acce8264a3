/** Executors: their size, what operators say of them, and their leaving (fault 16). */
import { describe, expect, it } from 'vitest';
import { Code, job, KernelBench } from '../../support/kernel/bench.js';
import { busy, slots } from '../../support/kernel/executor.js';

describe('the size of an executor', () => {
  it('shrinks below what is in use: nothing new is granted until enough is free', () => {
    const { b, held } = busy();
    b.submit('d2', [job('x'), job('y')]);
    b.register('e1', { slots: 1, held });
    expect(slots(b)).toBe('1 slots, 2 reserved, 0 reclaiming, 0 withdrawn');
    b.completeLease(held[0]!.lease);
    expect(b.stateOf('d', 'c')).toBe('ready');
    b.completeLease(held[1]!.lease);
    expect(b.stateOf('d', 'c')).toBe('dispatched');
    expect(b.stateOf('d2', 'x')).toBe('ready');
  });

  it('grows: what waits is dispatched at once', () => {
    const { b, held } = busy();
    b.register('e1', { slots: 3, held });
    expect(b.stateOf('d', 'c')).toBe('dispatched');
  });
});

describe('an executor that', () => {
  it('is cordoned gets nothing new and keeps what it has; uncordoned it goes on', () => {
    const { b, held } = busy();
    b.give(Code.CordonExecutor, { executor: 'e1' });
    expect(b.transcript.lines.at(-1)).toBe('  ExecutorCordoned e1');
    b.completeLease(held[0]!.lease);
    expect(b.stateOf('d', 'c')).toBe('ready');
    b.skip();
    b.give(Code.UncordonExecutor, { executor: 'e1' });
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > UncordonExecutor e1
        ExecutorUncordoned e1
        LeaseGranted d/c e1 token 3 attempt 1
        SlotReserved e1 token 3 slots 1
        JobDispatched d/c token 3
      "
    `);
  });

  it('is cordoned takes work again in its next session', () => {
    const b = new KernelBench();
    b.register('e1');
    b.give(Code.CordonExecutor, { executor: 'e1' });
    b.register('e1', { incarnation: 'e1-2' });
    b.submit('d', [job('a')]);
    expect(b.stateOf('d', 'a')).toBe('dispatched');
  });

  it('is drained can not be called back: it would give back at once what it is sent', () => {
    const { b, held } = busy();
    b.give(Code.DrainExecutor, { executor: 'e1', incarnation: null });
    b.give(Code.UncordonExecutor, { executor: 'e1' });
    expect(b.transcript.lines.at(-1)).toBe('  InputRefused code executor-draining');
    b.returnLease(held[0]!.lease);
    expect(b.stateOf('d', 'a')).toBe('ready');
  });

  it('is not drained by a process whose place another has taken, however late that is decided', () => {
    const { b, held } = busy();
    b.register('e1', { incarnation: 'e1-2', slots: 2, held });
    b.give(Code.DrainExecutor, { executor: 'e1', incarnation: 'e1-1' });
    expect(b.transcript.lines.at(-1)).toBe('  InputRefused code stale-incarnation');
    b.give(Code.DrainExecutor, { executor: 'e1', incarnation: 'e1-2' });
    expect(b.transcript.lines.at(-1)).toBe('  ExecutorDrained e1');
  });

  it('is drained gives its work back, and nothing of it is lost', () => {
    const { b, held } = busy();
    b.skip();
    b.give(Code.DrainExecutor, { executor: 'e1', incarnation: null });
    for (const { lease } of held) b.returnLease(lease);
    b.give(Code.DeregisterExecutor, { executor: 'e1', incarnation: 'e1-1' });
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > DrainExecutor e1
        ExecutorDrained e1
      -- 1000
      > ReturnJob d/a token 1 reason drain
        JobReleased d/a reason returned
        LeaseReleased token 1 reason returned
        SlotReleased token 1 slots 1 occupancyMs 0
        JobReadied d/a
      -- 1000
      > ReturnJob d/b token 2 reason drain
        JobReleased d/b reason returned
        LeaseReleased token 2 reason returned
        SlotReleased token 2 slots 1 occupancyMs 0
        JobReadied d/b
      -- 1000
      > DeregisterExecutor e1
        ExecutorDeregistered e1
      "
    `);
    b.register('e2', { slots: 3 });
    expect(['a', 'b', 'c'].map((id) => b.stateOf('d', id))).toEqual(['dispatched', 'dispatched', 'dispatched']);
  });

  it('deregisters with work in hand has stopped it: its slots are free, the jobs run elsewhere', () => {
    const { b } = busy();
    b.give(Code.DeregisterExecutor, { executor: 'e1', incarnation: 'e1-1' });
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > DeregisterExecutor e1
        ExecutorDeregistered e1
        LeaseExpired token 1
        JobReleased d/a reason executor-lost
        SlotReleased token 1 slots 1 occupancyMs 0
        JobReadied d/a
        LeaseExpired token 2
        JobReleased d/b reason executor-lost
        SlotReleased token 2 slots 1 occupancyMs 0
        JobReadied d/b
        ContinuationAdvanced cursor 1 to 1
      "
    `);
    expect(slots(b)).toBe('2 slots, 0 reserved, 0 reclaiming, 0 withdrawn');
  });

  it('deregisters with slots in reclaiming has stopped that too', () => {
    const { b } = busy();
    b.give(Code.CancelDag, { tenant: 'acme', dagId: 'd', reason: '' });
    expect(slots(b)).toBe('2 slots, 0 reserved, 2 reclaiming, 0 withdrawn');
    b.give(Code.DeregisterExecutor, { executor: 'e1', incarnation: 'e1-1' });
    expect(slots(b)).toBe('2 slots, 0 reserved, 0 reclaiming, 0 withdrawn');
  });

  it('is not there is refused what only a live one is told', () => {
    const b = new KernelBench();
    b.give(Code.Heartbeat, { executor: 'e1', incarnation: 'x' });
    b.register('e1');
    b.give(Code.Heartbeat, { executor: 'e1', incarnation: 'old' });
    b.give(Code.DeregisterExecutor, { executor: 'e1', incarnation: 'e1-1' });
    b.give(Code.CordonExecutor, { executor: 'e1' });
    b.give(Code.Heartbeat, { executor: 'e1', incarnation: 'e1-1' });
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > Heartbeat e1
        InputRefused code unknown-executor
      -- 1000
      > RegisterExecutor e1 slots 1
        ExecutorRegistered e1 untilMs 11000
        ExecutorResized e1 slots 1
      -- 1000
      > Heartbeat e1
        InputRefused code stale-incarnation
      -- 1000
      > DeregisterExecutor e1
        ExecutorDeregistered e1
      -- 1000
      > CordonExecutor e1
        InputRefused code unknown-executor
      -- 1000
      > Heartbeat e1
        InputRefused code stale-incarnation
      "
    `);
  });
});

describe('a class without executors', () => {
  it('keeps its jobs waiting, and counts never fall below zero', () => {
    const b = new KernelBench();
    b.submit('d', [job('a')]);
    expect(b.stateOf('d', 'a')).toBe('ready');
    b.register('e1');
    b.give(Code.DeregisterExecutor, { executor: 'e1', incarnation: 'e1-1' });
    const { classes } = b.kernel.state;
    const row = classes.find(1);
    expect([classes.c.slots[row], classes.c.executors[row], classes.c.reserved[row]]).toEqual([0, 0, 0]);
    expect(b.stateOf('d', 'a')).toBe('ready');
    b.register('e2');
    expect(b.stateOf('d', 'a')).toBe('dispatched');
  });
});
