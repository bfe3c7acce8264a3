/** Under every policy `why` tells the keys by which was decided: as equal, and as different, as the evidence says. */
import { describe, expect, it } from 'vitest';
import { fold, type Visitor } from '../../replay/index.js';
import { stateOf } from '../../replay/state/state-at.js';
import { Decisions } from '../../replay/why/decision.js';
import { Code } from '../../src/catalogue/generated/codes.js';
import { policyIds } from '../../src/kernel/policy/index.js';
import { fieldValue } from '../../src/scheduler/evidence.js';
import { job } from '../support/kernel/build.js';
import { at, Stage } from '../support/replay/stage.js';

const QUARTER_MS = 900_000;

/** DAGs of two tenants with deadlines of several quarters of an hour, on one slot. */
function scene(policy: string): Stage {
  const stage = new Stage(() => 300_000).give(0, Code.SetPolicy, { policy }).executor('e1', 1, { sessionMs: 600_000 });
  for (let n = 0; n < 8; n++) {
    const jobs = [job('a', { estimateMs: 200_000 + n }), job('b', { after: ['a'] }), job('c', { estimateMs: 100_000 })];
    const deadlineAtMs = n % 4 === 0 ? null : at((5 - (n % 4)) * QUARTER_MS);
    stage.submit(1_000 + n, `d${n}`, jobs, { deadlineAtMs, priority: n % 2, tenant: n < 6 ? 'acme' : 'beta' });
  }
  return stage;
}

describe.each(policyIds())('%s', (policy) => {
  it('has in the key of each decision what its evidence says', async () => {
    const decisions = new Decisions(() => true);
    await fold(scene(policy).play(), [decisions], { follows: true });
    const compared = [...decisions.decisions.values()].filter(({ key, runnerUp, decidedBy }) => {
      return runnerUp !== null && key.at(-1)!.field === decidedBy;
    });
    expect(compared.length).toBeGreaterThan(5);
    for (const { key, evidence } of compared) {
      const last = key.at(-1)!;
      expect([last.field, last.runnerUp]).toEqual([last.field, fieldValue(evidence.decidedBy, evidence.runnerUpValue)]);
      expect(last.value).not.toBe(last.runnerUp);
      for (const { field, value, runnerUp } of key.slice(0, -1)) expect([field, runnerUp]).toEqual([field, value]);
    }
  });
});

// Under the others the turn that starts a job first changes tags, by what the last one really took.
describe.each(policyIds().filter((id) => id !== 'default@1' && id !== 'fair@1'))('%s', (policy) => {
  it('shows the frontier in the order of the policy: what is started next is the first of it', async () => {
    const firsts: string[] = [];
    const started: string[] = [];
    const visitor: Visitor = {
      before: async ({ entries }, scratch) => {
        const frontier = scratch.turn === 0 ? [] : (await stateOf(scratch)).frontier;
        const granted = entries.find(({ code }) => code === Code.LeaseGranted);
        if (granted === undefined || entries.some(({ code }) => code === Code.JobReadied)) return;
        const { dag, job: index } = granted.body as { readonly dag: number; readonly job: number };
        started.push(`d${dag - 1} ${'abc'[index]}`);
        firsts.push(`${frontier[0]!.dag} ${frontier[0]!.job}`);
      },
    };
    await fold(scene(policy).play(), [visitor], { follows: true });
    expect(firsts).toEqual(started);
    expect(started.length).toBeGreaterThan(5);
  });
});
