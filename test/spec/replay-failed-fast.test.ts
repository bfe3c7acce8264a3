/** What held up a DAG that a failure of one of its jobs ended, while others of it still ran or waited. */
import { describe, expect, it } from 'vitest';
import { sla } from '../../replay/index.js';
import type { JobSpec } from '../../src/catalogue/generated/types.js';
import { fanOut, job } from '../support/kernel/build.js';
import { at, Stage } from '../support/replay/stage.js';

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
});
