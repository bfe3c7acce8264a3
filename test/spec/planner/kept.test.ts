/** What the guard pays for an executor that is kept for its choice (policy.md: The guard; Jobs that need several slots). */
import { describe, expect, it } from 'vitest';
import type { Rate } from '../../../src/catalogue/generated/types.js';
import { Code, classLimits, job, KernelBench } from '../../support/kernel/bench.js';

const wide = (id: string, slots: number) => job(id, { slots, estimateMs: 1000 });

describe('an executor that is kept for the guard', () => {
  const limit = (b: KernelBench, maxSlots: number) => b.give(Code.SetClassLimits, classLimits({ maxSlots }));
  const narrow = (count: number) => Array.from({ length: count }, (_, i) => job(`j${i}`, { estimateMs: 500_000 }));

  /** One of four slots, of which for 100 s one is kept free, as the guard's choice needs all of them. */
  function kept(rates: readonly Rate[] = []): { readonly b: KernelBench; readonly credit: () => number } {
    const b = new KernelBench();
    b.give(Code.SetClassLimits, classLimits({ rates }));
    b.register('e1', { slots: 4, sessionMs: 600_000 });
    b.submit('busy', narrow(4), { priority: 5 });
    b.submit('wide', [wide('w', 4)]);
    b.later(130_000);
    b.complete('busy', 'j0');
    b.later(100_000);
    const { classes } = b.kernel.state;
    expect(classes.c.reservedExecutor[classes.find(1)]).toBe(1);
    return { b, credit: () => classes.c.guardCredit[classes.find(1)]! };
  }

  it('is paid for as it was while it was kept, whatever it is like when that ends', () => {
    const { b, credit } = kept();
    b.register('e1', { slots: 4096, sessionMs: 600_000 });
    expect(b.stateOf('wide', 'w')).toBe('dispatched');
    expect(credit()).toBe(-15 * (100_000 + 4000));
  });

  it.each([
    ['of one limit', 4],
    ['whose limit is lowered meanwhile', 3],
  ])('is paid for as far as others might have used it, in a class %s', (_, maxSlots) => {
    const b = new KernelBench();
    limit(b, 4);
    b.register('e1', { slots: 4096, sessionMs: 600_000 });
    b.submit('busy', narrow(4), { priority: 5 });
    b.submit('wide', [wide('w', 3)]);
    b.later(130_000);
    b.complete('busy', 'j0');
    b.later(100_000);
    limit(b, maxSlots);
    b.later(50_000);
    b.complete('busy', 'j1');
    b.complete('busy', 'j2');
    b.complete('busy', 'j3');
    expect(b.stateOf('wide', 'w')).toBe('dispatched');
    const { classes } = b.kernel.state;
    expect(classes.c.guardCredit[classes.find(1)]).toBe(-15 * (100_000 + 50_000 * (maxSlots - 3) + 3000));
  });

  it('is not paid for while the fabric was stopped, and nobody could have had it', () => {
    const { b, credit } = kept();
    b.stoppedMs += 3_600_000;
    b.later(3_600_000);
    b.register('e1', { slots: 4096, sessionMs: 600_000 });
    expect(b.stateOf('wide', 'w')).toBe('dispatched');
    expect(credit()).toBe(-15 * (100_000 + 4000));
  });

  it('is not paid for while the class waits for tokens for its job, and nobody else may start', () => {
    const { b, credit } = kept([{ per: 'starts', add: 1, perMs: 500_000, burst: 4 }]);
    for (const id of ['j1', 'j2', 'j3']) b.complete('busy', id);
    b.submit('narrow', narrow(1));
    b.later(270_000);
    expect(b.stateOf('wide', 'w')).toBe('dispatched');
    expect(credit()).toBe(-15 * (100_000 + 4000));
  });

  it('is not paid for while its job has room on another one, and the class waits for tokens for it', () => {
    const b = new KernelBench();
    b.give(Code.SetClassLimits, classLimits({ rates: [{ per: 'starts', add: 1, perMs: 500_000, burst: 8 }] }));
    for (const executor of ['e1', 'e2']) b.register(executor, { slots: 4, sessionMs: 600_000 });
    b.submit('busy', narrow(8), { priority: 5 });
    b.submit('wide', [wide('w', 4)]);
    b.later(130_000);
    b.complete('busy', 'j0');
    b.later(100_000);
    for (const id of ['j4', 'j5', 'j6', 'j7']) b.complete('busy', id);
    const { classes } = b.kernel.state;
    const kept = () => classes.c.reservedExecutor[classes.find(1)];
    expect([b.stateOf('wide', 'w'), kept()]).toEqual(['ready', 2]);
    for (const id of ['j1', 'j2', 'j3']) b.complete('busy', id);
    expect([kept(), b.count('ReservationMade')]).toEqual([2, 2]);
    b.later(270_000);
    expect([b.stateOf('wide', 'w'), kept()]).toEqual(['dispatched', 0]);
    expect(classes.c.guardCredit[classes.find(1)]).toBe(-15 * (100_000 + 4000));
  });

  it('is paid for also when it is lost', () => {
    const { b, credit } = kept();
    b.give(Code.DeregisterExecutor, { executor: 'e1', incarnation: 'e1-1' });
    expect(credit()).toBe(-15 * 100_000);
  });
});
