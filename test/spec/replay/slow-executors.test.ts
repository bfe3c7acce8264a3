/** What makes an executor count as slow. */
import { expect, it } from 'vitest';
import { sla } from '../../../replay/index.js';
import { Code } from '../../../src/catalogue/generated/codes.js';
import { job, registration, submission } from '../../support/kernel/build.js';
import { Recorder, SESSION_MS } from '../../support/replay/recorder.js';
import { at } from '../../support/replay/stage.js';

const STOPPED_MS = 100_000;

it('is not that the fabric was stopped while it ran something', async () => {
  const recorder = new Recorder();
  for (const id of ['e1', 'e2']) {
    await recorder.turn(0, Code.RegisterExecutor, registration(id, { slots: 1, sessionMs: SESSION_MS }));
  }
  const done = (dag: number, part: number) => ({
    lease: { dag, job: part, attempt: 1, token: 2 * (dag - 1) + part + 1 },
    output: new TextEncoder().encode('null'),
    blob: null,
    unitsUsed: null,
  });
  const jobs = [job('a'), job('b')];
  for (let dag = 1, ms = 1_000; dag <= 5; dag++, ms += 2_000) {
    const more = dag === 5 ? { deadlineAtMs: at(ms + 500) } : {};
    await recorder.turn(ms, Code.SubmitDag, submission(`dag-${dag}`, jobs, more));
    // Whose executor was the last to answer gets the first job of the next DAG: the same one is looked at in the end.
    const [first, last] = dag === 5 ? [1, 0] : [0, 1];
    await recorder.turn(ms + 900, Code.CompleteJob, done(dag, first));
    // The last one before it is late was heard of only after the fabric had been stopped.
    if (dag === 4) {
      ms += STOPPED_MS;
      await recorder.turn(ms + 1_000, undefined, undefined, STOPPED_MS);
    }
    await recorder.turn(ms + 1_000, Code.CompleteJob, done(dag, last));
  }
  const { lateMs, cause, path } = await sla(recorder.history(), { tenant: 'acme', dag: 'dag-5' });
  expect(lateMs).toBe(500);
  expect(path.flatMap(({ parts }) => parts.map(({ kind, ms }) => [kind, ms]))).toEqual([['run', 1_000]]);
  expect(cause).toBe('nothing held it up: its jobs take that long');
});
