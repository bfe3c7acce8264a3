/** What held up a DAG that a failure of one of its jobs ended, while others of it still ran or waited. */
import { describe, expect, it } from 'vitest';
import { sla } from '../../../replay/index.js';
import { Code } from '../../../src/catalogue/generated/codes.js';
import type { JobSpec } from '../../../src/catalogue/generated/types.js';
import { fanOut, job, registration, submission } from '../../support/kernel/build.js';
import { Recorder, SESSION_MS } from '../../support/replay/recorder.js';
import { at, Stage } from '../../support/replay/stage.js';

/** `hog` has the only slot of `ocr` for 40 s; the invoice comes after it, and what is called `bad` there fails. */
async function pathOf(jobs: readonly JobSpec[]): Promise<readonly (readonly [string, readonly string[]])[]> {
  const history = new Stage((_dag, name) => {
    if (name === 'bad') return { afterMs: 2_000, fails: true };
    return name === 'hog' ? 40_000 : 90_000;
  })
    .executor('e1', 1)
    .executor('e2', 1, { executorClass: 'layout' })
    .submit(1_000, 'archive', [job('hog')])
    .submit(2_000, 'invoice', jobs, { deadlineAtMs: at(30_000) })
    .play();
  const { outcome, path } = await sla(history, { tenant: 'acme', dag: 'invoice' });
  expect(outcome).toBe('failed');
  return path.map((part) => [part.job, part.parts.map(({ kind, on, ms }) => `${kind} ${on} ${ms}`)]);
}

describe('a DAG that a failure ended', () => {
  it('hung on the job that failed, not on those that were stopped for it', async () => {
    const after = job('merge', { after: ['bad'] });
    const jobs = [job('slow', { executorClass: 'layout' }), job('bad'), after];
    expect(await pathOf(jobs)).toEqual([['bad', ['no-free-slot held by archive 39000', 'failed-attempt e1 2000']]]);
  });

  it('hung on the child that failed, not on the others of its fan-out', async () => {
    const jobs = [job('slow', { executorClass: 'layout' }), job('bad', { fanOut: fanOut(3) })];
    expect(await pathOf(jobs)).toEqual([['bad[0]', ['no-free-slot held by archive 39000', 'failed-attempt e1 2000']]]);
  });

  it('hung on the child that failed, not on one that was done before it could be stopped', async () => {
    const recorder = new Recorder();
    await recorder.turn(0, Code.RegisterExecutor, registration('e', { slots: 2, sessionMs: SESSION_MS }));
    const waiting = Array.from({ length: 2000 }, (_, i) => job(`w${i}`, { after: ['asked'] }));
    const jobs = [job('asked', { kind: 'signal' }), ...waiting, job('bad', { fanOut: fanOut(2) })];
    await recorder.turn(1_000, Code.SubmitDag, submission('d', jobs, { deadlineAtMs: at(1_500) }));
    for (let ms = 1_001; ms < 1_010; ms++) await recorder.turn(ms);
    const lease = (child: number) => ({ dag: 1, job: jobs.length + child, attempt: 1, token: 1 + child });
    const failure = { code: 'broken', message: '', retryable: false, unitsUsed: null };
    await recorder.turn(3_000, Code.FailJob, { lease: lease(0), ...failure });
    await recorder.turn(3_010, Code.CompleteJob, { lease: lease(1), output: null, blob: null, unitsUsed: null });
    for (let ms = 3_011; ms < 3_030; ms++) await recorder.turn(ms);
    const history = recorder.history();
    const ends: number[] = [];
    for await (const { record } of history.read()) {
      for (const { code } of record.entries) if (code === Code.JobSucceeded || code === Code.DagFailed) ends.push(code);
    }
    expect(ends).toEqual([Code.JobSucceeded, Code.DagFailed]);
    const { outcome, path } = await sla(history, { tenant: 'acme', dag: 'd' });
    expect([outcome, path.map((part) => part.job)]).toEqual(['failed', ['bad[0]']]);
  });
});
