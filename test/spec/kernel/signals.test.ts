/** Jobs that run in the scheduler and hold no slot: noop, and signal, which waits for an answer from outside. */
import { describe, expect, it } from 'vitest';
import { Code, job, json, KernelBench, when } from '../../support/kernel/bench.js';

/** A DAG in which a person approves what `a` has made before `z` goes on. */
const APPROVAL = [
  job('a'),
  job('approve', { kind: 'signal', after: ['a'], signalName: 'approval' }),
  job('z', { after: ['approve'], when: when({ job: 'approve', at: '/ok', op: 'eq', value: true }) }),
];

function resolve(b: KernelBench, output: unknown = { ok: true }): void {
  b.give(Code.ResolveSignal, { tenant: 'acme', dagId: 'd', signal: 'approval', output: json(output) });
}

describe('a signal', () => {
  it('is awaited when its job is reached, and its answer is the output', () => {
    const b = new KernelBench();
    b.register('e1');
    b.submit('d', APPROVAL);
    b.skip();
    b.complete('d', 'a');
    resolve(b);
    b.settle();
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > CompleteJob d/a token 1
        JobSucceeded d/a attempt 1
        LeaseReleased token 1 reason completed
        SlotReleased token 1 slots 1 occupancyMs 0
        SignalAwaited d/approve
        ContinuationAdvanced cursor 1 to 0
      -- 1000
      > ResolveSignal d signal approval output {"ok":true}
        SignalResolved d/approve
        JobSucceeded d/approve attempt 0
      -- 1000
        JobReadied d/z
        ContinuationAdvanced cursor 2 to 0
        LeaseGranted d/z e1 token 2 attempt 1
        SlotReserved e1 token 2 slots 1
        JobDispatched d/z token 2
      "
    `);
  });

  it('that is resolved early is kept until its job is reached', () => {
    const b = new KernelBench();
    b.register('e1');
    b.submit('d', APPROVAL);
    b.skip();
    resolve(b);
    b.complete('d', 'a');
    b.settle();
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > ResolveSignal d signal approval output {"ok":true}
        SignalResolved d/approve
      -- 1000
      > CompleteJob d/a token 1
        JobSucceeded d/a attempt 1
        LeaseReleased token 1 reason completed
        SlotReleased token 1 slots 1 occupancyMs 0
        JobSucceeded d/approve attempt 0
        ContinuationAdvanced cursor 1 to 0
      -- 1000
        JobReadied d/z
        ContinuationAdvanced cursor 2 to 0
        LeaseGranted d/z e1 token 2 attempt 1
        SlotReserved e1 token 2 slots 1
        JobDispatched d/z token 2
      "
    `);
  });

  it('takes one answer: a second one is refused, awaited or not, and after the end too', () => {
    const b = new KernelBench();
    b.register('e1');
    b.submit('d', APPROVAL);
    resolve(b);
    b.skip();
    resolve(b, { ok: false });
    b.complete('d', 'a');
    resolve(b, { ok: false });
    b.settle();
    b.complete('d', 'z');
    resolve(b, { ok: false });
    const refusals = b.transcript.lines.filter((line) => line.includes('InputRefused'));
    expect(refusals).toEqual([
      '  InputRefused d code signal-already-resolved',
      '  InputRefused d code signal-already-resolved',
      '  InputRefused d code dag-terminal',
    ]);
  });

  it('whose job was skipped without an answer is refused as a job that has ended', () => {
    const b = new KernelBench();
    b.submit('d', [
      job('a', { kind: 'noop' }),
      job('s', { kind: 'signal', after: ['a'], when: when({ job: 'a', op: 'eq', value: 1 }) }),
      job('z', { kind: 'signal' }),
    ]);
    b.settle();
    b.give(Code.ResolveSignal, { tenant: 'acme', dagId: 'd', signal: 's', output: json(1) });
    expect(b.tell()).toContain('InputRefused d code job-terminal');
  });

  it('that no job waits for is refused', () => {
    const b = new KernelBench();
    b.submit('d', [job('a')]);
    b.skip();
    resolve(b);
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > ResolveSignal d signal approval output {"ok":true}
        InputRefused d code no-such-signal
      "
    `);
  });

  it('that two jobs wait for takes an answer for each', () => {
    const b = new KernelBench();
    b.submit('d', [
      job('x', { kind: 'signal', signalName: 'approval' }),
      job('y', { kind: 'signal', signalName: 'approval' }),
    ]);
    b.settle();
    resolve(b);
    expect([b.stateOf('d', 'x'), b.stateOf('d', 'y')]).toEqual(['succeeded', 'awaitingSignal']);
    resolve(b);
    expect(b.transcript.lines.at(-1)).toBe('  DagSucceeded d');
  });

  it('with an answer that is too large is refused', () => {
    const b = new KernelBench();
    b.submit('d', [job('approval', { kind: 'signal' })]);
    b.skip();
    b.give(Code.ResolveSignal, {
      tenant: 'acme',
      dagId: 'd',
      signal: 'approval',
      output: new Uint8Array(256 * 1024 + 1),
    });
    expect(b.transcript.lines.at(-1)).toBe('  InputRefused d code payload-too-large');
  });

  it('that was answered is asked again in a new run, and its outputs are different rows', () => {
    const b = new KernelBench();
    b.register('e1');
    b.submit('d', APPROVAL);
    b.complete('d', 'a');
    resolve(b);
    b.settle();
    b.fail('d', 'z', 'broken', false);
    b.give(Code.RetryJob, { tenant: 'acme', dagId: 'd', job: 'approve' });
    b.settle();
    expect(b.stateOf('d', 'approve')).toBe('awaitingSignal');
    resolve(b, { ok: false });
    b.settle();
    expect(b.stateOf('d', 'z')).toBe('skipped');
    expect([...b.cold.outputs.keys()]).toEqual(['1/1/0', '1/1/1']);
  });
});

describe('noop jobs', () => {
  it('succeed without a slot, one after the other', () => {
    const b = new KernelBench();
    b.submit('d', [job('a', { kind: 'noop' }), job('b', { kind: 'noop', after: ['a'] })]);
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > SubmitDag d
        DagAccepted d
        JobSucceeded d/a attempt 0
        ContinuationAdvanced cursor 1 to 0
        JobSucceeded d/b attempt 0
        ContinuationAdvanced cursor 2 to 0
        DagSucceeded d
      "
    `);
  });

  it('10,000 deep go on from turn to turn, without recursion', () => {
    const b = new KernelBench({ isLarge: true });
    const chain = Array.from({ length: 10_000 }, (_, i) =>
      job(`n${i}`, { kind: 'noop', after: i === 0 ? [] : [`n${i - 1}`] }),
    );
    b.submit('d', chain);
    b.settle(100);
    expect(b.transcript.lines.at(-1)).toBe('  DagSucceeded d');
    for (const { entries } of b.history) expect(entries.length).toBeLessThan(800);
  });
});
