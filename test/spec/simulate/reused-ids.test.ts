import { describe, expect, it } from 'vitest';
import { Code } from '../../../src/catalogue/generated/codes.js';
import type { AnyEntry, SubmitDag } from '../../../src/catalogue/generated/types.js';
import { DONE } from '../../../src/simulate/cell/terminal.js';
import { START_MS, VirtualCell } from '../../../src/simulate/cell/virtual-cell.js';
import { type Arrival, arrival } from '../../../src/simulate/cell/world.js';
import { checkPlan, HistoryReader, runPlan } from '../../../src/simulate/index.js';
import { PlanWorld } from '../../../src/simulate/load/plan-world.js';
import type { PlanInput } from '../../../src/simulate/plan/plan-schema.js';
import type { PlanRun } from '../../../src/simulate/run-plan.js';

const CLASSES: PlanInput['classes'] = { a: { slots: 1 } };
const TIMES = [1_000, 2_000, 3_000];
const EVERY_MS = 10_000;

/** The submissions of a plan, all of the same id and key, and what more comes; each DAG is forgotten before the next. */
function reused(times: readonly number[], ...more: readonly Arrival[]): HistoryReader {
  const job = { id: 'only', executorClass: 'a', run: { time: '1s', sigma: 0 } };
  const load: PlanInput['load'] = [{ name: 'x', arrivals: { count: times.length, every: EVERY_MS }, jobs: [job] }];
  const world = new PlanWorld(checkPlan({ classes: CLASSES, load }, () => null));
  const arrivals: Arrival[] = [];
  for (let next = world.next(); next !== null; next = world.next()) {
    const { at, code, body } = next;
    if (code === Code.SubmitDag) {
      arrivals.push({ ...next, body: { ...(body as SubmitDag), dagId: 'same', idempotencyKey: 'key' } });
    } else if (code === Code.SetCellLimits) {
      arrivals.push(arrival(at, code, { ...(body as never as object), retainTerminalMs: 1_000 } as never));
    } else arrivals.push(next);
  }
  arrivals.push(...more);
  arrivals.sort((a, b) => a.at - b.at);
  const history = new HistoryReader();
  const ends = times.values();
  const played = {
    next: () => arrivals.shift() ?? null,
    ending: () => ({ afterMs: ends.next().value!, order: 0, terminal: DONE }),
  };
  const cell = new VirtualCell(played, ({ at, entries }) => history.take({ at, entries: entries as AnyEntry[] }));
  expect(cell.run()).toBe('drained');
  return history;
}

function replayed(histories: readonly HistoryReader[], speed = 1): PlanRun {
  const load = histories.map(() => ({ journal: 'journal', speed }));
  return runPlan(
    checkPlan({ classes: CLASSES, load }, () => null),
    histories,
  );
}

/** Of each attempt, when it began and how long it took, in ms. */
const attemptsOf = ({ recorder }: PlanRun) =>
  recorder.attempts.map(({ dispatchedAt, releasedAt }) => [dispatchedAt - START_MS, releasedAt! - dispatchedAt]);

describe('a history in which an id is used again after its DAG was forgotten', () => {
  const cancels = arrival(START_MS + 2 * EVERY_MS + 500, Code.CancelDag, {
    tenant: 'default',
    dagId: 'same',
    reason: '',
  });

  it('has as many DAGs, each with its own run time', () => {
    const run = replayed([reused(TIMES)]);
    expect(run.recorder.refusals).toEqual([]);
    expect(run.assumed).toBe(0);
    expect(attemptsOf(run)).toEqual(TIMES.map((time, index) => [index * EVERY_MS, time]));
  });

  it('has them also where one is still open when the next one comes', () => {
    const run = replayed([reused(TIMES)], 1_000);
    expect(run.recorder.refusals).toEqual([]);
    expect(attemptsOf(run)).toEqual([
      [0, 1_000],
      [1_000, 2_000],
      [3_000, 3_000],
    ]);
  });

  it('says of the DAG that it is about what was said of it', () => {
    expect(replayed([reused(TIMES, cancels)], 1_000).recorder.dags.map(({ outcome }) => outcome)).toEqual([
      'succeeded',
      'succeeded',
      'cancelled',
    ]);
  });

  it('is told from another such history', () => {
    const run = replayed([reused(TIMES), reused([4_000, 5_000], cancels)]);
    expect(run.recorder.refusals.map(({ code }) => code)).toEqual(['unknown-dag']);
    expect(run.recorder.dags.every(({ outcome }) => outcome === 'succeeded')).toBe(true);
    expect(attemptsOf(run).map(([, took]) => took)).toEqual([1_000, 4_000, 2_000, 5_000, 3_000]);
    expect(run.assumed).toBe(0);
  });
});
