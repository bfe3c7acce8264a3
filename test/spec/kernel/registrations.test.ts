/** Registrations of executors: incarnations, what they hold, and their class (fault 27). */
import { describe, expect, it } from 'vitest';
import { Code, classLimits, job, KernelBench, registration } from '../../support/kernel/bench.js';
import { busy, slots } from '../../support/kernel/executor.js';

describe('a registration', () => {
  it('of a new incarnation ends the leases that it does not list at once; those that it lists go on', () => {
    const { b, held } = busy();
    b.give(Code.RegisterExecutor, registration('e1', { incarnation: 'e1-2', slots: 2, held: held.slice(1) }));
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > RegisterExecutor e1 slots 2 held [{lease {dag 1, job 1, attempt 1, token 2}, slots 1}]
        ExecutorRegistered e1 untilMs 11000
        ExecutorResized e1 slots 2
        LeaseAdopted token 2
        LeaseExpired token 1
        JobReleased d/a reason executor-lost
        SlotReleased token 1 slots 1 occupancyMs 0
        JobReadied d/a
        ContinuationAdvanced cursor 1 to 1
        LeaseGranted d/a e1 token 3 attempt 2
        SlotReserved e1 token 3 slots 1
        JobDispatched d/a token 3
      "
    `);
  });

  it('of the same incarnation lets a dispatch that it may not have seen go on', () => {
    const { b } = busy();
    b.register('e1', { slots: 2 });
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > RegisterExecutor e1 slots 2
        ExecutorRegistered e1 untilMs 11000 resumed
        ContinuationAdvanced cursor 1 to 1
      "
    `);
    expect(slots(b)).toBe('2 slots, 2 reserved, 0 reclaiming, 0 withdrawn');
  });

  it('of the same incarnation ends what it had acknowledged and does not list; the slot waits for its word', () => {
    const { b, held } = busy();
    b.give(Code.AcknowledgeDispatch, { lease: held[0]!.lease });
    b.skip();
    b.register('e1', { slots: 2 });
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > RegisterExecutor e1 slots 2
        ExecutorRegistered e1 untilMs 11000 resumed
        LeaseExpired token 1
        JobReleased d/a reason executor-lost
        SlotReclaiming token 1
        JobReadied d/a
        ContinuationAdvanced cursor 1 to 1
      "
    `);
  });

  it('that lists a token whose lease is over takes its slots as reclaiming', () => {
    const { b, held } = busy();
    b.register('e2');
    b.completeLease(b.lease('d', 'c'));
    b.skip();
    b.completeLease(held[0]!.lease);
    b.give(
      Code.RegisterExecutor,
      registration('e1', { incarnation: 'e1-2', slots: 2, held: [{ ...held[0]!, slots: 2 }] }),
    );
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > CompleteJob d/a token 1
        JobSucceeded d/a attempt 1
        LeaseReleased token 1 reason completed
        SlotReleased token 1 slots 1 occupancyMs 0
      -- 1000
      > RegisterExecutor e1 slots 2 held [{lease {dag 1, job 0, attempt 1, token 1}, slots 2}]
        ExecutorRegistered e1 untilMs 11000
        ExecutorResized e1 slots 2
        SlotReportedHeld e1 token 1 slots 2
        LeaseExpired token 2
        JobReleased d/b reason executor-lost
        SlotReleased token 2 slots 1 occupancyMs 0
        JobReadied d/b
        ContinuationAdvanced cursor 1 to 1
        LeaseGranted d/b e2 token 4 attempt 2
        SlotReserved e2 token 4 slots 1
        JobDispatched d/b token 4
      "
    `);
    expect(slots(b)).toBe('2 slots, 0 reserved, 2 reclaiming, 0 withdrawn');
    b.skip();
    b.completeLease(held[0]!.lease);
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > CompleteJob d/a token 1
        DuplicateInput d code already-accepted
        SlotReleased token 1 slots 2 occupancyMs 0
      "
    `);
  });

  it('that lists a token which was never granted is refused', () => {
    const { b, held } = busy();
    const strange = { lease: { ...held[0]!.lease, token: 99 }, slots: 1 };
    b.give(Code.RegisterExecutor, registration('e1', { incarnation: 'e1-2', held: [strange] }));
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > RegisterExecutor e1 slots 1 held [{lease {dag 1, job 0, attempt 1, token 99}, slots 1}]
        InputRefused code invalid-value
      "
    `);
  });

  it('that lists what another executor runs takes nothing from it', () => {
    const { b, held } = busy();
    b.give(Code.RegisterExecutor, registration('e2', { held: held.slice(0, 1) }));
    expect(b.stateOf('d', 'a')).toBe('dispatched');
    expect(b.stateOf('d', 'c')).toBe('dispatched');
  });

  it('of a new process under another class ends what the one before it left, and is taken when it comes again', () => {
    const { b } = busy();
    const again = registration('e1', { incarnation: 'e1-2', executorClass: 'llm', slots: 2 });
    b.give(Code.RegisterExecutor, again);
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > RegisterExecutor e1 slots 2
        ExecutorDeregistered e1
        InputRefused code executor-busy
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
    b.give(Code.RegisterExecutor, again);
    expect(b.transcript.lines.at(-1)).toBe('  ExecutorResized e1 slots 2');
    expect(slots(b)).toBe('2 slots, 0 reserved, 0 reclaiming, 0 withdrawn');
  });

  it('of a new process under another class ends what a lost one may still do', () => {
    const { b } = busy();
    b.later(11_000);
    expect(slots(b)).toBe('2 slots, 0 reserved, 2 reclaiming, 0 withdrawn');
    b.give(Code.RegisterExecutor, registration('e1', { incarnation: 'e1-2', executorClass: 'llm', slots: 2 }));
    expect(slots(b)).toBe('2 slots, 0 reserved, 0 reclaiming, 0 withdrawn');
  });

  it('under another class that lists work of the first is refused, and ends nothing', () => {
    const { b, held } = busy();
    b.give(
      Code.RegisterExecutor,
      registration('e1', { incarnation: 'e1-2', executorClass: 'llm', slots: 2, held: held.slice(1) }),
    );
    expect(b.transcript.lines.at(-1)).toBe('  InputRefused code executor-busy');
    expect(slots(b)).toBe('2 slots, 2 reserved, 0 reclaiming, 0 withdrawn');
  });

  it('of the same process under another class is refused while slots of the first are in use', () => {
    const { b, held } = busy();
    b.register('e1', { executorClass: 'llm', slots: 2 });
    expect(b.transcript.lines.at(-1)).toBe('  InputRefused code executor-busy');
    for (const { lease } of held) b.completeLease(lease);
    b.complete('d', 'c');
    b.register('e1', { executorClass: 'llm', slots: 2 });
    const { classes } = b.kernel.state;
    expect([1, 2].map((seq) => classes.c.slots[classes.find(seq)])).toEqual([0, 2]);
  });

  it.each<[string, Parameters<typeof registration>[1]]>([
    ['invalid-value', { executor: '' }],
    ['invalid-class', { executorClass: '' }],
    ['invalid-class', { group: 'a\u0000b' }],
    ['invalid-slots', { slots: -1 }],
    ['invalid-slots', { slots: 4097 }],
    ['invalid-value', { sessionMs: 999 }],
    ['invalid-value', { sessionMs: 600_001 }],
  ])('is refused with %s for %j', (code, more) => {
    const b = new KernelBench();
    b.give(Code.RegisterExecutor, registration('e1', more));
    expect(b.transcript.lines.at(-1)).toBe(`  InputRefused code ${code}`);
  });

  it('of class 4,096 is refused, and so is a submission that names it', () => {
    const b = new KernelBench({ isLarge: true });
    const jobs = Array.from({ length: 4095 }, (_, i) => job(`j${i}`, { executorClass: `c${i}` }));
    b.submit('d', jobs);
    b.skip();
    b.register('e1', { executorClass: 'one-more' });
    b.submit('d2', [job('a', { executorClass: 'one-more' })]);
    b.give(Code.SetClassLimits, classLimits({ executorClass: 'one-more', maxSlots: 1 }));
    expect(b.transcript.lines.filter((line) => line.includes('invalid-class'))).toHaveLength(3);
  });
});
