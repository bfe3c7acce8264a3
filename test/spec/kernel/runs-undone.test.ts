/** What a new run leaves as it was: what succeeded, and what was skipped, where nothing before it runs again. */
import { describe, expect, it } from 'vitest';
import { Code, fanOut, job, KernelBench, when } from '../../support/kernel/bench.js';
import { checkState } from '../../support/kernel/invariants.js';

const D = { tenant: 'acme', dagId: 'd' };

function bench(jobs: Parameters<KernelBench['submit']>[1]): KernelBench {
  const b = new KernelBench();
  b.register('e1', { slots: 10, sessionMs: 600_000 });
  b.submit('d', jobs, { failurePolicy: 'continue' });
  b.settle();
  return b;
}

function retry(b: KernelBench): void {
  b.settle();
  b.skip();
  b.give(Code.RetryDag, D);
  b.settle();
}

describe('RetryDag', () => {
  it('leaves what was skipped by its condition, and what succeeded after it', () => {
    const b = bench([
      job('kind'),
      job('ocr', { after: ['kind'], when: when({ job: 'kind', at: '/x', op: 'exists' }) }),
      job('merge', { after: ['ocr'] }),
      job('bad'),
    ]);
    b.complete('d', 'kind', {});
    b.settle();
    b.complete('d', 'merge');
    b.fail('d', 'bad', 'broken', false);
    retry(b);
    expect(['ocr', 'merge', 'bad'].map((id) => b.stateOf('d', id))).toEqual(['skipped', 'succeeded', 'dispatched']);
    expect(b.tell()).not.toContain('JobReopened d/merge');
    b.complete('d', 'bad');
    expect(b.tell()).toContain('DagSucceeded d');
    checkState(b.kernel.state);
  });

  it('makes the children of a fan-out anew where the list that it goes over is made again', () => {
    const b = bench([
      job('pages', { after: ['list'], fanOut: fanOut({ from: 'list', at: '', over: true }) }),
      job('bad'),
      job('good'),
      job('list', { after: ['bad', 'good'], join: 1 }),
    ]);
    b.fail('d', 'bad', 'broken', false);
    b.complete('d', 'good');
    b.complete('d', 'list', [1, 2, 3]);
    b.settle();
    for (const child of ['pages[0]', 'pages[2]']) b.complete('d', child);
    b.fail('d', 'pages[1]', 'broken', false);
    retry(b);
    expect(b.stateOf('d', 'pages')).toBe('waiting');
    b.complete('d', 'bad');
    b.complete('d', 'list', [10, 20]);
    b.settle();
    for (const child of ['pages[0]', 'pages[1]']) b.complete('d', child);
    expect(b.tell()).toContain('DagSucceeded d');
    checkState(b.kernel.state);
  });

  it('does so wherever in the submission the jobs before it stand, one of them another fan-out that failed', () => {
    const b = bench([
      job('last', { after: ['list'], fanOut: fanOut({ from: 'list', at: '', over: true }) }),
      job('list', { after: ['first', 'other'], join: 1 }),
      job('first', { after: ['many'], fanOut: fanOut({ from: 'many', at: '', over: true }) }),
      job('many'),
      job('other'),
    ]);
    b.complete('d', 'many', [1, 2]);
    b.complete('d', 'other');
    b.settle();
    b.complete('d', 'list', [1, 2, 3]);
    b.complete('d', 'first[0]');
    b.fail('d', 'first[1]', 'broken', false);
    b.settle();
    for (const child of ['last[0]', 'last[2]']) b.complete('d', child);
    b.fail('d', 'last[1]', 'broken', false);
    retry(b);
    const states = ['last', 'list', 'first', 'first[0]', 'first[1]'].map((id) => b.stateOf('d', id));
    expect(states).toEqual(['waiting', 'dispatched', 'fannedOut', 'succeeded', 'dispatched']);
    checkState(b.kernel.state);
    b.complete('d', 'first[1]');
    b.complete('d', 'list', [10, 20]);
    b.settle();
    for (const child of ['last[0]', 'last[1]']) b.complete('d', child);
    expect(b.tell()).toContain('DagSucceeded d');
    checkState(b.kernel.state);
  });
});
