/** A journal that a running fabric writes on while it is studied: all passes over it end where the first one did. */
import { expect, it } from 'vitest';
import { bisect, type History, htmlReport, sla, whatIf } from '../../../replay/index.js';
import { job } from '../../support/kernel/build.js';
import { at, Stage } from '../../support/replay/stage.js';

/** One slot, and DAGs that wait for it: each runs for a second, the later ones longer than they were expected to. */
function scene(): Stage {
  const stage = new Stage(() => 1_000).executor('e1', 1);
  for (let i = 1; i <= 12; i++) {
    stage.submit(500 * i, `d${i}`, [job('read', { estimateMs: 300 })], { deadlineAtMs: at(500 * i + 1_500) });
  }
  return stage;
}

/** The history as it stands after so many turns; each pass over it finds `more` turns more than the one before. */
function growing(turns: number, more: number): History {
  const whole = scene().play();
  let end = turns - more;
  return {
    ...whole,
    lastTurn: async () => end,
    read: (from, { toTurn = Number.POSITIVE_INFINITY, ...options } = {}) => {
      end += more;
      return whole.read(from, { ...options, toTurn: Math.min(end, toTurn) });
    },
  };
}

const TURNS = 12;

it('what-if compares what was played with what was read', async () => {
  const still = await whatIf(growing(TURNS, 0), {});
  expect(still.recorded.dags.open).toBeGreaterThan(1);
  expect(still.other.numbers).toEqual(still.playedOn?.numbers);
  expect(await whatIf(growing(TURNS, 2), {})).toEqual(still);
});

it('bisect compares with what was read', async () => {
  expect(await bisect(growing(TURNS, 2), null, 'fifo@1')).toEqual(await bisect(growing(TURNS, 0), null, 'fifo@1'));
});

it('sla plays the history of which it tells', async () => {
  const path = { tenant: 'acme', dag: 'd5' };
  const still = await sla(growing(TURNS + 10, 0), path, { remedies: true });
  expect(still.remedies).not.toBeNull();
  expect(await sla(growing(TURNS + 10, 2), path, { remedies: true })).toEqual(still);
});

it('a report shows curves, waits and misses up to the same moment', async () => {
  expect(await htmlReport(growing(TURNS, 2))).toBe(await htmlReport(growing(TURNS, 0)));
});
