/**
 * Random histories of a kernel whose turns are tiny: what is a continuation only in giants (`limits.ts`) is one in every
 * DAG here. So inputs come while jobs are readied, cancelled, reopened, recounted and forgotten, and turns end in the
 * middle of everything. The same invariants hold.
 */
import fc from 'fast-check';
import { describe, it, vi } from 'vitest';
import { history } from '../support/kernel/random/histories.js';
import { runHistory } from '../support/kernel/random/run.js';

vi.mock('../../src/kernel/limits.js', async (original) => ({
  ...(await original<typeof import('../../src/kernel/limits.js')>()),
  MAX_EVENTS_PER_TURN: 48,
  MAX_TIMER_EVENTS: 6,
  MIN_CONTINUATION_EVENTS: 3,
  EVENTS_PER_CURSOR: 1,
  MAX_CONTINUATION_EVENTS: 8,
  MAX_EVENTS_BEFORE_PLAN: 30,
  MAX_RUNNING_TIMER_EVENTS: 6,
  MAX_CURSOR_EVENTS: 2,
  MAX_TIME_OUTS_PER_TURN: 2,
  MAX_FORGOTTEN_PER_TURN: 1,
  INLINE_EDGES: 1,
  INLINE_JOBS: 1,
}));

const runs = Number(process.env['MARIE_RUNS'] ?? 120);
const seed = process.env['MARIE_SEED'] ?? '1';

describe('random histories of a kernel with tiny turns', () => {
  it('keep every invariant', { timeout: 3_600_000 }, () => {
    const property = fc.property(history, (steps) => runHistory(steps, new Set()));
    fc.assert(property, { numRuns: runs, ...(seed === 'random' ? {} : { seed: Number(seed) }) });
  });
});
