/**
 * Random histories under every policy, against the words of policy.md: whoever starts comes before all for whom there would
 * have been room as well, the evidence names the first field in which he wins over the next one, and that one comes next.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold, type Visitor } from '../../replay/index.js';
import type { ScratchFold } from '../../replay/scratch-fold.js';
import { Code, DagState, EvidenceField, JobState, Lane } from '../../src/catalogue/generated/codes.js';
import type { BodyOf, EventEntry, TurnRecord } from '../../src/catalogue/generated/types.js';
import { hasReservation } from '../../src/kernel/evolve/classes.js';
import { explain } from '../../src/kernel/explain/index.js';
import { slotsOf } from '../../src/kernel/fold.js';
import type { Choice, KeyValue } from '../../src/kernel/policy/policy.js';
import { Harness } from '../support/kernel/random/harness.js';
import { history } from '../support/kernel/random/histories.js';
import { chained } from '../support/replay/history.js';

const runs = Number(process.env['MARIE_RUNS'] ?? 40);
const seed = Number(process.env['MARIE_SEED'] ?? 1);

/** Policies without lanes, and the settings that put them in force (world.ts). */
const PICKS = { 'fifo@1': 1, 'fair@1': 3, 'edf@1': 4, 'strict-priority@1': 7, 'level-first@1': 9 };

type Granted = BodyOf<typeof Code.LeaseGranted>;

/** By the key; 0 never happens between two jobs. */
function compare(a: readonly KeyValue[], b: readonly KeyValue[]): number {
  for (const [i, { value, descends }] of a.entries()) {
    const other = b[i]!.value;
    if (value !== other) return descends ? other - value : value - other;
  }
  return 0;
}

class Keys implements Visitor {
  checked = 0;
  decided = 0;
  explained = 0;

  event(entry: EventEntry, record: TurnRecord, fold: ScratchFold): void {
    if (entry.code !== Code.LeaseGranted) return;
    const { policy } = fold.kernel.indexes;
    if (policy.hasLanes) return;
    policy.advance(record.at);
    this.#check(entry.body, record, fold);
  }

  #check(lease: Granted, record: TurnRecord, { state, kernel }: ScratchFold): void {
    const { policy } = kernel.indexes;
    const { dags, jobs, classes, space } = state;
    const own = space.handle(dags.find(lease.dag), lease.job);
    const classSeq = jobs.c.class[own]!;
    if (classes.c.reservedExecutor[classes.find(classSeq)] !== 0) return;
    const slots = slotsOf(state, own);
    const winner = policy.keyOf(this.#choice(kernel, own));
    // Of each flow only the first competes.
    for (let job = 1; job < jobs.table.high; job++) {
      if (!jobs.table.isLive(job) || jobs.c.state[job] !== JobState.ready || job === own) continue;
      if (jobs.c.class[job] !== classSeq || slotsOf(state, job) > slots) continue;
      const dag = space.dagOf[job]!;
      if (dags.c.paused[dag] !== 0 || dags.c.state[dag] !== DagState.open) continue;
      if (policy.headOf(kernel.indexes.heads.flow(job)) !== job) continue;
      this.checked += 1;
      expect(compare(winner, policy.keyOf(this.#choice(kernel, job)))).toBeLessThan(0);
    }
    const { evidence } = record.entries.flatMap((entry) =>
      entry.code === Code.JobDispatched && entry.body.token === lease.token ? [entry.body] : [],
    )[0]!;
    expect(evidence.lane).toBe(Lane.regular);
    if (evidence.runnerUpDag < 0) return void expect(evidence.decidedBy).toBe(EvidenceField.none);
    const second = space.handle(dags.find(evidence.runnerUpDag), evidence.runnerUpJob);
    const other = policy.keyOf(this.#choice(kernel, second));
    expect(compare(winner, other)).toBeLessThan(0);
    const at = winner.findIndex(({ value }, i) => value !== other[i]!.value);
    expect([winner[at]!.field, other[at]!.value]).toEqual([evidence.decidedBy, evidence.runnerUpValue]);
    this.decided += 1;
  }

  /** What explain says is ahead of a ready job comes before it, by the first field in which they differ. */
  after(_record: TurnRecord, { scene }: ScratchFold): void {
    const { state, indexes } = scene;
    const { dags, jobs, space } = state;
    if (indexes.policy.hasLanes) return;
    for (let job = 1; job < jobs.table.high; job++) {
      if (!jobs.table.isLive(job) || jobs.c.state[job] !== JobState.ready) continue;
      const blocked = explain(scene, space.dagOf[job]!, job, []);
      const ahead = blocked !== null && 'ahead' in blocked ? blocked.ahead : null;
      if (ahead === null) continue;
      if (ahead.field === EvidenceField.reservation) {
        const cls = state.classes.find(jobs.c.class[job]!);
        expect(hasReservation(state, cls, ahead.dag, ahead.job)).toBe(true);
        continue;
      }
      const first = indexes.policy.keyOf(
        this.#choice({ state, indexes }, space.handle(dags.find(ahead.dag), ahead.job)),
      );
      const own = indexes.policy.keyOf(this.#choice({ state, indexes }, job));
      expect(compare(first, own)).toBeLessThan(0);
      const at = first.findIndex(({ value }, i) => value !== own[i]!.value);
      expect([first[at]!.field, first[at]!.value, own[at]!.value]).toEqual([ahead.field, ahead.value, ahead.own]);
      this.explained += 1;
    }
  }

  #choice({ state, indexes }: Pick<ScratchFold['scene'], 'state' | 'indexes'>, job: number): Choice {
    return { job, flow: indexes.heads.flow(job), dag: state.space.dagOf[job]!, lane: Lane.regular };
  }
}

describe.each(Object.entries(PICKS))('under %s', (_, pick) => {
  it('the job that starts comes first, and the evidence says why', { timeout: 3_600_000 }, async () => {
    let checked = 0;
    let decided = 0;
    let explained = 0;
    await fc.assert(
      fc.asyncProperty(history, async (steps) => {
        const harness = new Harness(new Set());
        const [first, ...others] = steps;
        harness.step({ ...first!, commands: [{ do: 'setting', what: 'policy', pick }, ...first!.commands] });
        for (const step of others) {
          const commands = step.commands.filter((command) => command.do !== 'setting' || command.what !== 'policy');
          harness.step({ ...step, commands });
        }
        harness.finish();
        const keys = new Keys();
        await fold(chained(harness.journal), [keys], { follows: true });
        checked += keys.checked;
        decided += keys.decided;
        explained += keys.explained;
      }),
      { numRuns: runs, seed },
    );
    if (runs < 40) return;
    expect(checked).toBeGreaterThan(10 * runs);
    expect(decided).toBeGreaterThan(2 * runs);
    expect(explained).toBeGreaterThan(2 * runs);
  });
});
