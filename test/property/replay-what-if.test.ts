/**
 * Random histories: played again under the policy and capacity that they had, they are themselves: no turn comes out
 * otherwise, and every dispatch is the same; so they are under a weight that a tenant has. Under another policy every DAG
 * that ended there ends here, too; and where the two part, bisect says the same.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bisect, Play } from '../../replay/index.js';
import { dispatchesOf } from '../../replay/what-if/dispatches.js';
import { Code } from '../../src/catalogue/generated/codes.js';
import type { TurnRecord } from '../../src/catalogue/generated/types.js';
import { Harness } from '../support/kernel/random/harness.js';
import { history } from '../support/kernel/random/histories.js';
import { chained } from '../support/replay/history.js';

const runs = Number(process.env['MARIE_RUNS'] ?? 50);
const seed = Number(process.env['MARIE_SEED'] ?? 3);

/** Up to the end of the last DAG: after that executors leave, on whom another history may still wait. */
function untilAllEnded(turns: readonly TurnRecord[]): readonly TurnRecord[] {
  const ends: ReadonlySet<number> = new Set([Code.DagSucceeded, Code.DagFailed, Code.DagCancelled]);
  const last = turns.findLastIndex(({ entries }) => entries.some(({ code }) => ends.has(code)));
  return last < 0 ? turns : turns.slice(0, last + 1);
}

/** Tenants with a DAG whose weight is 1 all the time, in the order of their DAGs. */
function unweighed(turns: readonly TurnRecord[]): readonly string[] {
  const tenants = new Set<string>();
  const entries = turns.flatMap((turn) => turn.entries);
  for (const { code, body } of entries) if (code === Code.SubmitDag) tenants.add(body.tenant);
  for (const { code, body } of entries) {
    if (code === Code.SetTenantLimits && body.weight !== 1) tenants.delete(body.tenant);
  }
  return [...tenants];
}

describe('a random history, played again', () => {
  it('under what was recorded is itself', { timeout: 3_600_000 }, async () => {
    let dispatches = 0;
    await fc.assert(
      fc.asyncProperty(history, async (steps) => {
        const turns = Harness.through(steps).journal;
        const play = await Play.of(chained(turns));
        const again: unknown[] = [];
        const run = await play.run({}, (_at, entries) => void again.push(...dispatchesOf(entries)));
        expect(run.parting).toBeNull();
        expect(again).toEqual(turns.flatMap(({ entries }) => dispatchesOf(entries)));
        expect(run.numbers).toEqual((await play.playedOn())?.numbers ?? play.recorded);
        expect(run.assumed).toBe(0);
        dispatches += again.length;
      }),
      { numRuns: runs, seed },
    );
    // A few histories may not meet everything.
    if (runs < 50) return;
    expect(dispatches).toBeGreaterThan(20 * runs);
  });

  it('under a weight that a tenant has is itself', { timeout: 3_600_000 }, async () => {
    let played = 0;
    await fc.assert(
      fc.asyncProperty(history, async (steps) => {
        const turns = Harness.through(steps).journal;
        const tenant = unweighed(turns).at(-1);
        if (tenant === undefined) return;
        const play = await Play.of(chained(turns));
        const run = await play.run({ weights: { [tenant]: 1 } });
        expect(run.parting).toBeNull();
        expect(run.numbers).toEqual((await play.playedOn())?.numbers ?? play.recorded);
        played += 1;
      }),
      { numRuns: runs, seed },
    );
    // A few histories may not meet everything.
    if (runs < 50) return;
    expect(played).toBeGreaterThan(runs / 4);
  });

  it('under another policy comes to an end, and parts where bisect says', { timeout: 3_600_000 }, async () => {
    let parted = 0;
    const policies = fc.constantFrom('fifo@1', 'edf@1', 'fair@1', 'strict-priority@1', 'level-first@1');
    await fc.assert(
      fc.asyncProperty(history, policies, async (steps, policy) => {
        const told = chained(untilAllEnded(Harness.through(steps).journal));
        const play = await Play.of(told);
        const run = await play.run({ policy });
        expect(run.end).toBe('drained');
        expect((await bisect(told, null, policy)).parting).toEqual(run.parting);
        if (run.parting !== null) parted += 1;
      }),
      { numRuns: runs, seed },
    );
    // A few histories may not meet everything.
    if (runs < 50) return;
    expect(parted).toBeGreaterThan(runs / 10);
  });
});
