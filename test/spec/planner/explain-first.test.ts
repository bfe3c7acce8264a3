/** Who is said to come before a job that has no slot: the one that starts first when there is room, or nobody. */
import { describe, expect, it } from 'vitest';
import { EvidenceField, Lane } from '../../../src/catalogue/generated/codes.js';
import type { JobSpec } from '../../../src/catalogue/generated/types.js';
import { policyIds } from '../../../src/kernel/policy/index.js';
import { IdKind, seqOf as seqOfDag } from '../../../src/kernel/rows/ids.js';
import { Code, job, KernelBench } from '../../support/kernel/bench.js';
import { afterShortWork, why } from '../../support/kernel/why.js';

const SESSION = { sessionMs: 600_000 };
const flat = (count: number, estimateMs = 1000) => Array.from({ length: count }, (_, i) => job(`${i}`, { estimateMs }));
const cancel = (dagId: string, id: string) => ({ tenant: 'acme', dagId, job: id, reason: '' });

describe('beside a job for which an executor is kept', () => {
  /** The first executor of four slots is taken; of the second two slots are free, and it is kept for w, of four slots. */
  function reserved(policy: string): KernelBench {
    const b = new KernelBench();
    b.give(Code.SetPolicy, { policy });
    b.register('e1', { slots: 4, ...SESSION });
    b.submit('x', [job('a', { slots: 2, estimateMs: 60_000 }), job('b', { slots: 2, estimateMs: 60_000 })]);
    b.register('e2', { slots: 4, ...SESSION });
    b.submit('y', [job('a', { slots: 2, estimateMs: 30_000 }), job('b', { slots: 2, estimateMs: 30_000 })]);
    b.submit('w', [job('w', { slots: 4 })]);
    b.later(10_000);
    b.complete('y', 'a');
    expect(b.tell()).toContain('ReservationMade w/w');
    return b;
  }
  /** Whatever the policy looks at, w would come last by it. */
  function submitFirst(b: KernelBench, dagId: string, jobs: readonly JobSpec[]): void {
    b.submit(dagId, jobs);
    b.give(Code.ReprioritizeDag, { tenant: 'acme', dagId: 'w', priority: -1_000_000 });
    b.give(Code.ReprioritizeDag, { tenant: 'acme', dagId, priority: 1_000_000 });
  }
  const byReservation = { dag: 3, job: 0, field: EvidenceField.reservation, value: 1, own: 0 };

  it.each(policyIds())('one that needs as many slots comes after it, whatever the key says: under %s', (policy) => {
    const b = reserved(policy);
    submitFirst(b, 'h', [job('h', { slots: 4 })]);
    expect(why(b, 'h', 'h')).toEqual({ reason: 'no-free-slot', ahead: byReservation, slots: 4, widest: 2 });
    b.complete('y', 'b');
    expect([b.stateOf('w', 'w'), b.stateOf('h', 'h')]).toEqual(['dispatched', 'ready']);
    expect(why(b, 'h', 'h')).toMatchObject({ reason: 'no-free-slot', ahead: null });
  });

  it('one that needs fewer, and more than are free, is not told that nothing comes before it', () => {
    const b = reserved('default@1');
    submitFirst(b, 'h', [job('h', { slots: 3 })]);
    expect(why(b, 'h', 'h')).toEqual({ reason: 'no-free-slot', ahead: byReservation, slots: 3, widest: 2 });
    for (const id of ['a', 'b']) b.complete('x', id);
    expect([b.stateOf('w', 'w'), b.stateOf('h', 'h')]).toEqual(['dispatched', 'ready']);
  });

  it('one that needs fewer is told of another one that does, and comes first by the key: they take what is too small', () => {
    const b = reserved('default@1');
    b.submit('low', [job('l', { slots: 3, estimateMs: 60_000 })], { priority: 1 });
    submitFirst(b, 'h', [job('h', { slots: 3, estimateMs: 60_000 })]);
    const byKey = { dag: 5, job: 0, field: EvidenceField.priority, value: 1_000_000, own: 1 };
    expect(why(b, 'low', 'l')).toEqual({ reason: 'no-free-slot', ahead: byKey, slots: 3, widest: 2 });
    b.give(Code.CancelJob, cancel('w', 'w'));
    expect(why(b, 'low', 'l')).toMatchObject({ ahead: byKey });
    expect(why(b, 'h', 'h')).toMatchObject({ ahead: null });
  });

  it('one that comes after it by the key, too, is told of the reservation, which decides', () => {
    const b = reserved('default@1');
    b.submit('low', [job('l', { slots: 3 })], { priority: -1 });
    expect(why(b, 'low', 'l')).toMatchObject({ reason: 'no-free-slot', ahead: byReservation });
  });
});

describe('where as many long jobs run as may', () => {
  /** A class of so many slots, all of them taken, `short` of them by short jobs and the others by long ones. */
  function full(slots: number, short: number): KernelBench {
    const b = new KernelBench();
    b.register('e1', { slots, ...SESSION });
    afterShortWork(b);
    if (short > 0) b.submit('short', flat(short, 100));
    b.submit('long', flat(slots - short, 60_000));
    return b;
  }
  const seqOf = (b: KernelBench, dagId: string) => seqOfDag(b.kernel.state, IdKind.dag, 'acme', dagId);
  const byPriority = (b: KernelBench, dagId: string, value: number, own: number) => ({
    dag: seqOf(b, dagId),
    job: 0,
    field: EvidenceField.priority,
    value,
    own,
  });

  it('and no slot is for short ones, a long one waits for a slot as any other, and others for it', () => {
    const b = full(4, 0);
    b.submit('wait', flat(1, 60_000), { priority: 5 });
    b.submit('between', flat(1, 100), { priority: 3 });
    b.submit('low', flat(1, 100));
    expect(why(b, 'wait', '0')).toEqual({ reason: 'no-free-slot', ahead: null, slots: 1, widest: 0 });
    const ahead = byPriority(b, 'wait', 5, 0);
    expect(why(b, 'low', '0')).toEqual({ reason: 'no-free-slot', ahead, slots: 1, widest: 0 });
    b.complete('long', '0');
    expect(['wait', 'between', 'low'].map((id) => b.stateOf(id, '0'))).toEqual(['dispatched', 'ready', 'ready']);
  });

  it('and no slot is for short ones, a long one may come after a short one', () => {
    const b = full(4, 0);
    b.submit('high', flat(1, 100), { priority: 9 });
    b.submit('wait', flat(1, 60_000), { priority: 5 });
    expect(why(b, 'wait', '0')).toMatchObject({ reason: 'no-free-slot', ahead: byPriority(b, 'high', 9, 5) });
    expect(why(b, 'high', '0')).toMatchObject({ reason: 'no-free-slot', ahead: null });
  });

  it('and the other slot is for short ones, the first of these comes after a long one if that is what ends', () => {
    const b = full(8, 1);
    b.submit('wait', flat(1, 60_000), { priority: 5 });
    b.submit('low', flat(1, 100));
    expect(why(b, 'wait', '0')).toEqual({ reason: 'reserved-for-short-work', longRunning: 7, allowed: 7 });
    expect(why(b, 'low', '0')).toMatchObject({ reason: 'no-free-slot', ahead: byPriority(b, 'wait', 5, 0) });
    b.complete('long', '0');
    expect([b.stateOf('wait', '0'), b.stateOf('low', '0')]).toEqual(['dispatched', 'ready']);
  });

  it('and the other slot is for short ones, those behind the first of these are told of that one, whatever ends', () => {
    const b = full(8, 1);
    b.submit('wait', flat(1, 60_000), { priority: 5 });
    b.submit('between', flat(1, 100), { priority: 3 });
    b.submit('low', flat(1, 100));
    expect(why(b, 'low', '0')).toMatchObject({ reason: 'no-free-slot', ahead: byPriority(b, 'between', 3, 0) });
  });

  it('or more, none comes before a short one: when one of them ends there are still as many', () => {
    const b = full(8, 0);
    b.later(60_001);
    b.register('e2', SESSION);
    b.submit('short', flat(1, 100));
    b.complete('short', '0');
    b.give(Code.DeregisterExecutor, { executor: 'e2', incarnation: 'e2-1' });
    b.submit('wait', flat(1, 60_000), { priority: 5 });
    b.submit('low', flat(1, 100));
    expect(why(b, 'wait', '0')).toEqual({ reason: 'reserved-for-short-work', longRunning: 8, allowed: 7 });
    expect(why(b, 'low', '0')).toMatchObject({ reason: 'no-free-slot', ahead: null });
    b.complete('long', '0');
    expect([b.stateOf('wait', '0'), b.stateOf('low', '0')]).toEqual(['ready', 'dispatched']);
  });

  it('the guard takes one more: what is for short ones is not kept from it', () => {
    const b = full(8, 1);
    b.submit('wait', flat(1, 60_000));
    for (let n = 0; n < 4; n++) {
      b.submit(`short${n}`, flat(1, 100), { priority: 1 });
      expect(why(b, 'wait', '0')).toMatchObject({ reason: 'reserved-for-short-work' });
      b.at += 49_000;
      b.complete(n === 0 ? 'short' : `short${n - 1}`, '0');
    }
    b.at += 48_000;
    b.submit('low', flat(1, 100), { priority: 1 });
    expect(why(b, 'wait', '0')).toEqual({ reason: 'no-free-slot', ahead: null, slots: 1, widest: 0 });
    const ahead = { dag: seqOf(b, 'wait'), job: 0, field: EvidenceField.lane, value: Lane.guard, own: Lane.regular };
    expect(why(b, 'low', '0')).toMatchObject({ reason: 'no-free-slot', ahead });
    b.complete('short3', '0');
    expect([b.stateOf('wait', '0'), b.stateOf('low', '0')]).toEqual(['dispatched', 'ready']);
  });
});
