/** Fan-outs: how many children, who may fail, what is refused, and how a giant is made in bounded turns. */
import { describe, expect, it } from 'vitest';
import { MAX_EVENTS_PER_TURN } from '../../../src/kernel/limits.js';
import { Code, fanOut, job, KernelBench } from '../../support/kernel/bench.js';
import { checkState } from '../../support/kernel/invariants.js';

/** A splitter, its pages, and a merge. */
const PAGES = [
  job('split'),
  job('page', { after: ['split'], fanOut: fanOut({ from: 'split', at: '/pages' }) }),
  job('merge', { after: ['page'] }),
];

describe('the number of children', () => {
  it('comes from an output: three pages, then the merge', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 2 });
    b.submit('d', PAGES);
    b.skip();
    b.complete('d', 'split', { pages: 3 });
    b.settle();
    for (const page of ['page[0]', 'page[1]', 'page[2]', 'merge']) b.complete('d', page);
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > CompleteJob d/split token 1 output {"pages":3}
        JobSucceeded d/split attempt 1
        LeaseReleased token 1 reason completed
        SlotReleased token 1 slots 1 occupancyMs 0
      -- 1000
        JobsFannedOut d/page count 3 from 3 to 6
        JobReadied d/page[0]
        JobReadied d/page[1]
        JobReadied d/page[2]
        ContinuationAdvanced cursor 1 to 0
        LeaseGranted d/page[0] e1 token 2 attempt 1
        SlotReserved e1 token 2 slots 1
        JobDispatched d/page[0] token 2
        LeaseGranted d/page[1] e1 token 3 attempt 1
        SlotReserved e1 token 3 slots 1
        JobDispatched d/page[1] token 3
      -- 1000
      > CompleteJob d/page[0] token 2
        JobSucceeded d/page[0] attempt 1
        LeaseReleased token 2 reason completed
        SlotReleased token 2 slots 1 occupancyMs 0
        LeaseGranted d/page[2] e1 token 4 attempt 1
        SlotReserved e1 token 4 slots 1
        JobDispatched d/page[2] token 4
      -- 1000
      > CompleteJob d/page[1] token 3
        JobSucceeded d/page[1] attempt 1
        LeaseReleased token 3 reason completed
        SlotReleased token 3 slots 1 occupancyMs 0
      -- 1000
      > CompleteJob d/page[2] token 4
        JobSucceeded d/page[2] attempt 1
        LeaseReleased token 4 reason completed
        SlotReleased token 4 slots 1 occupancyMs 0
        JobSucceeded d/page attempt 0
        JobReadied d/merge
        LeaseGranted d/merge e1 token 5 attempt 1
        SlotReserved e1 token 5 slots 1
        JobDispatched d/merge token 5
      -- 1000
      > CompleteJob d/merge token 5
        JobSucceeded d/merge attempt 1
        LeaseReleased token 5 reason completed
        SlotReleased token 5 slots 1 occupancyMs 0
        DagSucceeded d
      "
    `);
  });

  it('is one for each item of an array', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 9 });
    b.submit('d', [job('a'), job('f', { after: ['a'], fanOut: fanOut({ from: 'a', at: '/list', over: true }) })]);
    b.complete('d', 'a', { list: ['x', 'y'] });
    b.settle();
    expect([b.stateOf('d', 'f[0]'), b.stateOf('d', 'f[1]')]).toEqual(['dispatched', 'dispatched']);
  });

  it('may be none: the fan-out has succeeded', () => {
    const b = new KernelBench();
    b.register('e1');
    b.submit('d', PAGES);
    b.complete('d', 'split', { pages: 0 });
    b.skip();
    b.settle();
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
        JobsFannedOut d/page count 0 from 3 to 3
        JobSucceeded d/page attempt 0
        JobReadied d/merge
        ContinuationAdvanced cursor 1 to 0
        LeaseGranted d/merge e1 token 2 attempt 1
        SlotReserved e1 token 2 slots 1
        JobDispatched d/merge token 2
      "
    `);
  });

  it('may be given, with noop children that need no slot', () => {
    const b = new KernelBench();
    b.submit('d', [job('f', { kind: 'noop', fanOut: fanOut(3) })]);
    b.settle();
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > SubmitDag d
        DagAccepted d
      -- 1000
        JobsFannedOut d/f count 3 from 1 to 4
        ContinuationAdvanced cursor 1 to 0
        JobSucceeded d/f[0] attempt 0
        ContinuationAdvanced cursor 2 to 0
        JobSucceeded d/f[1] attempt 0
        ContinuationAdvanced cursor 3 to 0
        JobSucceeded d/f[2] attempt 0
        JobSucceeded d/f attempt 0
        ContinuationAdvanced cursor 4 to 0
        DagSucceeded d
      "
    `);
  });

  it.each<[unknown]>([
    [{ pages: -1 }],
    [{ pages: 1.5 }],
    [{ pages: 'three' }],
    [{ pages: 100_001 }],
    [{}],
    [undefined],
  ])('that %j does not say fails the job', (output) => {
    const b = new KernelBench();
    b.register('e1');
    b.submit('d', PAGES);
    b.complete('d', 'split', output);
    b.settle();
    expect(b.transcript.lines).toContain('  JobFailed d/page attempt 0 code invalid-fan-out final');
    expect(b.transcript.lines).toContain('  DagFailed d code job-failed');
  });

  it.each([
    { from: 'split', at: '/pages' },
    { from: 'split', at: '/pages', over: true },
    { from: 'split', over: true },
  ])('%j of an output in a blob can not be read, and the job fails with a code that says so', (of) => {
    const b = new KernelBench();
    b.register('e1');
    b.submit('d', [
      job('split'),
      job('page', { after: ['split'], fanOut: fanOut(of) }),
      job('merge', { after: ['page'] }),
    ]);
    b.completeWithBlob('d', 'split');
    b.settle();
    expect(b.transcript.lines).toContain('  JobFailed d/page attempt 0 code output-not-inline final');
    expect(b.transcript.lines).toContain('  DagFailed d code job-failed');
  });

  it.each([
    [2 ** 17, 'fannedOut'],
    [2 ** 17 + 1, 'failed'],
  ])('that makes it a DAG of %i jobs leaves its job %s: 2^17 are the most', (total, state) => {
    const b = new KernelBench({ isLarge: true });
    const giant = (id: string, count: number) => job(id, { executorClass: 'none', fanOut: fanOut(count) });
    b.submit('d', [giant('f', 100_000), giant('g', total - 100_002)], { failurePolicy: 'continue' });
    b.settle(300);
    expect([b.stateOf('d', 'f'), b.stateOf('d', 'g')]).toEqual(['fannedOut', state]);
    const failed = b.transcript.lines.filter((line) => line.includes('JobFailed'));
    expect(failed).toEqual(state === 'failed' ? ['  JobFailed d/g attempt 0 code dag-too-large final'] : []);
  });

  it('of a signal is refused', () => {
    const b = new KernelBench();
    b.submit('d', [job('s', { kind: 'signal', fanOut: fanOut(2) })]);
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > SubmitDag d
        InputRefused code invalid-fan-out
      "
    `);
  });
});

describe('children that fail', () => {
  it('are tolerated up to a number', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 9 });
    b.submit('d', [job('f', { fanOut: fanOut(3, 1) }), job('z', { after: ['f'] })]);
    b.settle();
    b.fail('d', 'f[0]', 'broken', false);
    b.complete('d', 'f[1]');
    b.skip();
    b.complete('d', 'f[2]');
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > CompleteJob d/f[2] token 3
        JobSucceeded d/f[2] attempt 1
        LeaseReleased token 3 reason completed
        SlotReleased token 3 slots 1 occupancyMs 0
        JobSucceeded d/f attempt 0
        JobReadied d/z
        LeaseGranted d/z e1 token 4 attempt 1
        SlotReserved e1 token 4 slots 1
        JobDispatched d/z token 4
      "
    `);
  });

  it('beyond that number end the DAG at once under fail-fast', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 2 });
    b.submit('d', [job('f', { fanOut: fanOut(4) })]);
    b.settle();
    b.skip();
    b.fail('d', 'f[0]', 'broken', false);
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > FailJob d/f[0] token 1 code broken
        JobFailed d/f[0] attempt 1 code broken final
        LeaseReleased token 1 reason failed
        SlotReleased token 1 slots 1 occupancyMs 0
        JobFailed d/f attempt 0 code children-failed final
        DagEnding d/f outcome failed code job-failed
        JobCancelled d/f[1] reason dag-failed
        LeaseReleased token 2 reason dag-ended
        SlotReclaiming token 2
        JobCancelled d/f[2] reason dag-failed
        JobCancelled d/f[3] reason dag-failed
        ContinuationAdvanced cursor 2 to 5
        DagFailed d code job-failed
      "
    `);
  });

  it('beyond that number fail the fan-out when all have ended, under continue', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 2 });
    b.submit('d', [job('f', { fanOut: fanOut(2) })], { failurePolicy: 'continue' });
    b.settle();
    b.fail('d', 'f[0]', 'broken', false);
    expect(b.stateOf('d', 'f')).toBe('fannedOut');
    b.skip();
    b.complete('d', 'f[1]');
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > CompleteJob d/f[1] token 2
        JobSucceeded d/f[1] attempt 1
        LeaseReleased token 2 reason completed
        SlotReleased token 2 slots 1 occupancyMs 0
        JobFailed d/f attempt 0 code children-failed final
        DagFailed d code job-failed
      "
    `);
  });

  it('of an optional fan-out fail it when all have ended: nothing runs on that nobody counts', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 2 });
    b.submit('d', [job('f', { optional: true, fanOut: fanOut(2) })]);
    b.settle();
    b.fail('d', 'f[0]', 'broken', false);
    expect(b.stateOf('d', 'f')).toBe('fannedOut');
    b.complete('d', 'f[1]');
    expect(b.transcript.lines.slice(-2)).toEqual([
      '  JobFailed d/f attempt 0 code children-failed final',
      '  DagSucceeded d',
    ]);
  });

  it('or are cancelled one by one count as bad ones', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 1 });
    b.submit('d', [job('f', { fanOut: fanOut(2, 1) })]);
    b.settle();
    b.give(Code.CancelJob, { tenant: 'acme', dagId: 'd', job: 'f[1]', reason: '' });
    b.skip();
    b.complete('d', 'f[0]');
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > CompleteJob d/f[0] token 1
        JobSucceeded d/f[0] attempt 1
        LeaseReleased token 1 reason completed
        SlotReleased token 1 slots 1 occupancyMs 0
        JobSucceeded d/f attempt 0
        DagSucceeded d
      "
    `);
  });
});

describe('a fan-out under a join of one', () => {
  it('counts its children, not the jobs before it that run on', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 9 });
    b.submit('d', [job('a'), job('b'), job('f', { after: ['a', 'b'], join: 1, fanOut: fanOut(2) })]);
    b.complete('d', 'a');
    b.settle();
    b.complete('d', 'b');
    b.complete('d', 'f[0]');
    expect(b.stateOf('d', 'f')).toBe('fannedOut');
    b.complete('d', 'f[1]');
    expect(b.transcript.lines.slice(-2)).toEqual(['  JobSucceeded d/f attempt 0', '  DagSucceeded d']);
  });
});

describe('a giant', () => {
  it.each([1, 257, 1000])('of %i children is made and ends', (count) => {
    const b = new KernelBench({ isLarge: true });
    b.register('e1', { slots: 4096 });
    b.submit('d', [job('f', { fanOut: fanOut(count) }), job('z', { after: ['f'] })]);
    b.settle();
    checkState(b.kernel.state);
    for (let i = 0; i < count; i++) b.complete('d', `f[${i}]`);
    b.complete('d', 'z');
    expect(b.transcript.lines.at(-1)).toBe('  DagSucceeded d');
    checkState(b.kernel.state);
  });

  it('of 100,000 children is made in bounded turns while others go on, and cancelled likewise', () => {
    const b = new KernelBench({ isLarge: true });
    b.register('e1', { slots: 4 });
    b.submit('giant', [job('f', { executorClass: 'pages', fanOut: fanOut(100_000) })]);
    let turns = 0;
    for (let unfinished = true; unfinished; turns++) {
      const result = b.submit(`small${turns}`, [job('a')]);
      expect(result.entries.length).toBeLessThanOrEqual(MAX_EVENTS_PER_TURN);
      expect(b.stateOf(`small${turns}`, 'a')).toBe('dispatched');
      b.complete(`small${turns}`, 'a');
      unfinished = result.unfinished;
    }
    expect(turns).toBeGreaterThan(90);
    expect(b.kernel.state.dags.c.jobsLeft[b.kernel.state.dags.find(1)]).toBe(100_001);
    b.give(Code.CancelDag, { tenant: 'acme', dagId: 'giant', reason: '' });
    b.settle(300);
    expect(b.transcript.lines.at(-1)).toBe('  DagCancelled giant');
    checkState(b.kernel.state);
  });

  it('whose DAG is cancelled before all its children are made ends with those that there are', () => {
    const b = new KernelBench({ isLarge: true });
    b.submit('giant', [job('f', { executorClass: 'pages', fanOut: fanOut(100_000) })]);
    b.step();
    b.give(Code.CancelDag, { tenant: 'acme', dagId: 'giant', reason: '' });
    b.settle(60);
    expect(b.transcript.lines.at(-1)).toBe('  DagCancelled giant');
    checkState(b.kernel.state);
  });
});
