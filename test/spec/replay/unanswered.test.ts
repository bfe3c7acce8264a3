/** A DAG that is open at the end of a history, since nobody has answered it. */
import { expect, it } from 'vitest';
import { sla } from '../../../replay/index.js';
import { job } from '../../support/kernel/build.js';
import { at, Stage } from '../../support/replay/stage.js';

it('is late by the answer that has not come, also where jobs ended that nothing comes after', async () => {
  const jobs = [job('read'), job('approve', { kind: 'signal', after: ['read'] }), job('notify', { after: ['read'] })];
  const history = new Stage(() => 1_000)
    .executor('e1', 2)
    .submit(10_000, 'invoice', jobs, { deadlineAtMs: at(13_000) })
    .submit(60_000, 'later', [job('read')])
    .play(60_000);
  const { path, blame } = await sla(history, { tenant: 'acme', dag: 'invoice' });
  expect(path.map((segment) => segment.job)).toEqual(['read', 'approve']);
  expect(blame[0]).toMatchObject({ kind: 'waiting-for-signal', on: 'approve', ms: 49_000 });
});
