/** The rows that a history is exported as. */
import { expect, it } from 'vitest';
import { job } from '../support/kernel/build.js';
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
