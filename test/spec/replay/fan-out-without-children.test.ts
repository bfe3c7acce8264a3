/** A fan-out that has made no child stands on the path of its DAG like any other job. */
import { expect, it } from 'vitest';
import { sla } from '../../../replay/index.js';
import { Code } from '../../../src/catalogue/generated/codes.js';
import { fanOut, job } from '../../support/kernel/build.js';
import { at, Stage } from '../../support/replay/stage.js';

const INVOICE = { tenant: 'acme', dag: 'invoice' };

it('that was held until the hard deadline had passed is what its DAG waited for', async () => {
  const history = new Stage(() => 1_000)
    .executor('e1', 1)
    .give(0, Code.SetTenantLimits, { tenant: 'acme', weight: 1, openDags: null, activeDags: 0, runnableJobs: null })
    .submit(10_000, 'invoice', [job('page', { fanOut: fanOut(3) })], { hardDeadlineAtMs: at(13_000) })
    .play();
  const { outcome, path, blame } = await sla(history, INVOICE);
  expect(outcome).toBe('failed');
  expect(path.flatMap(({ job, parts }) => parts.map(({ kind, ms }) => [job, kind, ms]))).toEqual([
    ['page', 'held-tenant-limit', 3_001],
  ]);
  expect(blame).toMatchObject([{ kind: 'held-tenant-limit', ms: 3_001 }]);
});
