/** Who is said to come before a job that has no slot: the one that starts first when there is room, or nobody. */
import { describe, expect, it } from 'vitest';
import { EvidenceField } from '../../src/catalogue/generated/codes.js';
import type { JobSpec } from '../../src/catalogue/generated/types.js';
import { policyIds } from '../../src/kernel/policy/index.js';
import { Code, job, KernelBench } from '../support/kernel/bench.js';
import { why } from '../support/kernel/why.js';

const SESSION = { sessionMs: 600_000 };
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
