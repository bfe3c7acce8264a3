/**
 * Why a job isn't running: planted situations, each reason of the
 * closed list (policy.md: Why is it not running?) at least once.
 */
import { describe, expect, it } from 'vitest';
import { EvidenceField } from '../../../src/catalogue/generated/codes.js';
import type { JobSpec } from '../../../src/catalogue/generated/types.js';
import { Code, classLimits, fanOut, input, job, KernelBench, registration, retry } from '../../support/kernel/bench.js';
import { afterShortWork, why } from '../../support/kernel/why.js';

const SESSION = { sessionMs: 600_000 };
const flat = (count: number, estimateMs = 1000) => Array.from({ length: count }, (_, i) => job(`${i}`, { estimateMs }));

/** Two executors of four slots; two slots of the second are free, which is reserved for a job of four. */
function crowded(more: readonly JobSpec[] = []): KernelBench {
  const b = new KernelBench();
  b.register('e1', { slots: 4, ...SESSION });
  b.submit('x', [job('a', { slots: 2, estimateMs: 60_000 }), job('b', { slots: 2, estimateMs: 60_000 })]);
  b.register('e2', { slots: 4, ...SESSION });
  b.submit('y', [job('a', { slots: 2, estimateMs: 30_000 }), job('b', { slots: 2, estimateMs: 30_000 })]);
  b.complete('y', 'a');
  b.submit('w', [job('w', { slots: 4 }), ...more], { priority: 9 });
  b.later(10_000);
  return b;
}

describe('a job that has no slot to hope for', () => {
  it('is in a DAG that is paused', () => {
    const b = new KernelBench();
    b.submit('d', flat(1));
    b.give(Code.PauseDag, { tenant: 'acme', dagId: 'd' });
    expect(why(b, 'd', '0')).toEqual({ reason: 'paused-dag' });
  });

  it('is in a DAG that is held, at its place behind others', () => {
    const b = new KernelBench();
    const limits = { tenant: 'acme', weight: 1, openDags: null, activeDags: 1, runnableJobs: null };
    b.give(Code.SetTenantLimits, limits);
    for (const dagId of ['a', 'b', 'c']) b.submit(dagId, flat(1));
    b.submit('d', flat(1), { priority: 1 });
    expect(why(b, 'c', '0')).toEqual({ reason: 'held-tenant-limit', limit: 'active-dags', position: 3 });
    expect(why(b, 'd', '0')).toEqual({ reason: 'held-tenant-limit', limit: 'active-dags', position: 1 });
  });

  it('is in a DAG that is held, and that the next turn releases', () => {
    const b = new KernelBench();
    const limits = { tenant: 'acme', weight: 1, openDags: null, runnableJobs: null };
    b.give(Code.SetTenantLimits, { ...limits, activeDags: 0 });
    for (let i = 0; i < 40; i++) b.submit(`d${i}`, flat(1));
    b.give(Code.SetTenantLimits, { ...limits, activeDags: 100 });
    expect(why(b, 'd32', '0')).toEqual({ reason: 'turn-full' });
    expect(why(b, 'd33', '0')).toMatchObject({ limit: 'held-before', position: 2 });
  });

  it('waits for jobs before it, of which five are named', () => {
    const b = new KernelBench();
    b.register('e1', SESSION);
    const before = flat(8);
    b.submit('d', [...before, job('end', { after: before.map(({ id }) => id) })]);
    b.complete('d', '0');
    expect(why(b, 'd', 'end')).toEqual({ reason: 'waiting-for', jobs: [1, 2, 3, 4, 5], more: 2 });
  });

  it('waits for its children, for a signal, for its next attempt', () => {
    const b = new KernelBench();
    b.register('e1', SESSION);
    b.submit('d', [
      job('fails', { retry: retry(3, 5000) }),
      job('pages', { fanOut: fanOut(3) }),
      job('word', { kind: 'signal' }),
    ]);
    b.settle();
    expect(why(b, 'd', 'pages')).toEqual({ reason: 'waiting-for-fan-out', made: 3, left: 3 });
    expect(why(b, 'd', 'word')).toEqual({ reason: 'waiting-for-signal' });
    b.fail('d', 'fails');
    const told = why(b, 'd', 'fails');
    expect(told).toMatchObject({ reason: 'backoff-until', attempt: 2 });
    expect((told as { untilMs: number }).untilMs).toBeGreaterThanOrEqual(b.at + 5000);
  });

  it('has no executor, is too large for any, or all are cordoned', () => {
    const b = new KernelBench();
    b.submit('d', [...flat(1), job('wide', { slots: 5 })]);
    expect(why(b, 'd', '0')).toEqual({ reason: 'no-executor-in-class', class: 1, elsewhere: [] });
    b.register('e1', { slots: 4, ...SESSION });
    expect(why(b, 'd', 'wide')).toEqual({ reason: 'larger-than-any-executor', slots: 5, largest: 4 });
    b.give(Code.CordonExecutor, { executor: 'e1' });
    b.submit('late', flat(1));
    expect(why(b, 'late', '0')).toEqual({ reason: 'all-cordoned-or-draining', executors: 1 });
  });

  it('has no executor in its group, and is told of those in others', () => {
    const b = new KernelBench();
    for (const group of ['default', 'gpu']) b.register(`in-${group}`, { group, ...SESSION });
    b.register('ocr-2', SESSION);
    b.register('other', { executorClass: 'other', ...SESSION });
    b.submit('d', [job('x', { group: 'nobody' })]);
    expect(why(b, 'd', 'x')).toEqual({ reason: 'no-executor-in-class', class: 4, elsewhere: [1, 2] });
  });

  it('could run on executors that are cordoned: smaller ones that take work are not counted among them', () => {
    const b = new KernelBench();
    for (const id of ['w1', 'w2']) {
      b.register(id, { slots: 4, ...SESSION });
      b.give(Code.CordonExecutor, { executor: id });
    }
    b.register('small', SESSION);
    b.submit('d', [job('wide', { slots: 4 })]);
    expect(why(b, 'd', 'wide')).toEqual({ reason: 'all-cordoned-or-draining', executors: 2 });
  });

  it('runs already, or has ended', () => {
    const b = new KernelBench();
    b.register('e1', SESSION);
    b.submit('d', flat(1));
    b.later(500);
    expect(why(b, 'd', '0')).toEqual({ reason: 'lease-in-force', executor: 1, sinceMs: 1000 });
    b.complete('d', '0');
    expect(why(b, 'd', '0')).toBeNull();
  });
});

describe('a ready job for which slots are kept, or from which', () => {
  it('waits for its reservation, and keeps others from those slots', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 2, ...SESSION });
    b.submit('a', flat(2, 30_000));
    b.submit('wide', [job('w', { slots: 2 })], { priority: 1 });
    b.submit('b', flat(1, 60_000), { tenant: 'beta' });
    b.later(10_000);
    b.complete('a', '0');
    expect(why(b, 'wide', 'w')).toEqual({ reason: 'waiting-for-reservation', executor: 1, expectedAtMs: 31_000 });
    expect(why(b, 'b', '0', 'beta')).toEqual({
      reason: 'reserved-for-wide',
      job: { dag: 2, job: 0 },
      executor: 1,
      endsInTime: false,
      ahead: null,
    });
  });

  it('waits beside a job of its own DAG that has the reservation', () => {
    const signal = job('s', { kind: 'signal', signalName: 's' });
    const b = crowded([signal, job('long', { after: ['s'], estimateMs: 60_000 })]);
    b.give(Code.ResolveSignal, { tenant: 'acme', dagId: 'w', signal: 's', output: null });
    expect(why(b, 'w', 'w')).toMatchObject({ reason: 'waiting-for-reservation', executor: 2 });
    const kept = { reason: 'reserved-for-wide', job: { dag: 3, job: 0 }, executor: 2 };
    expect(why(b, 'w', 'long')).toEqual({ ...kept, endsInTime: false, ahead: null });
  });

  it('would end in time beside a job of several slots, and stands behind the first of its DAG, which would not', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 2, ...SESSION });
    b.submit('a', flat(2, 30_000));
    b.submit('wide', [job('w', { slots: 2 })], { priority: 1 });
    b.submit('low', [job('short', { estimateMs: 100 }), job('long', { estimateMs: 100_000 })], { priority: -1 });
    b.later(10_000);
    b.complete('a', '0');
    const kept = { reason: 'reserved-for-wide', job: { dag: 2, job: 0 }, executor: 1 };
    const ahead = { dag: 3, job: 1, field: 6, value: 100_000, own: 100 };
    expect(why(b, 'low', 'short')).toEqual({ ...kept, endsInTime: true, ahead });
    expect(why(b, 'low', 'long')).toEqual({ ...kept, endsInTime: false, ahead: null });
    b.give(Code.CancelJob, { tenant: 'acme', dagId: 'low', job: 'long', reason: '' });
    expect(b.stateOf('low', 'short')).toBe('dispatched');
  });

  it('would end in time beside a job of several slots, and stands behind another DAG of its size, which would not', () => {
    const b = crowded();
    b.submit('longer', flat(1, 17_000), { priority: 2 });
    b.submit('shorter', flat(1), { priority: 1 });
    b.later(1);
    expect(b.stateOf('shorter', '0')).toBe('ready');
    const kept = { reason: 'reserved-for-wide', job: { dag: 3, job: 0 }, executor: 2 };
    expect(why(b, 'longer', '0')).toEqual({ ...kept, endsInTime: false, ahead: null });
    const ahead = { dag: 4, job: 0, field: EvidenceField.priority, value: 2, own: 1 };
    expect(why(b, 'shorter', '0')).toEqual({ ...kept, endsInTime: true, ahead });
  });

  it('fits into what is free, and stands behind the first of its DAG, which fits only where a reservation is', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 4, ...SESSION });
    b.submit('x', [job('a', { slots: 4, estimateMs: 60_000 })]);
    b.register('e2', { slots: 8, ...SESSION });
    b.submit('y', [job('a', { slots: 4, estimateMs: 60_000 }), job('b', { slots: 4, estimateMs: 50_000 })]);
    b.complete('y', 'b');
    b.submit('w', [job('w', { slots: 8 })], { priority: 9 });
    b.later(10_000);
    b.register('e3', { slots: 2, ...SESSION });
    b.submit('d', [job('head', { slots: 4, estimateMs: 90_000 }), job('small', { slots: 2 })]);
    expect(why(b, 'd', 'head')).toMatchObject({ reason: 'reserved-for-wide', executor: 2, endsInTime: false });
    const ahead = { dag: 4, job: 0, field: EvidenceField.rank, value: 90_000, own: 1 };
    expect(why(b, 'd', 'small')).toEqual({ reason: 'no-free-slot', ahead, slots: 2, widest: 4 });
  });

  it('has room where it has a reservation, and the class has no tokens for it', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 4, ...SESSION });
    b.submit('x', [job('a', { slots: 2, estimateMs: 30_000 }), job('b', { slots: 2, estimateMs: 30_000 })]);
    b.complete('x', 'a');
    b.submit('w', [job('w', { slots: 4, units: 40 })], { priority: 9 });
    b.later(10_000);
    const rates = [{ per: 'units', add: 1, perMs: 10_000, burst: 50 } as const];
    b.give(Code.SetClassLimits, classLimits({ rates }));
    b.submit('z', [job('z', { estimateMs: 10, units: 30 })]);
    b.complete('z', 'z');
    b.complete('x', 'b');
    b.submit('n', [job('n', { estimateMs: 10, units: 1 })]);
    const unpaid = { reason: 'rate-limited', untilMs: b.at + 200_000, job: { dag: 2, job: 0 }, units: 40 };
    expect(why(b, 'w', 'w')).toEqual(unpaid);
    expect(why(b, 'n', 'n')).toEqual(unpaid);
  });

  it('would end in time beside a job of several slots, and the class has no tokens for it', () => {
    const b = new KernelBench();
    const rates = [{ per: 'starts', add: 1, perMs: 25_000, burst: 2 } as const];
    b.register('e1', { slots: 2, ...SESSION });
    b.give(Code.SetClassLimits, classLimits({ rates }));
    b.submit('a', flat(2, 30_000));
    b.submit('wide', [job('w', { slots: 2 })], { priority: 1 });
    b.later(10_000);
    b.complete('a', '0');
    b.submit('low', [job('short', { estimateMs: 100 })], { priority: -1 });
    expect(why(b, 'low', 'short')).toMatchObject({ reason: 'rate-limited', job: { dag: 3, job: 0 } });
  });

  it('would fit into what the limit of its class leaves, which is kept for a job of several slots', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 8, ...SESSION });
    b.give(Code.SetClassLimits, classLimits({ maxSlots: 4 }));
    b.submit('s', flat(5));
    b.submit('w', [job('w', { slots: 4 })], { priority: 1 });
    b.later(10_000);
    b.complete('s', '0');
    const kept = { reason: 'reserved-for-wide', job: { dag: 2, job: 0 }, executor: 1 };
    expect(why(b, 's', '4')).toEqual({ ...kept, endsInTime: true, ahead: null });
  });

  it('fits into what is free, and stands behind the first of its DAG, which does not', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 4, ...SESSION });
    b.submit('d', [job('a', { slots: 2 }), job('b', { slots: 4, estimateMs: 9000 })]);
    b.submit('e', [job('c', { slots: 2 }), job('d', { slots: 3, estimateMs: 9000 })]);
    b.complete('d', 'b');
    expect([b.stateOf('d', 'a'), b.stateOf('e', 'c')]).toEqual(['dispatched', 'ready']);
    expect(why(b, 'e', 'c')).toEqual({
      reason: 'no-free-slot',
      ahead: { dag: 2, job: 1, field: 6, value: 9000, own: 1000 },
      slots: 2,
      widest: 2,
    });
  });

  it('stands behind the first of its DAG, for which no executor is large enough: others that come later go first', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 2, ...SESSION });
    b.submit('x', flat(1));
    b.submit('d', [job('a', { slots: 2 }), job('b', { slots: 4, estimateMs: 9000 })]);
    b.submit('low', [job('c', { slots: 2 })], { priority: -1 });
    expect(why(b, 'd', 'a')).toEqual({
      reason: 'no-free-slot',
      ahead: { dag: 2, job: 1, field: 6, value: 9000, own: 1000 },
      slots: 2,
      widest: 1,
    });
    expect(why(b, 'd', 'b')).toEqual({ reason: 'larger-than-any-executor', slots: 4, largest: 2 });
  });

  it('stands before the limit of its class', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 4, ...SESSION });
    b.give(Code.SetClassLimits, classLimits({ maxSlots: 2 }));
    b.submit('d', flat(3));
    expect(why(b, 'd', '2')).toEqual({ reason: 'class-limit', slots: 1, limit: 2, inUse: 2 });
    b.give(Code.CancelJob, { tenant: 'acme', dagId: 'd', job: '0', reason: '' });
    expect(why(b, 'd', '2')).toEqual({ reason: 'class-limit', slots: 1, limit: 2, inUse: 2 });
  });

  it('is long, and the last slots are for short ones', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 8, ...SESSION });
    afterShortWork(b);
    b.submit('long', flat(9, 60_000));
    expect(why(b, 'long', '8')).toEqual({ reason: 'reserved-for-short-work', longRunning: 7, allowed: 7 });
  });

  it('waits for slots of which nobody has said that the work stopped', () => {
    const b = new KernelBench();
    b.register('e1', SESSION);
    b.submit('d', [job('a'), job('b')]);
    b.at += 700;
    b.give(Code.CancelJob, { tenant: 'acme', dagId: 'd', job: 'a', reason: '' });
    b.submit('e', flat(1));
    b.later(100);
    expect(why(b, 'e', '0')).toEqual({ reason: 'slot-reclaiming', executor: 1, slots: 1, sinceMs: 1700 });
  });
});

describe('a ready job that others come before', () => {
  const full = (more: Parameters<KernelBench['submit']>[2] = {}) => {
    const b = new KernelBench();
    b.register('e1', SESSION);
    b.submit('first', flat(1), more);
    return b;
  };
  const ahead = (b: KernelBench, dagId: string, jobId: string, tenant?: string) =>
    (why(b, dagId, jobId, tenant) as { ahead: unknown }).ahead;

  it('of a higher priority', () => {
    const b = full();
    b.submit('low', flat(1));
    b.submit('high', flat(1), { priority: 3 });
    expect(why(b, 'low', '0')).toEqual({
      reason: 'no-free-slot',
      ahead: { dag: 3, job: 0, field: 1, value: 3, own: 0 },
      slots: 1,
      widest: 0,
    });
    expect(ahead(b, 'high', '0')).toBeNull();
  });

  it('and needs more slots than are free', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 2, ...SESSION });
    b.submit('first', flat(2));
    b.submit('low', flat(1));
    b.submit('wide', [job('w', { slots: 2 })], { priority: 3 });
    expect(ahead(b, 'low', '0')).toEqual({ dag: 3, job: 0, field: 1, value: 3, own: 0 });
  });

  it('of a tenant that has had less', () => {
    const b = full();
    b.submit('own', flat(1));
    b.submit('other', flat(1), { tenant: 'beta' });
    expect(ahead(b, 'own', '0')).toEqual({ dag: 3, job: 0, field: 2, value: 0, own: 1000 });
  });

  it('of a DAG that would have finished first, or with a longer path behind it', () => {
    const b = full();
    b.submit('giant', [job('short'), job('long', { estimateMs: 5000 }), job('x', { estimateMs: 9000 })]);
    expect(ahead(b, 'giant', 'short')).toEqual({ dag: 2, job: 2, field: 6, value: 9000, own: 1000 });
    b.submit('small', flat(1));
    expect(ahead(b, 'giant', 'x')).toMatchObject({ dag: 3, field: 4, value: 2000 });
    expect(ahead(b, 'giant', 'short')).toMatchObject({ dag: 3, field: 4, value: 2000 });
  });

  it('of a lane that goes first: urgent before regular, the guard before both', () => {
    const b = full({ tenant: 'beta', priority: 1 });
    b.submit('plain', flat(1));
    b.submit('near', flat(1, 2000), { deadlineAtMs: b.at + 5000 });
    expect(ahead(b, 'plain', '0')).toEqual({ dag: 3, job: 0, field: 11, value: 1, own: 2 });
    b.submit('new', flat(1), { priority: 5 });
    b.at += 200_000;
    b.step();
    b.submit('newest', flat(1), { priority: 5 });
    expect(ahead(b, 'newest', '0')).toEqual({ dag: 2, job: 0, field: 11, value: 0, own: 2 });
  });

  it('under another policy by that policy’s own key', () => {
    const b = full();
    b.give(Code.SetPolicy, { policy: 'edf@1' });
    b.submit('none', flat(1), { priority: 9 });
    b.submit('near', flat(1), { deadlineAtMs: 99_000 });
    expect(ahead(b, 'none', '0')).toMatchObject({ dag: 3, field: 12, value: 99_000 });
  });

  it('is the next one itself', () => {
    const b = full();
    b.submit('next', [job('w', { slots: 1 })]);
    expect(why(b, 'next', 'w')).toEqual({ reason: 'no-free-slot', ahead: null, slots: 1, widest: 0 });
  });
});

describe('a ready job that only the turn had no room for', () => {
  it('is chosen in the next one', () => {
    const b = new KernelBench({ isLarge: true, isQuiet: true });
    for (let i = 0; i < 20; i++) b.submit(`d${i}`, flat(500));
    b.settle();
    const executors = ['e1', 'e2', 'e3'].map((id) =>
      input(Code.RegisterExecutor, registration(id, { slots: 4096, ...SESSION })),
    );
    expect(b.step(executors).full).toBe(true);
    expect(b.stateOf('d19', '499')).toBe('ready');
    expect(why(b, 'd19', '499')).toEqual({ reason: 'turn-full' });
    b.settle();
    expect(why(b, 'd19', '499')).toMatchObject({ reason: 'lease-in-force' });
  });
});
