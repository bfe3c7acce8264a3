/** What `sla --missed` costs where many DAGs wait for the same slots: work that is counted, and no time. */
import { afterEach, expect, it, vi } from 'vitest';
import { missedDeadlines } from '../../replay/index.js';
import { DefaultPolicy } from '../../src/kernel/policy/default.js';
import { job } from '../support/kernel/build.js';
import { at, Stage } from '../support/replay/stage.js';

afterEach(() => {
  vi.restoreAllMocks();
});

/** A DAG of two jobs each millisecond, and slots for one in 25 of them. */
function backlog(dags: number): Stage {
  const stage = new Stage(() => 50).executor('e1', 4);
  for (let i = 0; i < dags; i++) {
    stage.submit(i, `d${i}`, [job('a'), job('b', { after: ['a'] })], { deadlineAtMs: at(i + 150) });
  }
  return stage;
}

/** How often the policy is asked who starts next while the misses of a backlog are explained. */
async function asked(dags: number): Promise<number> {
  const history = backlog(dags).play();
  const peek = vi.spyOn(DefaultPolicy.prototype, 'peek');
  const { missed } = await missedDeadlines(history);
  expect(missed.length).toBeGreaterThan(dags * 0.9);
  const { length } = peek.mock.calls;
  peek.mockRestore();
  return length;
}

it('twice the DAGs in one backlog are twice the work, and not four times', async () => {
  const once = await asked(150);
  const twice = await asked(300);
  expect(twice).toBeLessThan(once * 2.5);
});
