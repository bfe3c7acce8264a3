/** A fabric that was stopped for longer than its executors' sessions, played again. */
import { expect, it } from 'vitest';
import { type History, Play } from '../../replay/index.js';
import { Code } from '../../src/catalogue/generated/codes.js';
import { job, registration, submission } from '../support/kernel/build.js';
import { Recorder, SESSION_MS } from '../support/replay/recorder.js';
import { at } from '../support/replay/stage.js';

const STOPPED_MS = 100_000;

/** One executor runs a job before the fabric is stopped, and one after it is there again: it never has to register anew. */
async function restarted(): Promise<History> {
  const recorder = new Recorder();
  const done = (dag: number) => ({
    lease: { dag, job: 0, attempt: 1, token: dag - 1 },
    output: new TextEncoder().encode('null'),
    blob: null,
    unitsUsed: null,
  });
  await recorder.turn(0, Code.RegisterExecutor, registration('e', { slots: 1, sessionMs: SESSION_MS }));
  await recorder.turn(1_000, Code.SubmitDag, submission('left-out', [job('a', { kind: 'noop' })]));
  await recorder.turn(2_000, Code.SubmitDag, submission('before', [job('a')]));
  await recorder.turn(3_000, Code.CompleteJob, done(2));
  await recorder.turn(4_000 + STOPPED_MS, undefined, undefined, STOPPED_MS);
  await recorder.turn(5_000 + STOPPED_MS, Code.Heartbeat, { executor: 'e', incarnation: 'i1' } as never);
  await recorder.turn(6_000 + STOPPED_MS, Code.SubmitDag, submission('after', [job('a')]));
  await recorder.turn(7_000 + STOPPED_MS, Code.CompleteJob, done(3));
  return recorder.history();
}

it('has its executors as it had them, and nothing happens while it stands still', async () => {
  const play = await Play.of(await restarted());
  expect(play.recorded.dags).toMatchObject({ succeeded: 3, open: 0 });
  const moments: number[] = [];
  const { numbers } = await play.run({ without: [{ tenant: 'acme', dag: 'left-out' }] }, (moment, entries) => {
    if (entries.length > 0) moments.push(moment - at(0));
  });
  expect(numbers.dags).toMatchObject({ succeeded: 2, open: 0 });
  expect(moments.filter((ms) => ms > 4_000 && ms < 4_000 + STOPPED_MS)).toEqual([]);
});
