/** What waits in a new run for jobs that run again, and for others that stay as they ended in the run before. */
import { describe, expect, it } from 'vitest';
import { Code, fanOut, job, KernelBench, when } from '../../support/kernel/bench.js';
import { checkState } from '../../support/kernel/invariants.js';

const D = { tenant: 'acme', dagId: 'd' };
const NEVER = when({ job: 'kind', at: '/x', op: 'exists' });

function bench(jobs: Parameters<KernelBench['submit']>[1]): KernelBench {
  const b = new KernelBench({ isLarge: true });
  b.register('e1', { slots: 10, sessionMs: 600_000 });
  b.submit('d', jobs, { failurePolicy: 'continue' });
  b.settle();
  return b;
}

/** The DAG ended, and runs again as a whole, or from one job on. */
function retry(b: KernelBench, id?: string): void {
  b.settle();
  b.skip();
  if (id === undefined) b.give(Code.RetryDag, D);
  else b.give(Code.RetryJob, { ...D, job: id });
  b.settle();
  checkState(b.kernel.state);
}

describe('a job of a new run', () => {
  it('is skipped again where another job before it failed, and stays so', () => {
    const b = bench([job('again'), job('failed'), job('both', { after: ['again', 'failed'] })]);
    b.complete('d', 'again');
    b.fail('d', 'failed', 'broken', false);
    retry(b, 'again');
    b.complete('d', 'again');
    b.settle();
    expect(b.stateOf('d', 'both')).toBe('skipped');
    expect(b.tell()).toContain('DagFailed d');
  });

  it('is skipped again where one before it was skipped for a failure, and stays so', () => {
    const b = bench([
      job('again'),
      job('failed'),
      job('skipped', { after: ['failed'] }),
      job('both', { after: ['again', 'skipped'] }),
    ]);
    b.complete('d', 'again');
    b.fail('d', 'failed', 'broken', false);
    retry(b, 'again');
    b.complete('d', 'again');
    b.settle();
    expect([b.stateOf('d', 'skipped'), b.stateOf('d', 'both')]).toEqual(['skipped', 'skipped']);
  });

  it('runs where one before it was skipped by its condition, and stays so', () => {
    const b = bench([
      job('kind'),
      job('never', { after: ['kind'], when: NEVER }),
      job('z', { after: ['never', 'again'] }),
      job('again'),
    ]);
    b.complete('d', 'kind', {});
    b.fail('d', 'again', 'broken', false);
    retry(b);
    expect([b.stateOf('d', 'never'), b.stateOf('d', 'z')]).toEqual(['skipped', 'waiting']);
    b.complete('d', 'again');
    b.settle();
    expect(b.stateOf('d', 'z')).toBe('dispatched');
  });

  it('that needs one success waits for it where the other job was skipped by its condition', () => {
    const b = bench([
      job('kind'),
      job('never', { after: ['kind'], when: NEVER }),
      job('any', { after: ['never', 'again'], join: 1 }),
      job('again'),
    ]);
    b.complete('d', 'kind', {});
    b.fail('d', 'again', 'broken', false);
    retry(b);
    expect(b.stateOf('d', 'any')).toBe('waiting');
    b.complete('d', 'again');
    b.settle();
    expect(b.stateOf('d', 'any')).toBe('dispatched');
  });

  it('that needs two successes has that of a job which does not run again', () => {
    const b = bench([
      job('again'),
      job('done'),
      job('failed', { optional: true }),
      job('two', { after: ['again', 'done', 'failed'], join: 2 }),
    ]);
    b.fail('d', 'again', 'broken', false);
    b.complete('d', 'done');
    b.fail('d', 'failed', 'broken', false);
    retry(b, 'again');
    expect(b.stateOf('d', 'two')).toBe('waiting');
    b.complete('d', 'again');
    b.settle();
    expect(b.stateOf('d', 'two')).toBe('dispatched');
  });
});

describe('a DAG that runs again', () => {
  it('runs although it was paused when it was cancelled', () => {
    const b = bench([job('a'), job('b', { after: ['a'] })]);
    b.complete('d', 'a');
    b.give(Code.PauseDag, D);
    b.give(Code.CancelDag, { ...D, reason: '' });
    retry(b);
    expect(b.stateOf('d', 'b')).toBe('dispatched');
  });

  it('is told of as at risk anew, though it was at risk before', () => {
    const b = new KernelBench();
    b.submit('d', [job('a', { estimateMs: 10_000 })], { deadlineAtMs: 101_000 });
    b.later(80_000);
    b.give(Code.CancelDag, { ...D, reason: '' });
    expect(b.tell()).toContain('DeadlineAtRisk d');
    retry(b);
    expect(b.tell()).toContain('DeadlineAtRisk d');
  });

  it('ends where the children of a fan-out had not all been made, and are made of another list', () => {
    const b = bench([
      job('last', { after: ['list'], executorClass: 'none', fanOut: fanOut({ from: 'list', at: '' }) }),
      job('list', { after: ['first', 'other'], join: 1 }),
      job('first', { after: ['many'], fanOut: fanOut({ from: 'many', at: '', over: true }) }),
      job('many'),
      job('other'),
    ]);
    b.complete('d', 'many', [1, 2]);
    b.complete('d', 'other');
    b.settle();
    b.complete('d', 'list', 20_000);
    b.give(Code.CancelDag, { ...D, reason: '' });
    const { fans } = b.kernel.state;
    expect(fans.c.made[fans.find(1, 0)]).toBeLessThan(20_000);
    b.settle();
    expect(b.tell()).toContain('DagCancelled d');
    retry(b);
    expect([b.stateOf('d', 'last'), b.stateOf('d', 'list')]).toEqual(['waiting', 'dispatched']);
    for (const child of ['first[0]', 'first[1]']) b.complete('d', child);
    b.settle();
    b.complete('d', 'list', 0);
    b.settle();
    expect(b.tell()).toContain('DagSucceeded d');
    checkState(b.kernel.state);
  });
});
