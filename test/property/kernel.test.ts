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
import type { Step } from '../support/kernel/random/commands.js';
import { Harness } from '../support/kernel/random/harness.js';
import { history } from '../support/kernel/random/histories.js';

const runs = Number(process.env['MARIE_RUNS'] ?? 120);
const seed = process.env['MARIE_SEED'] ?? '1';

/** Times that as many histories again are tried while an event has not come up: some are rare. */
const MAX_ROUNDS = 8;

/** Events that only the shell of another kind of fabric writes. */
const NOT_HERE = new Set(['InputsLost']);

describe('random histories of the kernel', () => {
  it('keep every invariant, and meet every event', { timeout: 3_600_000 }, () => {
    const seen = new Set<string>();
    let missing: readonly string[] = EventNames;
    for (let round = 0; round < MAX_ROUNDS && missing.length > 0; round++) {
      fc.assert(
        fc.property(history, (steps) => run(steps, seen)),
        { numRuns: runs, ...(seed === 'random' ? {} : { seed: Number(seed) + round }) },
      );
      missing = EventNames.filter((name) => !seen.has(name) && !NOT_HERE.has(name));
      if (runs < 100) return;
    }
    expect(missing).toEqual([]);
  });
});

function run(steps: readonly Step[], seen: Set<string>): void {
  const harness = new Harness(seen);
  try {
    for (const step of steps) harness.step(step);
    harness.finish();
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.stack : String(error)}\n${tail(harness.tell())}`);
  }
}

/** A failing history as text; what faults that stopped added to it may be long. */
function tail(text: string): string {
  const lines = text.split('\n');
  return lines.length <= 200 ? text : [...lines.slice(0, 120), '…', ...lines.slice(-80)].join('\n');
}
