/**
 * Random histories: what is folded from a snapshot and the turns after it is what is folded from the first turn, after
 * every turn: the state hash, every row, what is read of it, and what is decided on it.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideAgain, isSameTurn } from '../../replay/decide-again.js';
import { fold, foldTo, type History, stateOf, takeSnapshots, type Visitor } from '../../replay/index.js';
import { verifySnapshot } from '../../replay/snapshot/verify.js';
import { listSnapshots } from '../../src/snapshot/index.js';
import type { Step } from '../support/kernel/random/commands.js';
import { Harness } from '../support/kernel/random/harness.js';
import { history } from '../support/kernel/random/histories.js';
import { chained } from '../support/replay/history.js';
import { MemorySnapshots } from '../support/snapshot/memory.js';

const runs = Number(process.env['MARIE_RUNS'] ?? 12);
const seed = Number(process.env['MARIE_SEED'] ?? 5);

function historyOfSteps(steps: readonly Step[]): History {
  return chained(Harness.through(steps).journal);
}

/** The views of each turn, of a fold that begins with nothing. */
async function statesOf(whole: History): Promise<readonly unknown[]> {
  const states: unknown[] = [];
  await fold(whole, [{ after: async (_record, scratch) => void states.push(await stateOf(scratch)) }]);
  return states;
}

describe('a snapshot of a random history', () => {
  it('and the turns after it come to the same as the whole', { timeout: 3_600_000 }, async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(history, fc.integer({ min: 3, max: 12 }), async (steps, everyTurns) => {
        const whole = historyOfSteps(steps);
        const snapshots = new MemorySnapshots();
        const resumed: History = { ...whole, snapshots };
        await takeSnapshots(resumed, { everyTurns });
        const states = await statesOf(whole);
        const found = await listSnapshots(snapshots);
        expect(found.length).toBeGreaterThanOrEqual(Math.floor(states.length / everyTurns));
        for (const { name, turn } of found) {
          expect(await verifySnapshot(snapshots, name, whole)).toMatchObject({
            ok: true,
            turn,
            comparedWithJournal: true,
          });
          const again: Visitor = {
            async before(record, scratch) {
              expect(isSameTurn(record, await decideAgain(scratch, record))).toBe(true);
            },
            async after(record, scratch) {
              if (record.turn > turn + everyTurns) return;
              expect(await stateOf(scratch)).toEqual(states[record.turn - 1]);
              compared += 1;
            },
          };
          const { turn: last } = await fold(resumed, [again], { after: { turn }, follows: true, keepsOutputs: true });
          expect(last).toBe(states.length);
          expect(await stateOf(await foldTo(resumed, { turn }))).toEqual(states[turn - 1]);
        }
      }),
      { numRuns: runs, seed },
    );
    expect(compared).toBeGreaterThan(runs);
  });
});
