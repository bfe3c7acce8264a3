/** The rows that a history is exported as. */
import { expect, it } from 'vitest';
import { Play } from '../../replay/index.js';
import { job, KernelBench } from '../support/kernel/bench.js';
import { chained } from '../support/replay/history.js';
import { rowsOf } from '../support/replay/rows.js';
import { Stage } from '../support/replay/stage.js';

it('a class has no executor once the only one, which offered no slots, is one of another class', () => {
  const stage = new Stage(() => 1_000)
    .executor('e1', 0)
    .submit(1_000, 'invoice', [job('read')])
    .executor('e1', 1, { executorClass: 'llm', incarnation: 'second' }, 2_000)
    .executor('e2', 1, {}, 5_000);
  expect(rowsOf(stage, 'waits')).toMatchObject([
    { dag: 'invoice', wait_ms: 4_000, full_ms: 1_000, no_executor_ms: 3_000, other_ms: 0 },
  ]);
});

it('a slot that is withdrawn is none that there is, up to the next registration, as in what-if', async () => {
  const b = new KernelBench();
  b.register('e1', { slots: 2, sessionMs: 600_000 });
  b.submit('stuck', [job('read', { timeoutMs: 1_000 })]);
  b.submit('long', [job('read')]);
  b.submit('next', [job('read')]);
  b.later(1_000);
  b.later(30_000);
  expect(b.count('SlotWithdrawn')).toBe(1);
  b.later(9_000);
  expect((await Play.of(chained(b.history))).recorded.utilisationPermille).toEqual({ ocr: 1_000 });
  b.register('e1', { slots: 2, sessionMs: 600_000, incarnation: 'second' });
  const told = { turns: () => b.history };
  expect(rowsOf(told, 'capacity').map(({ since_at, slots }) => [since_at, slots])).toEqual([
    [1_000, 2],
    [32_000, 1],
    [41_000, 2],
  ]);
  expect(rowsOf(told, 'waits').filter(({ dag }) => dag === 'next')).toMatchObject([
    { wait_ms: 40_000, full_ms: 40_000, other_ms: 0 },
  ]);
});
