/** Jobs of several slots: passed over, reserved for, backfilled around (policy.md: Jobs that need several slots). */
import { describe, expect, it } from 'vitest';
import { Code, classLimits, job, KernelBench } from '../../support/kernel/bench.js';

const wide = (id: string, slots: number, estimateMs = 1000) => job(id, { slots, estimateMs });

const limitedTo = (maxSlots: number) => classLimits({ maxSlots });
const signal = job('s', { kind: 'signal', signalName: 's' });
const resolved = (dagId: string) => ({ tenant: 'acme', dagId, signal: 's', output: null });

/** Two executors of four slots; one job of so long an estimate on each. */
function crowded(first: number, second: number): KernelBench {
  const b = new KernelBench();
  b.register('e1', { slots: 4, sessionMs: 600_000 });
  b.submit('x', [wide('a', 2, first), wide('b', 2, first)]);
  b.register('e2', { slots: 4, sessionMs: 600_000 });
  b.submit('y', [wide('a', 2, second), wide('b', 2, second)]);
  return b;
}

/** The job that waits is passed over however long it does, and nothing is reserved for it. */
function expectPassed(b: KernelBench): void {
  b.later(20_000);
  b.skip();
  b.submit('v', [wide('v', 4)]);
  const told = b.tell();
  expect(told).toContain('JobDispatched v/v');
  expect(told).not.toContain('ReservationMade');
}

describe('a job of several slots', () => {
  it('is passed over for ten seconds, then reserves the executor that is free soonest, and starts there', () => {
    const b = crowded(60_000, 30_000);
    b.later(1000);
    b.complete('y', 'a');
    b.submit('w', [wide('w', 4)], { priority: 9 });
    b.skip();
    b.later(9999);
    expect(b.tell()).not.toContain('ReservationMade');
    expect(b.kernel.nextAt(0)).toBe(b.at + 1);
    b.later(1);
    expect(b.tell()).toContain('ReservationMade w/w e2 reservedAtMs 31000 lane 2');
    b.complete('y', 'b');
    const told = b.tell();
    expect(told).toContain('SlotReserved e2');
    expect(told).toContain('ReservationEnded w/w e2 reason started');
  });

  it('reserves the executor that registered first, of two that are free equally soon', () => {
    const b = crowded(30_000, 30_000);
    for (const dagId of ['y', 'x']) b.complete(dagId, 'a');
    b.submit('w', [wide('w', 4)], { priority: 9 });
    b.later(10_000);
    expect(b.tell()).toContain('ReservationMade w/w e1 reservedAtMs 31000');
  });

  it('has a lease that takes longer than was expected counted as one that ends now', () => {
    const b = crowded(60_000, 5000);
    b.complete('y', 'a');
    b.submit('w', [wide('w', 4)], { priority: 9 });
    b.later(10_000);
    expect(b.tell()).toContain('ReservationMade w/w e2 reservedAtMs 11000');
  });

  it('wakes the class likewise when it is urgent', () => {
    const b = crowded(60_000, 30_000);
    b.complete('y', 'a');
    b.submit('w', [wide('w', 4, 20_000)], { deadlineAtMs: b.at + 50_000 });
    // The risk of its DAG has its own timer.
    b.later(1);
    expect(b.kernel.nextAt(0)).toBe(11_000);
  });

  it.each([
    [60_000, 30_000],
    [30_000, 60_000],
  ])('waits for the leases that end first, with the slots of each: of %i and %i ms', (first, second) => {
    const b = new KernelBench();
    b.register('e1', { slots: 5, sessionMs: 600_000 });
    for (const [dagId, estimateMs] of [
      ['x', first],
      ['y', second],
    ] as const)
      b.submit(dagId, [wide('a', 2, estimateMs)]);
    b.submit('w', [wide('w', 3)], { priority: 9 });
    b.later(10_000);
    expect(b.tell()).toContain('ReservationMade w/w e1 reservedAtMs 31000');
  });

  it('has no executor kept for it while every slot is taken, however long that is', () => {
    const b = crowded(60_000, 30_000);
    b.submit('w', [wide('w', 4)], { priority: 9 });
    b.skip();
    b.later(24_000);
    expect(b.tell()).not.toContain('ReservationMade');
    b.complete('y', 'a');
    expect(b.tell()).toContain('ReservationMade w/w e2');
  });

  it('wakes the class when the first that waits has waited enough, and not again for one that others come before', () => {
    const b = crowded(60_000, 30_000);
    b.complete('y', 'a');
    b.submit('w', [wide('w', 3)]);
    b.later(2000);
    b.submit('v', [wide('v', 4)], { priority: 1 });
    expect(b.kernel.nextAt(0)).toBe(11_000);
    b.later(9000);
    expect(b.kernel.nextAt(0)).toBe(13_000);
  });

  it('counts slots that nobody has given back yet as taken until they are withdrawn', () => {
    const b = crowded(60_000, 20_000);
    b.stoppedMs = 500;
    b.complete('y', 'a');
    b.give(Code.CancelJob, { tenant: 'acme', dagId: 'y', job: 'b', reason: '' });
    b.submit('w', [wide('w', 4)], { priority: 9 });
    b.skip();
    b.later(10_000);
    expect(b.tell()).toContain('ReservationMade w/w e2 reservedAtMs 31000');
    expect(b.stateOf('w', 'w')).toBe('ready');
  });

  it('has no executor kept for it while others come before it', () => {
    const b = crowded(60_000, 30_000);
    b.submit('w', [wide('w', 4)]);
    b.submit('before', [job('a'), job('b')], { priority: 1 });
    b.later(10_000);
    b.skip();
    b.complete('y', 'a');
    const told = b.tell();
    expect(told.match(/JobDispatched before/g)).toHaveLength(2);
    expect(told).not.toContain('ReservationMade');
    b.complete('y', 'b');
    expect(b.tell()).toContain('ReservationMade w/w e2');
  });

  it('has an executor kept for it at once when its DAG is overdue', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 4, sessionMs: 600_000 });
    b.submit('x', [wide('a', 2, 400_000), wide('b', 2, 400_000)]);
    b.submit('w', [signal, job('w', { slots: 4, after: ['s'] })]);
    b.later(300_000);
    b.complete('x', 'a');
    b.skip();
    b.give(Code.ResolveSignal, resolved('w'));
    expect(b.tell()).toContain('ReservationMade w/w e1 reservedAtMs 401000 lane 0');
  });

  it('has one kept for it when its DAG comes to be overdue, without a word from outside', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 4, sessionMs: 600_000 });
    b.submit('x', [wide('a', 2, 400_000), wide('b', 2, 400_000)]);
    b.submit('w', [signal, job('w', { slots: 4, after: ['s'] })]);
    const { dags } = b.kernel.state;
    const due = dags.c.dueAtMs[dags.find(2)]!;
    b.at = due - 7000;
    b.complete('x', 'a');
    b.give(Code.ResolveSignal, resolved('w'));
    expect(b.kernel.nextAt(0)).toBe(due);
    b.skip();
    b.later(7000);
    expect(b.tell()).toContain('ReservationMade w/w e1 reservedAtMs 401000 lane 0');
  });

  it('lets others start on the reserved executor only if they end before it is needed', () => {
    const b = crowded(60_000, 30_000);
    b.complete('y', 'a');
    b.submit('w', [wide('w', 4)], { priority: 9 });
    b.later(10_000);
    b.skip();
    b.submit('longer', [job('a', { estimateMs: 16_001 })]);
    b.later(1);
    // It is needed in 19,999 ms: four fifths of that are 15,999.2.
    b.submit('long', [job('a', { estimateMs: 16_000 })], { priority: 1 });
    expect(b.tell()).not.toContain('JobDispatched');
    const { entries } = b.submit('shorter', [job('a', { estimateMs: 15_999 })], { priority: 2 });
    const dispatch = entries.find(({ code }) => code === Code.JobDispatched);
    expect(dispatch?.body).toMatchObject({ job: 0, evidence: { backfill: true } });
  });

  it('lets others start on the reserved executor as long as that has slots', () => {
    const b = crowded(60_000, 30_000);
    b.complete('y', 'a');
    b.submit('w', [wide('w', 4)], { priority: 9 });
    b.later(10_000);
    b.submit('fills', [wide('a', 2)]);
    b.submit('more', [job('a')]);
    expect([b.stateOf('fills', 'a'), b.stateOf('more', 'a')]).toEqual(['dispatched', 'ready']);
  });

  it('keeps its reservation when another job of its DAG starts', () => {
    const b = crowded(60_000, 30_000);
    b.complete('y', 'a');
    b.submit('w', [wide('w', 4), signal, job('small', { after: ['s'] })], { priority: 9 });
    b.later(10_000);
    b.skip();
    b.give(Code.ResolveSignal, resolved('w'));
    const told = b.tell();
    expect(told).toContain('JobDispatched w/small');
    expect(told).not.toContain('ReservationEnded');
  });

  it('takes another executor before the one that is kept for it, where both come to be enough at once', () => {
    const b = new KernelBench();
    b.give(Code.SetClassLimits, limitedTo(4));
    b.register('e1', { slots: 4, sessionMs: 600_000 });
    b.submit('x', [wide('a', 2, 60_000)]);
    b.register('e2', { slots: 4, sessionMs: 600_000 });
    b.submit('w', [wide('w', 4)]);
    b.later(10_000);
    expect(b.tell()).toContain('ReservationMade w/w e2');
    b.complete('x', 'a');
    expect(b.tell()).toMatch(/SlotReserved e1.*slots 4/);
  });

  it('that has a reservation leaves urgent work that takes longer any room that comes to be elsewhere', () => {
    const b = crowded(60_000, 30_000);
    b.complete('y', 'a');
    b.submit('w', [wide('w', 4)], { priority: 9 });
    b.later(10_000);
    b.submit('near', [wide('a', 2, 20_000)], { deadlineAtMs: b.at + 50_000 });
    expect(b.stateOf('near', 'a')).toBe('ready');
    b.register('e3', { slots: 2, sessionMs: 600_000 });
    expect(b.stateOf('near', 'a')).toBe('dispatched');
  });

  it('takes any executor that has room first, and the reservation passes to the next one that waits', () => {
    const b = crowded(60_000, 30_000);
    b.complete('y', 'a');
    b.submit('w', [wide('w', 4)], { priority: 9 });
    b.submit('v', [wide('v', 3)]);
    b.later(10_000);
    b.complete('x', 'a');
    b.skip();
    b.complete('x', 'b');
    const told = b.tell();
    expect(told).toMatch(/SlotReserved e1.*slots 4/);
    expect(told).toContain('ReservationEnded w/w e2 reason started');
    expect(told).toContain('ReservationMade v/v e1 reservedAtMs 12000');
  });

  it('that has a reservation goes first where room comes to be, whoever comes before it now', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 4, sessionMs: 600_000 });
    b.submit('x', [wide('a', 4, 60_000)]);
    b.register('e2', { slots: 4, sessionMs: 600_000 });
    b.submit('y', [wide('a', 2, 30_000), wide('b', 2, 30_000)]);
    b.complete('y', 'a');
    b.submit('w', [wide('w', 4)], { priority: 1 });
    b.later(10_000);
    expect(b.tell()).toContain('ReservationMade w/w e2');
    b.submit('top', [job('a', { estimateMs: 50_000 })], { priority: 9 });
    b.complete('x', 'a');
    expect(b.tell()).toMatch(/SlotReserved e1.*slots 4/);
    expect([b.stateOf('w', 'w'), b.stateOf('top', 'a')]).toEqual(['dispatched', 'dispatched']);
  });

  it('loses its reservation when it is gone, or its executor is', () => {
    const b = crowded(60_000, 30_000);
    b.complete('y', 'a');
    b.submit('w', [wide('w', 4)], { priority: 9 });
    b.later(10_000);
    b.skip();
    b.give(Code.CordonExecutor, { executor: 'e2' });
    expect(b.tell()).toContain('ReservationEnded w/w e2 reason executor-gone');
    b.complete('x', 'a');
    expect(b.tell()).toContain('ReservationMade w/w e1');
    b.give(Code.PauseDag, { tenant: 'acme', dagId: 'w' });
    expect(b.tell()).toContain('ReservationEnded w/w e1 reason gone');
    b.give(Code.ResumeDag, { tenant: 'acme', dagId: 'w' });
    expect(b.tell()).toContain('ReservationMade w/w e1');
    b.give(Code.CancelDag, { tenant: 'acme', dagId: 'w', reason: '' });
    expect(b.tell()).toContain('ReservationEnded w/w e1 reason gone');
  });

  it('loses its reservation to a limit of its class that is less than it needs', () => {
    const b = crowded(60_000, 30_000);
    b.complete('y', 'a');
    b.submit('w', [wide('w', 4)], { priority: 9 });
    b.later(10_000);
    b.skip();
    b.give(Code.SetClassLimits, limitedTo(3));
    expect(b.tell()).toContain('ReservationEnded w/w e2 reason gone');
  });

  it('loses its reservation when its DAG begins to end, however long that takes', () => {
    const b = crowded(60_000, 30_000);
    b.complete('y', 'a');
    const others = Array.from({ length: 3000 }, (_, i) => job(`s${i}`, { kind: 'signal', signalName: `s${i}` }));
    b.submit('w', [...others, wide('w', 4)], { priority: 9 });
    b.settle();
    b.later(10_000);
    expect(b.tell()).toContain('ReservationMade w/w e2');
    b.give(Code.CancelDag, { tenant: 'acme', dagId: 'w', reason: '' });
    expect([b.stateOf('w', 'w'), b.tell().includes('ReservationEnded w/w e2 reason gone')]).toEqual(['ready', true]);
  });

  it('loses the executor that is reserved for it, and free, to another class', () => {
    const b = new KernelBench();
    b.give(Code.SetClassLimits, limitedTo(4));
    b.register('e1', { slots: 4, sessionMs: 600_000 });
    b.submit('x', [wide('a', 2, 60_000)]);
    b.register('e2', { slots: 4, sessionMs: 600_000 });
    b.submit('w', [wide('w', 4)]);
    b.skip();
    b.later(10_000);
    expect(b.tell()).toContain('ReservationMade w/w e2');
    b.register('e2', { slots: 4, sessionMs: 600_000, executorClass: 'other' });
    expect(b.tell()).toMatch(/ReservationEnded w\/w e2 reason executor-gone\n {2}ExecutorRegistered e2/);
    b.give(Code.DeregisterExecutor, { executor: 'e2', incarnation: 'e2-1' });
    b.later(3_600_000);
    expect(b.tell()).toContain('ExecutorForgotten');
  });

  it('that is larger than any executor stands in nobody’s way', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 4, sessionMs: 600_000 });
    b.submit('w', [wide('w', 9)], { priority: 9 });
    expect(b.kernel.nextAt(0)).toBe(b.at + 600_000);
    expectPassed(b);
  });

  it('that is larger than the limit of its class stands in nobody’s way', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 8, sessionMs: 600_000 });
    b.give(Code.SetClassLimits, limitedTo(4));
    b.submit('w', [wide('w', 5)], { priority: 9 });
    expectPassed(b);
  });

  it('is not starved by a limit of its class that small jobs would fill for ever', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 8, sessionMs: 600_000 });
    b.give(Code.SetClassLimits, limitedTo(4));
    b.submit(
      's',
      Array.from({ length: 9 }, (_, i) => job(`s${i}`)),
    );
    b.submit('w', [wide('w', 4)]);
    b.later(10_000);
    for (let i = 0; i < 4; i++) b.complete('s', `s${i}`);
    expect(b.stateOf('w', 'w')).toBe('dispatched');
    expect(b.stateOf('s', 's4')).toBe('ready');
  });

  it('has that executor reserved that is free soonest, also where one has fewer slots than are in use', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 8, sessionMs: 600_000 });
    const eight = Array.from({ length: 8 }, (_, i) => job(`j${i}`, { estimateMs: (i + 1) * 10_000 }));
    b.submit('x', eight);
    b.register('e2', { slots: 4, sessionMs: 600_000 });
    b.submit('y', [wide('p', 2, 55_000)]);
    const held = eight.map(({ id }) => ({ lease: b.lease('x', id), slots: 1 }));
    b.register('e1', { slots: 4, sessionMs: 600_000, held });
    b.submit('w', [wide('w', 4)], { priority: 9 });
    b.skip();
    b.later(10_000);
    expect(b.tell()).toContain('ReservationMade w/w e2 reservedAtMs 56000');
  });
});
