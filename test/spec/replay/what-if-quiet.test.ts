/** A history that is played on while nothing runs and nothing comes: executors stay, and nobody counts their heartbeats. */
import { expect, it } from 'vitest';
import { Play } from '../../../replay/index.js';
import { job, retry } from '../../support/kernel/build.js';
import { at, Stage } from '../../support/replay/stage.js';

const HOUR = 3_600_000;

async function playedOn(stage: Stage) {
  const play = await Play.of(stage.play(10_000));
  let turns = 0;
  const run = await play.run({}, () => {
    turns += 1;
  });
  expect(run.numbers).toEqual((await play.playedOn())?.numbers);
  return { run, turns };
}

it('gives up what waits for an answer after a day, in a few turns', async () => {
  const stage = new Stage(() => 1_000)
    .executor('e1', 1)
    .submit(1_000, 'invoice', [job('read')], { deadlineAtMs: at(20 * HOUR) })
    .submit(2_000, 'letter', [job('approve', { kind: 'signal', signalName: 'yes' })], { deadlineAtMs: at(20 * HOUR) })
    .submit(2_000, 'later', [job('approve', { kind: 'signal', signalName: 'yes' })], { deadlineAtMs: at(25 * HOUR) });
  const { run, turns } = await playedOn(stage);
  expect(run).toMatchObject({ end: 'stalled', endless: { count: 2 }, parting: null });
  expect(run.numbers.deadlines).toEqual({ met: 1, missed: 1, open: 1 });
  expect(turns).toBeLessThan(20);
});

it('has its executors still when what was due later comes', async () => {
  const stage = new Stage((_dag, _job, { number }) => (number === 1 ? { afterMs: 1_000, fails: true } : 1_000))
    .executor('e1', 1)
    .submit(1_000, 'invoice', [job('read', { retry: retry(2, HOUR) })]);
  const { run, turns } = await playedOn(stage);
  expect(run).toMatchObject({ end: 'drained', assumed: 1, parting: null });
  expect(run.numbers).toMatchObject({ dags: { succeeded: 1, open: 0 }, dispatches: 2 });
  expect(run.numbers.makespanMs).toBeGreaterThan(HOUR);
  expect(turns).toBeLessThan(20);
});
