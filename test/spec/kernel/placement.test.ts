/** Which executor gets a job, and what a class may use (policy.md: Placement). */
import { describe, expect, it } from 'vitest';
import { Code, classLimits, job, KernelBench } from '../../support/kernel/bench.js';

/** Executors of the dispatches so far, in order. */
function placed(b: KernelBench): string[] {
  return b.transcript.lines.flatMap((line) => / LeaseGranted \S+ (\S+)/.exec(line)?.[1] ?? []);
}

function jobs(count: number, more: Parameters<typeof job>[1] = {}) {
  return Array.from({ length: count }, (_, i) => job(`j${i}`, more));
}

describe('a job goes to the executor', () => {
  it('with the fewest free slots that are enough, so that others stay whole', () => {
    const b = new KernelBench();
    b.register('large', { slots: 4 });
    b.register('small', { slots: 2 });
    b.submit('d', [...jobs(2), job('wide', { slots: 4 })]);
    expect(placed(b)).toEqual(['small', 'small', 'large']);
  });

  it('that released a slot last, among equals; then the one that registered first', () => {
    const b = new KernelBench();
    for (const id of ['e1', 'e2', 'e3']) b.register(id);
    b.submit('d', jobs(3));
    expect(placed(b)).toEqual(['e1', 'e2', 'e3']);
    b.complete('d', 'j0');
    b.complete('d', 'j1');
    b.skip();
    b.submit('d2', jobs(1));
    expect(placed(b)).toEqual(['e2']);
  });

  it('that has all the slots it needs: a wide job is not spread', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 2 });
    b.register('e2', { slots: 2 });
    b.submit('d', [job('wide', { slots: 3 }), job('narrow')]);
    expect([b.stateOf('d', 'wide'), b.stateOf('d', 'narrow')]).toEqual(['ready', 'dispatched']);
    b.register('e3', { slots: 3 });
    expect(b.stateOf('d', 'wide')).toBe('dispatched');
  });

  it('of its class and group only', () => {
    const b = new KernelBench();
    b.register('other', { executorClass: 'llm' });
    b.register('elsewhere', { group: 'eu' });
    b.submit('d', jobs(1));
    expect(b.stateOf('d', 'j0')).toBe('ready');
  });
});

describe('the limit of a class', () => {
  const limit = (b: KernelBench, maxSlots: number | null) => b.give(Code.SetClassLimits, classLimits({ maxSlots }));

  it('bounds the slots in use, reclaiming ones among them', () => {
    const b = new KernelBench();
    limit(b, 2);
    expect(b.transcript.lines.at(-1)).toBe('  ClassLimitsChanged');
    b.register('e1', { slots: 9 });
    b.submit('d', jobs(5));
    expect(placed(b)).toHaveLength(2);
    b.give(Code.CancelJob, { tenant: 'acme', dagId: 'd', job: 'j0', reason: '' });
    expect(placed(b)).toHaveLength(2);
    limit(b, 3);
    expect(placed(b)).toHaveLength(3);
    limit(b, null);
    expect(placed(b)).toHaveLength(5);
  });

  it('of zero stops it; one below what is in use grants nothing new', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 3 });
    b.submit('d', jobs(3));
    b.submit('d2', jobs(1));
    limit(b, 0);
    for (const id of ['j0', 'j1', 'j2']) b.complete('d', id);
    expect(b.stateOf('d2', 'j0')).toBe('ready');
    limit(b, 1);
    expect(b.stateOf('d2', 'j0')).toBe('dispatched');
  });

  it('lets a narrow job pass where a wide one has no room below it', () => {
    const b = new KernelBench();
    limit(b, 2);
    b.register('e1', { slots: 9 });
    b.submit('d', [job('wide', { slots: 3 }), job('narrow')]);
    expect([b.stateOf('d', 'wide'), b.stateOf('d', 'narrow')]).toEqual(['ready', 'dispatched']);
  });
});
