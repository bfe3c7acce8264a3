/** Under every policy `why` tells the keys by which was decided: as equal, and as different, as the evidence says. */
import { describe, expect, it } from 'vitest';
import { fold, type Visitor, why } from '../../../replay/index.js';
import { stateOf } from '../../../replay/state/state-at.js';
import { Decisions } from '../../../replay/why/decision.js';
import { Code } from '../../../src/catalogue/generated/codes.js';
import { policyIds } from '../../../src/kernel/policy/index.js';
import { fieldValue } from '../../../src/scheduler/views/evidence.js';
import { job } from '../../support/kernel/build.js';
import { at, Stage } from '../../support/replay/stage.js';

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

/** A job of two slots that has no room at first, so that jobs of one slot start before it. */
function wide(policy: string): Stage {
  const stage = new Stage((dag) => (dag === 'wide' ? 1_000 : 3_000))
    .give(0, Code.SetPolicy, { policy })
    .executor('e1', 2)
    .executor('e2', 2);
  for (let n = 0; n < 5; n++) stage.submit(n * 700, `narrow-${n}`, [job('a', { estimateMs: 3_000 })]);
  stage.submit(1_500, 'wide', [job('w', { slots: 2 })], { priority: 9, deadlineAtMs: at(800_000) });
  return stage.submit(2_000, 'behind', [job('a', { estimateMs: 90_000 })], { priority: -1 });
}

describe.each(policyIds())('%s', (policy) => {
  it('says of who started before a job by which field he came first, or that there was room for him alone', async () => {
    const history = wide(policy).play();
    const { attempts } = await why(history, { tenant: 'acme', dag: 'wide', job: 'w' });
    const none = { jobs: 1, rule: 'none', value: null, own: null };
    expect(attempts[0]!.overtakings).toMatchObject([{ dag: 'behind', ...none }, none, none]);
  });

  it('says of one with a reservation that it started first by that', async () => {
    const history = new Stage((dag) => (dag === 'b' ? 30_000 : 20_000))
      .give(0, Code.SetPolicy, { policy })
      .executor('e1', 2, { sessionMs: 600_000 })
      .submit(0, 'a', [job('a', { estimateMs: 20_000 })])
      .submit(0, 'b', [job('b', { estimateMs: 30_000 })])
      .submit(1_000, 'wide', [job('w', { slots: 2 })], { priority: 1 })
      .submit(25_000, 'high', [job('h', { estimateMs: 900 })], { priority: 9, deadlineAtMs: at(29_000) })
      .submit(25_000, 'long', [job('l', { estimateMs: 90_000 })], { priority: 9, deadlineAtMs: at(9_000_000) })
      .play();
    const { attempts } = await why(history, { tenant: 'acme', dag: 'long', job: 'l' });
    expect(attempts[0]!.overtakings).toContainEqual(
      expect.objectContaining({ dag: 'wide', rule: 'reservation', value: null, own: null }),
    );
  });

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
