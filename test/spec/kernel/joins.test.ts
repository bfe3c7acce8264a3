/** When a job runs, by how those before it ended, and how many of them its `join` asks for. */
import { describe, expect, it } from 'vitest';
import type { JobSpec } from '../../../src/catalogue/generated/types.js';
import { Code, job, KernelBench, when } from '../../support/kernel/bench.js';

type Ending = 'succeeded' | 'own when' | 'failed' | 'cancelled' | 'upstream-failed' | 'runs on';

const NEVER = when({ job: 'root', at: '/x', op: 'exists' });

/** A DAG with one upstream for each ending, and `target` behind them; gives how the target stands when all is settled. */
function targetAfter(endings: readonly Ending[], join: number): string {
  const b = new KernelBench();
  b.register('e1', { slots: 20 });
  const upstreams = endings.map((ending, i): JobSpec => {
    if (ending === 'own when') return job(`u${i}`, { after: ['root'], when: NEVER });
    return job(`u${i}`, { after: [ending === 'upstream-failed' ? 'broken' : 'root'] });
  });
  const target = job('target', { after: upstreams.map(({ id }) => id), join });
  b.submit('d', [job('root'), job('broken'), ...upstreams, target], { failurePolicy: 'continue' });
  b.complete('d', 'root');
  b.fail('d', 'broken', 'broken', false);
  b.settle();
  endings.forEach((ending, i) => {
    if (ending === 'succeeded') b.complete('d', `u${i}`);
    if (ending === 'failed') b.fail('d', `u${i}`, 'broken', false);
    if (ending === 'cancelled') b.give(Code.CancelJob, { tenant: 'acme', dagId: 'd', job: `u${i}`, reason: '' });
  });
  b.settle();
  return b.stateOf('d', 'target');
}

const ALL = 0;

describe('a job is ready, or skipped, by its join', () => {
  const runs = 'dispatched';
  it.each<[number, readonly Ending[], string]>([
    [ALL, ['succeeded', 'succeeded'], runs],
    [ALL, ['succeeded', 'runs on'], 'waiting'],
    [ALL, ['succeeded', 'own when'], runs],
    [ALL, ['own when', 'own when'], runs],
    [ALL, ['succeeded', 'failed'], 'skipped'],
    [ALL, ['failed', 'runs on'], 'skipped'],
    [ALL, ['succeeded', 'cancelled'], 'skipped'],
    [ALL, ['succeeded', 'upstream-failed'], 'skipped'],
    [1, ['succeeded', 'runs on'], runs],
    [1, ['failed', 'runs on'], 'waiting'],
    [1, ['failed', 'succeeded'], runs],
    [1, ['failed', 'cancelled'], 'skipped'],
    [1, ['own when', 'runs on'], 'waiting'],
    [1, ['own when', 'own when'], 'skipped'],
    [2, ['succeeded', 'succeeded', 'runs on'], runs],
    [2, ['succeeded', 'own when', 'runs on'], 'waiting'],
    [2, ['succeeded', 'own when', 'failed'], 'skipped'],
    [2, ['failed', 'failed', 'runs on'], 'skipped'],
    [2, ['upstream-failed', 'succeeded', 'succeeded'], runs],
  ])('join %i after %j: %s', (join, endings, expected) => {
    expect(targetAfter(endings, join)).toBe(expected);
  });
});

describe('what follows of it', () => {
  it('a chain goes on job by job, and the DAG ends with its last one', () => {
    const b = new KernelBench();
    b.register('e1');
    b.skip();
    b.submit('d', [job('a'), job('b', { after: ['a'] })]);
    b.complete('d', 'a');
    b.complete('d', 'b');
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > SubmitDag d
        DagAccepted d
        JobReadied d/a
        LeaseGranted d/a e1 token 1 attempt 1
        SlotReserved e1 token 1 slots 1
        JobDispatched d/a token 1
      -- 1000
      > CompleteJob d/a token 1
        JobSucceeded d/a attempt 1
        LeaseReleased token 1 reason completed
        SlotReleased token 1 slots 1 occupancyMs 0
        JobReadied d/b
        LeaseGranted d/b e1 token 2 attempt 1
        SlotReserved e1 token 2 slots 1
        JobDispatched d/b token 2
      -- 1000
      > CompleteJob d/b token 2
        JobSucceeded d/b attempt 1
        LeaseReleased token 2 reason completed
        SlotReleased token 2 slots 1 occupancyMs 0
        DagSucceeded d
      "
    `);
  });

  it('under fail-fast the first final failure ends the DAG: what waits is cancelled, what runs is stopped', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 2 });
    b.submit('d', [job('a'), job('b'), job('c', { after: ['a'] }), job('never', { after: ['c'] })]);
    b.skip();
    b.fail('d', 'a', 'broken', false);
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > FailJob d/a token 1 code broken
        JobFailed d/a attempt 1 code broken final
        LeaseReleased token 1 reason failed
        SlotReleased token 1 slots 1 occupancyMs 0
        DagEnding d/a outcome failed code job-failed
        ContinuationAdvanced cursor 1 to 0
        JobCancelled d/b reason dag-failed
        LeaseReleased token 2 reason dag-ended
        SlotReclaiming token 2
        JobCancelled d/c reason dag-failed
        JobCancelled d/never reason dag-failed
        ContinuationAdvanced cursor 2 to 4
        DagFailed d code job-failed
      "
    `);
  });

  it('under continue the rest runs, and the DAG ends failed', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 2 });
    b.submit('d', [job('a'), job('b'), job('c', { after: ['a'] })], { failurePolicy: 'continue' });
    b.skip();
    b.fail('d', 'a', 'broken', false);
    b.complete('d', 'b');
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > FailJob d/a token 1 code broken
        JobFailed d/a attempt 1 code broken final
        LeaseReleased token 1 reason failed
        SlotReleased token 1 slots 1 occupancyMs 0
        JobSkipped d/c reason upstream-failed
        ContinuationAdvanced cursor 1 to 0
      -- 1000
      > CompleteJob d/b token 2
        JobSucceeded d/b attempt 1
        LeaseReleased token 2 reason completed
        SlotReleased token 2 slots 1 occupancyMs 0
        DagFailed d code job-failed
      "
    `);
  });

  it('the failure of an optional job counts for those after it, not for the DAG', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 2 });
    b.submit('d', [job('a', { optional: true }), job('b'), job('c', { after: ['a'] })]);
    b.skip();
    b.fail('d', 'a', 'broken', false);
    b.complete('d', 'b');
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > FailJob d/a token 1 code broken
        JobFailed d/a attempt 1 code broken final
        LeaseReleased token 1 reason failed
        SlotReleased token 1 slots 1 occupancyMs 0
        JobSkipped d/c reason upstream-failed
        ContinuationAdvanced cursor 1 to 0
      -- 1000
      > CompleteJob d/b token 2
        JobSucceeded d/b attempt 1
        LeaseReleased token 2 reason completed
        SlotReleased token 2 slots 1 occupancyMs 0
        DagSucceeded d
      "
    `);
  });

  it('under a join of one the others run on, and what they say comes too late to matter', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 3 });
    b.submit('d', [job('a'), job('b'), job('c', { after: ['a', 'b'], join: 1 })], { failurePolicy: 'continue' });
    b.complete('d', 'a');
    expect(b.stateOf('d', 'c')).toBe('dispatched');
    b.skip();
    b.fail('d', 'b', 'broken', false);
    b.complete('d', 'c');
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > FailJob d/b token 2 code broken
        JobFailed d/b attempt 1 code broken final
        LeaseReleased token 2 reason failed
        SlotReleased token 2 slots 1 occupancyMs 0
      -- 1000
      > CompleteJob d/c token 3
        JobSucceeded d/c attempt 1
        LeaseReleased token 3 reason completed
        SlotReleased token 3 slots 1 occupancyMs 0
        DagFailed d code job-failed
      "
    `);
  });

  it('a job with many after it tells them in steps', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 1 });
    const many = Array.from({ length: 300 }, (_, i) => job(`m${i}`, { after: ['a'] }));
    b.submit('d', [job('a'), ...many, job('z', { after: many.map(({ id }) => id) })]);
    b.complete('d', 'a');
    const settled = b.transcript.lines.filter((line) => line.includes('UpstreamSettled'));
    expect(settled).toEqual([
      '  UpstreamSettled d/a from 0 to 128 ending 0',
      '  UpstreamSettled d/a from 128 to 256 ending 0',
      '  UpstreamSettled d/a from 256 to 300 ending 0',
    ]);
    expect(b.kernel.state.jobs.c.left[b.kernel.state.space.handle(b.kernel.state.dags.find(1), 301)]).toBe(300);
  });
});
