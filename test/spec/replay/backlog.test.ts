/** What `sla --missed` costs where many DAGs wait for the same slots: work that is counted, and no time. */
import { afterEach, expect, it, vi } from 'vitest';
import { missedDeadlines } from '../../../replay/index.js';
import { Code } from '../../../src/catalogue/generated/codes.js';
import { HeldDags } from '../../../src/kernel/indexes/held.js';
import { DefaultPolicy } from '../../../src/kernel/policy/default.js';
import { job } from '../../support/kernel/build.js';
import { at, Stage } from '../../support/replay/stage.js';

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

/** How often the policy is asked this while the misses of a backlog are explained. */
async function asked(what: 'peek' | 'compare', dags: number): Promise<number> {
  const history = backlog(dags).play();
  const asking = vi.spyOn(DefaultPolicy.prototype, what);
  const { missed } = await missedDeadlines(history);
  expect(missed.length).toBeGreaterThan(dags * 0.9);
  const { length } = asking.mock.calls;
  asking.mockRestore();
  return length;
}

it.each(['peek', 'compare'] as const)(
  'twice the DAGs in one backlog ask for twice the %ss, and not four times',
  async (what) => {
    const once = await asked(what, 150);
    const twice = await asked(what, 300);
    expect(once).toBeGreaterThan(0);
    expect(twice).toBeLessThan(once * 2.5);
  },
);

it('a wait for slots of which it is told who held them is one part, however often it was another rule', async () => {
  const { missed } = await missedDeadlines(backlog(150).play());
  for (const { path } of missed) {
    for (const { ms, parts } of path) {
      expect(parts.filter(({ kind }) => kind === 'no-free-slot').length).toBeLessThanOrEqual(1);
      expect(parts.reduce((sum, part) => sum + part.ms, 0)).toBe(ms);
    }
  }
});

it('of DAGs that are held nobody asks for the place of each', async () => {
  const limits = { tenant: 'acme', weight: 1, openDags: null, activeDags: 2, runnableJobs: null };
  const history = backlog(40).give(0, Code.SetTenantLimits, limits).play();
  const asking = vi.spyOn(HeldDags.prototype, 'position');
  const { blame } = await missedDeadlines(history);
  expect(blame.map(({ kind }) => kind)).toContain('held-tenant-limit');
  expect(asking).not.toHaveBeenCalled();
});
