/** What the measuring of turns reads of a state that was there before it. */
import { expect, it } from 'vitest';
import { Code } from '../../../src/catalogue/generated/codes.js';
import { StateSignals } from '../../../src/scheduler/views/fold-signals.js';
import { job, KernelBench } from '../../support/kernel/bench.js';

/** The DAGs that have never ended, by sequence number, and whether one of their jobs was ready. */
function firstRuns(bench: KernelBench): readonly (readonly [number, boolean])[] {
  const seen: (readonly [number, boolean])[] = [];
  const signals = new StateSignals(bench.kernel.state, { pause: async () => undefined });
  signals.eachFirstRun((dag, _acceptedAtMs, wasReady) => seen.push([dag, wasReady]));
  return seen;
}

it('a DAG whose job waits for a slot was ready, and one whose jobs wait for an answer was not', () => {
  const b = new KernelBench();
  b.submit('waits', [job('a'), job('b', { after: ['a'] })]);
  b.submit('asks', [job('ask', { kind: 'signal' }), job('b', { after: ['ask'] })]);
  expect(firstRuns(b)).toEqual([
    [1, true],
    [2, false],
  ]);
});

it('a DAG that is run again has ended before', () => {
  const b = new KernelBench();
  b.register('e1', { sessionMs: 600_000 });
  b.submit('d', [job('a')]);
  expect(firstRuns(b)).toEqual([[1, true]]);
  b.fail('d', 'a', 'broken', false);
  b.settle();
  b.give(Code.RetryDag, { tenant: 'acme', dagId: 'd' });
  b.settle();
  expect(firstRuns(b)).toEqual([]);
});
