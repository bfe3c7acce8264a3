/** What the recorder of a simulation knows of a DAG, from its acceptance until the cell forgets it. */
import { describe, expect, it } from 'vitest';
import { Recorder } from '../../../src/simulate/report/records.js';
import { Code, cellLimits, fanOut, input, job, KernelBench } from '../../support/kernel/bench.js';

const dag = { tenant: 'acme', dagId: 'd' };

/** Two slots; a fan-out of two, of which the one that failed waits again, behind what is more urgent. */
function retried(b: KernelBench): void {
  b.register('e', { slots: 2 });
  b.submit('d', [job('f', { fanOut: fanOut(2) })], { failurePolicy: 'continue' });
  b.settle();
  b.complete('d', 'f[0]');
  b.fail('d', 'f[1]', 'broken', false);
  b.settle();
  b.submit('first', [job('a'), job('b')], { priority: 9 });
  b.give(Code.RetryDag, dag);
  b.settle();
}

function recorderOf({ history }: KernelBench): Recorder {
  const recorder = new Recorder();
  for (const turn of history) recorder.watch(turn);
  return recorder;
}

describe('a DAG that failed after it fanned out, and is run again', () => {
  it('has a child that waits for a slot', () => {
    const b = new KernelBench();
    retried(b);
    expect(recorderOf(b).waiting()).toMatchObject([
      { dag: { submission: dag, outcome: 'open' }, executorClass: 'ocr', readyAt: b.at },
    ]);
  });

  it('has a child that is cancelled while it waits', () => {
    const b = new KernelBench();
    retried(b);
    b.give(Code.CancelDag, { ...dag, reason: '' });
    b.settle();
    const { dags, cancelled } = recorderOf(b);
    expect(dags[0]).toMatchObject({ outcome: 'cancelled' });
    expect(cancelled.map(({ executorClass }) => executorClass)).toEqual(['ocr']);
  });
});

it('keeps the record of a DAG that the cell has forgotten, and nothing else', () => {
  const b = new KernelBench();
  b.step([input(Code.SetCellLimits, cellLimits({ retainTerminalMs: 1_000 }))]);
  b.register('e');
  b.submit('d', [job('a')]);
  b.complete('d', 'a');
  expect(recorderOf(b).submissionOf(1)).toMatchObject(dag);
  b.later(1_000);
  b.settle();
  expect(b.count('DagForgotten')).toBe(1);
  const recorder = recorderOf(b);
  expect(() => recorder.submissionOf(1)).toThrow();
  expect(recorder.dags).toMatchObject([{ submission: dag, outcome: 'succeeded' }]);
});
