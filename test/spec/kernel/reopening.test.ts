/** What happens to a DAG while its jobs are being reopened and counted anew, turn by turn: turns are tiny here. */
import { describe, expect, it, vi } from 'vitest';
import { Code, input, job, KernelBench } from '../../support/kernel/bench.js';

vi.mock('../../../src/kernel/limits.js', async (original) => ({
  ...(await original<typeof import('../../../src/kernel/limits.js')>()),
  MIN_CONTINUATION_EVENTS: 3,
  EVENTS_PER_CURSOR: 1,
  MAX_CURSOR_EVENTS: 2,
}));

const D = { tenant: 'acme', dagId: 'd' };
const FILLERS = Array.from({ length: 200 }, (_, i) => job(`f${i}`, { after: ['a'] }));
const JOBS = [
  job('a'),
  job('early', { after: ['a'] }),
  ...FILLERS,
  job('late', { after: ['a'] }),
  job('y', { after: ['early'] }),
  job('z', { after: ['late'] }),
];
const LATE = JOBS.findIndex(({ id }) => id === 'late');

/** A DAG whose first job has failed, so that all others were cancelled. */
function failed(): KernelBench {
  const b = new KernelBench();
  b.register('e1', { slots: 4, sessionMs: 600_000 });
  b.submit('d', JOBS);
  b.settle(500);
  b.fail('d', 'a', 'broken', false);
  b.settle(500);
  return b;
}

/** A count of the DAG, which is the first of its cell. */
function countOf(b: KernelBench, field: 'reopening' | 'recounted' | 'cursors'): number {
  return b.kernel.state.dags.c[field][b.kernel.state.dags.find(1)]!;
}

/** Turns until something holds. */
function until(b: KernelBench, holds: () => boolean): void {
  for (let n = 0; !holds(); n++) {
    if (n > 500) throw new Error('it never came to that');
    b.step();
  }
}

describe('a job that ends while its DAG is counted anew', () => {
  it('is told to those after it if it was counted, and else counted as it ended; then all is decided', () => {
    const b = failed();
    b.give(Code.RetryDag, D);
    until(b, () => countOf(b, 'recounted') > 1);
    b.step(['early', 'late'].map((id) => input(Code.CancelJob, { ...D, job: id, reason: '' })));
    expect(countOf(b, 'recounted')).toBeLessThan(LATE);
    expect([b.stateOf('d', 'y'), b.stateOf('d', 'z')]).toEqual(['waiting', 'waiting']);
    b.settle(500);
    expect([b.stateOf('d', 'y'), b.stateOf('d', 'z')]).toEqual(['skipped', 'skipped']);
  });
});

describe('a held DAG that is released while it is reopened', () => {
  it('is not looked at before all is counted, and then once', () => {
    const b = failed();
    const limits = { tenant: 'acme', weight: 1, openDags: null, activeDags: 1, runnableJobs: null };
    b.give(Code.SetTenantLimits, limits);
    b.submit('other', [job('x')]);
    b.give(Code.RetryDag, D);
    until(b, () => countOf(b, 'recounted') > 1);
    const before = countOf(b, 'cursors');
    b.complete('other', 'x');
    expect(b.tell()).toContain('DagReleased d');
    expect(countOf(b, 'reopening')).toBeGreaterThan(0);
    expect(countOf(b, 'cursors')).toBe(before);
    expect(b.stateOf('d', 'a')).toBe('waiting');
    b.settle(500);
    expect(b.stateOf('d', 'a')).toBe('dispatched');
    b.complete('d', 'a');
    b.settle(500);
    for (const { id } of FILLERS) {
      until(b, () => b.stateOf('d', id) === 'dispatched');
      b.complete('d', id);
    }
  });
});
