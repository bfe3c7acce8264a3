/**
 * Credits of the lanes when a policy comes into force: what was dispatched before says
 * nothing of them (policy.md: Deadlines; The guard; Choosing another policy).
 */
import { describe, expect, it } from 'vitest';
import { Code, job } from '../../support/kernel/bench.js';
import { Slot } from '../../support/kernel/slot.js';

const jobs = (count: number, estimateMs = 1000) =>
  Array.from({ length: count }, (_, i) => job(`j${i}`, { estimateMs }));

/** Another policy comes into force, and the one of before again. */
function switched({ bench }: Slot): void {
  for (const policy of ['fifo@1', 'default@1']) bench.give(Code.SetPolicy, { policy });
}

describe('the guard, when a policy has come into force', () => {
  it('is not locked out by what others gave before it to pay for more than it took', () => {
    const s = new Slot(16);
    s.bench.submit('giant', jobs(32, 30_000), { priority: 5 });
    s.bench.submit('low', jobs(1, 30_000), { tenant: 'beta' });
    s.bench.at += 200_000;
    s.bench.submit('exact', jobs(40), { priority: 4 });
    expect(s.next(0)).toEqual(['low/0 guard']);
    for (let i = 0; i < 15; i++) s.next(0);
    s.next(1000);
    switched(s);
    for (let i = 0; i < 15; i++) s.next(0);
    expect(s.credit('guardCredit')).toBe(0);
  });

  it('has a sixteenth, though it was charged far too much before for what ends then', () => {
    const s = new Slot();
    s.bench.submit('busy', jobs(1), { priority: 5 });
    s.bench.submit('long', jobs(1, 100_000), { tenant: 'beta' });
    s.bench.at += 200_000;
    s.bench.submit('giant', jobs(50, 15_000), { priority: 5 });
    s.bench.submit('low', jobs(24), { tenant: 'beta' });
    s.bench.at += 130_000;
    expect(s.next(0)).toEqual(['long/0 guard']);
    switched(s);
    s.next(40_000);
    const served = Array.from({ length: 48 }, () => s.next(1000)[0]!);
    expect(served.filter((one) => one.endsWith('guard')).length).toBeLessThanOrEqual(4);
  });

  it('pays nothing for the executor that was kept for it before', () => {
    const s = new Slot(2);
    s.bench.submit('busy', jobs(2), { priority: 5 });
    s.bench.submit('wide', [job('w', { slots: 2 })]);
    s.bench.at += 200_000;
    s.next(0);
    expect(s.bench.count('ReservationMade')).toBe(1);
    s.bench.at += 100_000;
    switched(s);
    expect(s.next(1000)).toEqual(['wide/0 guard']);
    expect(s.credit('guardCredit')).toBe(-15 * (1000 + 2000));
  });
});

describe('regular work, when a policy has come into force', () => {
  it('owes urgent work nothing for what it used before', () => {
    const s = new Slot();
    s.bench.submit('busy', jobs(2, 1));
    switched(s);
    s.bench.submit('plain', jobs(1), { tenant: 'beta' });
    s.bench.submit('near', jobs(3), { deadlineAtMs: s.bench.at + 12_000 });
    expect(s.next(7000)).toEqual(['plain/0 regular']);
  });
});
