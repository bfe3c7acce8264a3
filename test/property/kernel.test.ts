/**
 * Random histories of a cell: submissions, executors that come, vanish, come back and repeat themselves, operators, time
 * and changes of leader. After every turn the invariants of faults.md hold, whatever the leader computed ahead and took
 * back; at the end, when faults stop, every DAG ends, and once all is forgotten nothing is left of it.
 *
 * MARIE_RUNS sets how many histories are tried, MARIE_SEED which: the same ones unless told otherwise, so that a change
 * that breaks them is the cause; `random` tries others.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventNames } from '../support/kernel/names.js';
import { history } from '../support/kernel/random/histories.js';
import { runHistory } from '../support/kernel/random/run.js';

const runs = Number(process.env['MARIE_RUNS'] ?? 120);
const seed = process.env['MARIE_SEED'] ?? '1';

/** Times that as many histories again are tried while an event has not come up: some are rare. */
const MAX_ROUNDS = 8;

/** Events that only the shell of another kind of fabric writes. */
const NOT_HERE = new Set(['InputsLost']);

/** All events but those, and what comes only of a limit that is reached in several turns. */
const TO_MEET = [
  ...EventNames.filter((name) => !NOT_HERE.has(name)),
  'JobFailed poison',
  'InputRefused cell-known-jobs',
];

describe('random histories of the kernel', () => {
  it('keep every invariant, and meet every event', { timeout: 3_600_000 }, () => {
    const seen = new Set<string>();
    let missing: readonly string[] = TO_MEET;
    for (let round = 0; round < MAX_ROUNDS && missing.length > 0; round++) {
      fc.assert(
        fc.property(history, (steps) => runHistory(steps, seen)),
        { numRuns: runs, ...(seed === 'random' ? {} : { seed: Number(seed) + round }) },
      );
      missing = TO_MEET.filter((name) => !seen.has(name));
      if (runs < 100) return;
    }
    expect(missing).toEqual([]);
  });
});
