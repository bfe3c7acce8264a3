/** Random histories: every invariant that an audit checks holds at every turn, and every turn is decided again as it was. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decider } from '../../replay/decider.js';
import { Invariants } from '../../replay/invariants/invariants.js';
import { ScratchFold } from '../../replay/scratch-fold.js';
import { turnHash } from '../../src/catalogue/digest.js';
import type { TurnRecord } from '../../src/catalogue/generated/types.js';
import { encodeTurn } from '../../src/catalogue/turn.js';
import { Harness } from '../support/kernel/random/harness.js';
import { history } from '../support/kernel/random/histories.js';

const runs = Number(process.env['MARIE_RUNS'] ?? 50);
const seed = Number(process.env['MARIE_SEED'] ?? 5);

/** Folds turns under the invariants; what has ended leaves memory at once, or stays. */
async function checked(turns: readonly TurnRecord[], terminalJobs: number): Promise<void> {
  const scratch: ScratchFold = new ScratchFold({
    terminalJobs,
    onEvent: (entry) => invariants.event(entry),
    onChanged: (changes) => invariants.changed(changes),
  });
  const invariants = new Invariants(scratch.state);
  for (const turn of turns) {
    invariants.begin(turn);
    await scratch.fold(turn, turnHash(encodeTurn(turn)));
    expect(invariants.violations).toEqual([]);
    if (turn.turn % 16 !== 0) continue;
    const all = new Invariants(scratch.state);
    all.all();
    expect(all.violations).toEqual([]);
  }
}

describe('on random histories', () => {
  it('every invariant holds at every turn', { timeout: 3_600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(history, fc.constantFrom(0, Number.MAX_SAFE_INTEGER), async (steps, terminalJobs) => {
        await checked(Harness.through(steps).journal, terminalJobs);
      }),
      { numRuns: runs, seed },
    );
  });

  it('every turn is decided again as it was', { timeout: 3_600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(history, async (steps) => {
        const decider = new Decider();
        for (const turn of Harness.through(steps).journal) await decider.take(turn);
      }),
      { numRuns: Math.ceil(runs / 2), seed },
    );
  });
});
