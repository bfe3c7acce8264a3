/**
 * Why a job isn't running, where more than one thing is as it is in
 * planner-explain: which of them is said (policy.md: Why is it not running?).
 */
import { describe, expect, it } from 'vitest';
import { EvidenceField } from '../../../src/catalogue/generated/codes.js';
import { Together } from '../../../src/kernel/explain/together.js';
import { IdKind, seqOf } from '../../../src/kernel/rows/ids.js';
import { Code, classLimits, job, KernelBench } from '../../support/kernel/bench.js';
import { afterShortWork, why } from '../../support/kernel/why.js';

const SESSION = { sessionMs: 600_000 };
const ocr = classLimits();
const cancel = (dagId: string, id: string) => ({ tenant: 'acme', dagId, job: id, reason: '' });
const flat = (count: number, estimateMs = 1000) => Array.from({ length: count }, (_, i) => job(`${i}`, { estimateMs }));

describe('slots that nobody has given back', () => {
  it('are those of the executor that registered first, since the first of them was ended', () => {
    const b = new KernelBench();
    for (const id of ['e1', 'e2']) b.register(id, { slots: 2, ...SESSION });
    b.submit('d', flat(4));
    b.at += 700;
    b.give(Code.CancelJob, cancel('d', '0'));
    b.at += 100;
    for (const id of ['1', '2']) b.give(Code.CancelJob, cancel('d', id));
    b.submit('e', flat(1));
    expect(why(b, 'e', '0')).toEqual({ reason: 'slot-reclaiming', executor: 1, slots: 2, sinceMs: 1700 });
  });

  it('are counted beside those that are in use', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 2, ...SESSION });
    b.submit('d', flat(2));
    b.at += 700;
    b.give(Code.CancelJob, cancel('d', '0'));
    b.submit('e', flat(1));
    expect(why(b, 'e', '0')).toEqual({ reason: 'slot-reclaiming', executor: 1, slots: 1, sinceMs: 1700 });
  });

  it('are none of a job’s business that has room, or whose executor is lost', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 4, ...SESSION });
    b.register('e2', { slots: 4, ...SESSION });
    b.register('e3', { executorClass: 'ocr' });
    b.submit('x', [job('a', { slots: 4 }), job('b', { slots: 2 }), job('c')]);
    b.give(Code.CancelJob, cancel('x', 'c'));
    b.submit('d', [job('small', { slots: 2 }), job('large', { slots: 4, estimateMs: 9000 })]);
    const ahead = { dag: 2, job: 1, field: 6, value: 9000, own: 1000 };
    expect(why(b, 'd', 'small')).toEqual({ reason: 'no-free-slot', ahead, slots: 2, widest: 2 });
    b.later(10_000);
    expect(b.tell()).toContain('ExecutorLost e3');
    b.give(Code.CancelJob, cancel('d', 'large'));
    b.submit('e', [job('large', { slots: 3 })]);
    expect(why(b, 'e', 'large')).toMatchObject({ reason: 'no-free-slot', slots: 3 });
  });

  it('have been so since the same moment, whatever time the fabric could not act in since', () => {
    const b = new KernelBench();
    b.register('e1', { sessionMs: 600_000 });
    b.submit('d', [job('a', { timeoutMs: 1000 })]);
    b.submit('next', [job('b')]);
    b.later(1000);
    const sinceMs = b.at;
    b.at += 5000;
    b.stoppedMs += 5000;
    expect(why(b, 'next', 'b')).toEqual({ reason: 'slot-reclaiming', executor: 1, slots: 1, sinceMs });
  });

  it('are of no use to it on an executor that is too small, or that takes no work', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 1, ...SESSION });
    b.register('e2', { slots: 2, ...SESSION });
    b.register('e3', { slots: 3, ...SESSION });
    b.submit('d', [job('a', { slots: 3 }), job('b', { slots: 2 }), job('c')]);
    for (const id of ['b', 'c']) b.give(Code.CancelJob, cancel('d', id));
    b.submit('w', [job('w', { slots: 2 })]);
    expect(why(b, 'w', 'w')).toMatchObject({ reason: 'slot-reclaiming', executor: 2 });
    b.give(Code.CordonExecutor, { executor: 'e2' });
    expect(why(b, 'w', 'w')).toMatchObject({ reason: 'no-free-slot', ahead: null });
  });

  it('make no executor larger, once they have been withdrawn', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 2, ...SESSION });
    b.submit('d', flat(1));
    b.give(Code.CancelJob, cancel('d', '0'));
    b.later(30_000);
    b.submit('w', [job('w', { slots: 2 })]);
    expect(why(b, 'w', 'w')).toEqual({ reason: 'larger-than-any-executor', slots: 2, largest: 1 });
  });
});

describe('a job that stands behind the first of its DAG', () => {
  /** Two slots are in use, four are free; the first of the DAG needs five. */
  const behind = (limits: object) => {
    const b = new KernelBench();
    b.register('e1', { slots: 6, ...SESSION });
    b.give(Code.SetClassLimits, { ...ocr, ...limits });
    b.submit('x', [job('x', { slots: 2, estimateMs: 60_000 })]);
    b.submit('d', [job('small', { slots: 2 }), job('large', { slots: 5, estimateMs: 9000 })]);
    return why(b, 'd', 'small');
  };
  const ahead = { dag: 2, job: 1, field: 6, value: 9000, own: 1000 };

  it('is told of the free slots that the limit of its class lets be used', () => {
    expect(behind({})).toEqual({ reason: 'no-free-slot', ahead, slots: 2, widest: 4 });
    expect(behind({ maxSlots: 5 })).toEqual({ reason: 'no-free-slot', ahead, slots: 2, widest: 3 });
  });
});

describe('a class limit', () => {
  it('leaves too little for the first of the DAG, which may never start: what stands behind it is told of that one', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 4, ...SESSION });
    b.give(Code.SetClassLimits, { ...ocr, maxSlots: 3 });
    b.submit('d', [job('a', { slots: 4, estimateMs: 9000 }), job('b', { slots: 2 })]);
    expect(why(b, 'd', 'a')).toEqual({ reason: 'class-limit', slots: 4, limit: 3, inUse: 0 });
    const ahead = { dag: 1, job: 0, field: EvidenceField.rank, value: 9000, own: 1000 };
    expect(why(b, 'd', 'b')).toEqual({ reason: 'no-free-slot', ahead, slots: 2, widest: 3 });
    b.submit('e', flat(1), { priority: 9 });
    b.submit('f', [job('c', { slots: 3 })], { priority: -1 });
    expect(why(b, 'd', 'b')).toMatchObject({ reason: 'no-free-slot', ahead });
  });

  it('leaves too little for the first of the DAG as long as other work takes of it', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 8, ...SESSION });
    b.give(Code.SetClassLimits, { ...ocr, maxSlots: 4 });
    b.submit('x', [job('x', { slots: 2, estimateMs: 60_000 })]);
    b.submit('d', [job('a', { slots: 3, estimateMs: 9000 }), job('b', { slots: 2 })]);
    expect(why(b, 'd', 'a')).toEqual({ reason: 'class-limit', slots: 3, limit: 4, inUse: 2 });
    const ahead = { dag: 2, job: 0, field: EvidenceField.rank, value: 9000, own: 1000 };
    expect(why(b, 'd', 'b')).toEqual({ reason: 'no-free-slot', ahead, slots: 2, widest: 2 });
  });

  it('is what holds up a job whose executor is kept for it and has room', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 2, ...SESSION });
    b.give(Code.SetClassLimits, { ...ocr, maxSlots: 3 });
    b.submit('x', [job('x', { slots: 2, estimateMs: 60_000 })]);
    b.register('e2', { slots: 2, ...SESSION });
    b.submit('w', [job('w', { slots: 2 })]);
    const limited = { reason: 'class-limit', slots: 2, limit: 3, inUse: 2 };
    expect(why(b, 'w', 'w')).toEqual(limited);
    b.later(10_000);
    expect(b.tell()).toContain('ReservationMade w/w');
    expect(why(b, 'w', 'w')).toEqual(limited);
  });
});

describe('a long job that the reserve for short work keeps out', () => {
  it('is told of it also when every slot is taken: what starts next is not before it by the key', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 8, ...SESSION });
    afterShortWork(b);
    b.submit('long', flat(7, 60_000));
    b.submit('short', flat(1, 100));
    b.submit('wait', flat(1, 60_000), { priority: 5 });
    b.submit('low', flat(1, 100));
    expect(why(b, 'wait', '0')).toEqual({ reason: 'reserved-for-short-work', longRunning: 7, allowed: 7 });
    b.complete('short', '0');
    expect([b.stateOf('wait', '0'), b.stateOf('low', '0')]).toEqual(['ready', 'dispatched']);
    b.give(Code.SetPolicy, { policy: 'fifo@1' });
    expect(why(b, 'wait', '0')).toMatchObject({ reason: 'no-free-slot', ahead: null });
  });
});

describe('a long job for which there is room beside a job of several slots', () => {
  it.each([
    ['fifo@1', 7, 2],
    ['default@1', 6, 4],
  ])('under %s is told of that one, not of the reserve for short work', (policy, running, slots) => {
    const b = new KernelBench();
    b.register('e1', { slots: 8, ...SESSION });
    afterShortWork(b);
    b.submit('long', flat(running, 60_000));
    b.give(Code.SetPolicy, { policy });
    b.submit('w', [job('w', { slots })], { priority: 1 });
    b.later(10_000);
    b.submit('l', flat(1, 60_000));
    expect(why(b, 'l', '0')).toMatchObject({
      reason: 'reserved-for-wide',
      job: { dag: 22, job: 0 },
      endsInTime: false,
    });
  });
});

describe('a job for which there are tokens only when it would not end in time beside a reservation', () => {
  it('does not wait for tokens, and what comes after it is told of it', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 4, ...SESSION });
    const rates = [{ per: 'starts', add: 1, perMs: 45_000, burst: 1 } as const];
    b.give(Code.SetClassLimits, classLimits({ rates }));
    b.submit('x', [job('x', { slots: 2, estimateMs: 60_000 })]);
    b.submit('w', [job('w', { slots: 4 })], { priority: 1 });
    b.later(10_000);
    expect(b.tell()).toContain('ReservationMade w/w');
    b.submit('s', flat(1, 20_000));
    b.submit('l', [job('0', { slots: 2, estimateMs: 5000 })], { priority: -1 });
    const beside = { reason: 'reserved-for-wide', job: { dag: 2, job: 0 } };
    expect(why(b, 's', '0')).toMatchObject({ ...beside, endsInTime: false, ahead: null });
    expect(why(b, 'l', '0')).toMatchObject({ ...beside, endsInTime: true, ahead: { dag: 3, job: 0 } });
    b.later(26_000);
    expect(why(b, 'l', '0')).toMatchObject({ reason: 'rate-limited', untilMs: 46_000, job: { dag: 4, job: 0 } });
    b.later(9_000);
    expect([b.stateOf('s', '0'), b.stateOf('l', '0')]).toEqual(['ready', 'dispatched']);
  });
});

describe('urgent work', () => {
  it('is told by the key of its own lane what comes before it', () => {
    const b = new KernelBench();
    b.register('e1', SESSION);
    b.submit('first', flat(1));
    b.submit('large', flat(1, 5000), { deadlineAtMs: b.at + 13_000 });
    b.submit('small', flat(1, 2000), { deadlineAtMs: b.at + 6000 });
    const ahead = { dag: 3, job: 0, field: EvidenceField.needMs, value: 2000, own: 5000 };
    expect(why(b, 'large', '0')).toMatchObject({ reason: 'no-free-slot', ahead });
  });
});

describe('jobs before it that have all ended', () => {
  it('are not waited for: the next turn tells it of them', () => {
    const b = new KernelBench();
    b.register('e1', SESSION);
    const after = Array.from({ length: 600 }, (_, i) => job(`n${i}`, { after: ['a'] }));
    b.submit('d', [job('a'), ...after]);
    b.settle();
    b.complete('d', 'a');
    expect(b.stateOf('d', 'n599')).toBe('waiting');
    expect(why(b, 'd', 'n599')).toEqual({ reason: 'turn-full' });
  });
});

it('names five groups at most in which a class has executors', () => {
  const b = new KernelBench();
  for (let i = 0; i < 7; i++) b.register(`e${i}`, { group: `g${i}`, ...SESSION });
  b.submit('d', [job('x', { group: 'nobody' })]);
  expect(why(b, 'd', 'x')).toMatchObject({ reason: 'no-executor-in-class', elsewhere: [1, 2, 3, 4, 5] });
});

describe('jobs that are explained together', () => {
  it('are each behind the first one of their DAG where no executor has as many slots as that needs', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 2, ...SESSION });
    b.submit('x', [job('runs')]);
    b.submit('d', [job('large', { slots: 3, estimateMs: 9000 }), job('b', { slots: 2 }), job('c', { slots: 2 })]);
    const { state, indexes } = b.kernel;
    const dag = state.dags.find(seqOf(state, IdKind.dag, 'acme', 'd'));
    const together = new Together({ state, indexes, at: b.at });
    for (const [index, id] of ['large', 'b', 'c'].entries()) {
      expect(together.explain(dag, state.space.handle(dag, index), [])).toEqual(why(b, 'd', id));
    }
    expect(why(b, 'd', 'c')).toMatchObject({ reason: 'no-free-slot', ahead: { dag: 2, job: 0 } });
  });
});
