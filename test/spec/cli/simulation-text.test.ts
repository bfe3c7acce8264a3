import { expect, it } from 'vitest';
import { openIo } from '../../../src/cli/io.js';
import { type ShownReport, simulationText } from '../../../src/cli/simulation-text.js';

const DAGS = {
  name: 'all',
  dags: 1,
  succeeded: 1,
  failed: 0,
  open: 0,
  wait: null,
  latency: null,
  deadlines: { decided: 0, met: 0 },
  slotMs: 0,
} as const;

const REPORT = {
  ...{ end: 'drained', simulatedMs: 1_000, turns: 1, policy: 'fifo@1', seed: 1, seconds: 1 },
  ...{ attempts: 1, assumedAttempts: 1, waiting: { jobs: 1, longestMs: 10 } },
  refusals: [{ code: 'over-limit', count: 1, detail: 'too many' }],
  ...{ all: DAGS, names: [], tenants: [], classes: [], curve: [], goal: undefined, smallestEnough: null },
} as unknown as ShownReport;

it('says of a simulation what there was one of as one', () => {
  const text = simulationText(openIo({ color: false }), REPORT);
  expect(text).toContain('of 1 DAG and 1 attempt under fifo@1');
  expect(text).toContain('1 job still waited');
  expect(text).toContain('1 attempt took the estimate');
  expect(text).toContain('1 input refused, over-limit: too many');
});
