/** Law 8: one accepted terminal callback per attempt; every other one is recorded as refused, or as a repeat. */
import { describe, expect, it } from 'vitest';
import type { InputEntry } from '../../../src/catalogue/generated/types.js';
import { Code, input, job, json, KernelBench, retry } from '../../support/kernel/bench.js';
import { Eviction } from '../../support/kernel/eviction.js';

function dispatched(more: Parameters<typeof job>[1] = {}): KernelBench {
  const b = new KernelBench();
  b.register('e1');
  b.submit('d', [job('a', more), job('z', { after: ['a'] })]);
  b.skip();
  return b;
}

function completion(b: KernelBench, output: unknown): InputEntry {
  return input(Code.CompleteJob, { lease: b.lease('d', 'a'), output: json(output), blob: null, unitsUsed: null });
}

describe('a terminal callback', () => {
  it('that repeats the accepted one is answered as accepted', () => {
    const b = dispatched();
    const first = completion(b, { n: 1 });
    b.step([first]);
    b.skip();
    b.step([first]);
    b.step([first, first]);
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > CompleteJob d/a token 1 output {"n":1}
        DuplicateInput d code already-accepted
      -- 1000
      > CompleteJob d/a token 1 output {"n":1}
        DuplicateInput d code already-accepted
      > CompleteJob d/a token 1 output {"n":1}
        DuplicateInput d code already-accepted
      "
    `);
  });

  it('with the same token but another output is refused: the first one counts', () => {
    const b = dispatched();
    const second = completion(b, { n: 2 });
    b.complete('d', 'a', { n: 1 });
    b.skip();
    b.step([second]);
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > CompleteJob d/a token 1 output {"n":2}
        InputRefused d code stale-token
      "
    `);
    expect(Buffer.from(b.cold.outputs.get('1/0/1')!.json!).toString()).toBe('{"n":1}');
  });

  it('of another kind for the same attempt is refused', () => {
    const b = dispatched();
    const lease = b.lease('d', 'a');
    b.complete('d', 'a');
    b.failLease(lease);
    expect(b.transcript.lines.at(-1)).toBe('  InputRefused d code stale-token');
  });

  it('of a failed attempt is repeated while the job waits, and stale when it runs again', () => {
    const b = dispatched({ retry: retry(3, 1000) });
    const lease = b.lease('d', 'a');
    b.failLease(lease);
    b.skip();
    b.failLease(lease);
    b.later(2000);
    b.failLease(lease);
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > FailJob d/a token 1 code broken retryable
        DuplicateInput d code already-accepted
      -- 3000
        JobReadied d/a
        LeaseGranted d/a e1 token 2 attempt 2
        SlotReserved e1 token 2 slots 1
        JobDispatched d/a token 2
      -- 3000
      > FailJob d/a token 1 code broken retryable
        InputRefused d code stale-token
      "
    `);
  });

  it('for a lease that never was is refused', () => {
    const b = dispatched();
    const lease = b.lease('d', 'a');
    b.completeLease({ ...lease, token: 99 });
    b.completeLease({ ...lease, dag: 7 });
    b.completeLease({ ...lease, job: 1 });
    b.completeLease({ ...lease, job: 12 });
    b.completeLease({ ...lease, attempt: 2 });
    expect(b.transcript.lines.filter((line) => line.includes('stale-token'))).toHaveLength(5);
    expect(b.stateOf('d', 'a')).toBe('dispatched');
  });

  it('with an output that is too large is refused, and the lease stays in force', () => {
    const b = dispatched();
    const lease = b.lease('d', 'a');
    b.give(Code.CompleteJob, { lease, output: new Uint8Array(256 * 1024 + 1), blob: null, unitsUsed: null });
    expect(b.transcript.lines.at(-1)).toBe('  InputRefused d code payload-too-large');
    b.completeLease(lease, 'smaller');
    expect(b.stateOf('d', 'a')).toBe('succeeded');
  });

  it('comes after its DAG was cancelled: void for the job, valid for the slot', () => {
    const b = dispatched();
    const lease = b.lease('d', 'a');
    b.give(Code.CancelDag, { tenant: 'acme', dagId: 'd', reason: 'enough' });
    b.skip();
    b.completeLease(lease);
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > CompleteJob d/a token 1
        InputRefused d code stale-token
        SlotReleased token 1 slots 1 occupancyMs 0
      "
    `);
  });

  it('keeps a blob as it keeps an inline output, and a failure with its message', () => {
    const b = dispatched({ retry: retry(2) });
    b.give(Code.FailJob, {
      lease: b.lease('d', 'a'),
      code: 'broken',
      message: 'no paper',
      retryable: true,
      unitsUsed: null,
    });
    b.step();
    const blob = { uri: 'blob:1', sha256: new Uint8Array(32), bytes: 9 };
    b.give(Code.CompleteJob, { lease: b.lease('d', 'a'), output: null, blob, unitsUsed: null });
    expect(b.cold.failures.get('1/0/1')).toEqual({ code: 'broken', message: 'no paper' });
    expect(b.cold.outputs.get('1/0/2')).toEqual({ json: null, isBlob: true });
  });
});

describe('a callback about a DAG that has ended', () => {
  it.each([true, false])('is answered alike whether the DAG is in memory or not: %s', (isInMemory) => {
    const b = dispatched();
    const lease = b.lease('d', 'a');
    b.give(Code.CancelDag, { tenant: 'acme', dagId: 'd', reason: '' });
    b.later(40_000);
    if (!isInMemory) new Eviction(b.kernel.state, b.cold.specs).evict();
    const view = { spec: () => b.cold.specs.get(1)!, output: () => null };
    const inputs = [
      input(Code.ReportProgress, { lease, permille: 1, message: null }),
      input(Code.ReportProgress, { lease: { ...lease, dag: 2 }, permille: 1, message: null }),
    ];
    const request = { turn: 99, at: b.at, stoppedMs: 0, shell: [], inputs, caughtUp: true, published: 0 };
    const { entries } = b.kernel.turn(request, view, () => undefined);
    expect(entries.flatMap((entry) => (entry.code === Code.InputRefused ? [entry.body.dag] : []))).toEqual([1, -1]);
  });
});

describe('what comes before the end of an attempt', () => {
  it('is acknowledged once, and progress is told', () => {
    const b = dispatched();
    const lease = b.lease('d', 'a');
    b.give(Code.AcknowledgeDispatch, { lease });
    b.give(Code.AcknowledgeDispatch, { lease });
    b.give(Code.ReportProgress, { lease, permille: 250, message: null });
    b.give(Code.ReportProgress, { lease, permille: 1001, message: null });
    b.give(Code.ReportProgress, { lease: { ...lease, token: 77 }, permille: 1, message: null });
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > AcknowledgeDispatch d/a token 1
        DispatchAcknowledged token 1
      -- 1000
      > AcknowledgeDispatch d/a token 1
      -- 1000
      > ReportProgress d/a token 1 permille 250
        JobProgressed d/a permille 250
      -- 1000
      > ReportProgress d/a token 1 permille 1001
        InputRefused d code invalid-progress
      -- 1000
      > ReportProgress d/a token 77 permille 1
        InputRefused d code stale-token
      "
    `);
    expect(b.stateOf('d', 'a')).toBe('running');
  });

  it('frees no slot that is reclaiming', () => {
    const b = dispatched();
    const lease = b.lease('d', 'a');
    b.give(Code.CancelJob, { tenant: 'acme', dagId: 'd', job: 'a', reason: '' });
    b.skip();
    b.give(Code.ReportProgress, { lease, permille: 1, message: null });
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > ReportProgress d/a token 1 permille 1
        InputRefused d code stale-token
      "
    `);
  });
});
