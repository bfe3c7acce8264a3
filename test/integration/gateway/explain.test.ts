/** Explanations over a real fold: names in place of numbers, of jobs in other DAGs too. */
import { expect } from 'vitest';
import type { ExplainView } from '../../../src/answers/types.js';
import { RawExecutor } from '../../support/fabric/raw-executor.js';
import { clientOf, it, read, type startFabric } from './setup.js';

type Fabric = Awaited<ReturnType<typeof startFabric>>;

async function why(fabric: Fabric, dagId: string, job: string, tenant = 'default') {
  const path = `/v1/dags/${dagId}/jobs/${encodeURIComponent(job)}/explain?tenant=${tenant}`;
  const { why } = await read<ExplainView>(fabric, path);
  return why;
}

it('says why a job is not running, by names, and 404 where there is no such job', async ({ fabric, client }) => {
  await client.submit({
    id: 'scan',
    jobs: [
      { id: 'cut', executorClass: 'splitter' },
      { id: 'page', executorClass: 'ocr', after: ['cut'], fanOut: { count: 3 } },
      { id: 'check', kind: 'signal', signal: { name: 'approved' } },
      { id: 'merge', executorClass: 'merger', after: ['page', 'check'] },
    ],
  });
  expect(await why(fabric, 'scan', 'cut')).toEqual({
    reason: 'no-executor-in-class',
    group: 'default',
    executorClass: 'splitter',
    otherGroups: [],
  });
  expect(await why(fabric, 'scan', 'merge')).toEqual({ reason: 'waiting-for', jobs: ['page', 'check'], more: 0 });
  expect(await why(fabric, 'scan', 'page[2]')).toEqual({ reason: 'waiting-for', jobs: ['cut'], more: 0 });
  expect(await why(fabric, 'scan', 'check')).toEqual({ reason: 'waiting-for-signal', name: 'approved' });
  await new RawExecutor(fabric.url, 's-1', 'splitter', 1).register();
  await client.submit({ id: 'apart', jobs: [{ id: 'a', executorClass: 'splitter', group: 'other' }] });
  expect(await why(fabric, 'apart', 'a')).toMatchObject({ group: 'other', otherGroups: ['default'] });
  await clientOf(fabric, 'beta').submit({ id: 'other', jobs: [{ id: 'a', executorClass: 'splitter' }], priority: 2 });
  await client.submit({ id: 'third', jobs: [{ id: 'a', executorClass: 'splitter' }] });
  expect(await why(fabric, 'scan', 'cut')).toMatchObject({ reason: 'lease-in-force', executor: 's-1' });
  expect(await why(fabric, 'third', 'a')).toEqual({
    reason: 'no-free-slot',
    ahead: { tenant: 'beta', dagId: 'other', job: 'a', field: 'priority', value: 2, own: 0 },
    slots: 1,
    widest: 0,
  });
  const deadlineAtMs = 4_000_000_000_000;
  await client.submit({ id: 'due', jobs: [{ id: 'a', executorClass: 'splitter' }], deadlineAtMs });
  await client.operations.setPolicy('edf@1');
  expect(await why(fabric, 'third', 'a')).toMatchObject({
    ahead: { dagId: 'due', field: 'deadline-at', value: deadlineAtMs, own: null },
  });
  expect((await fetch(`${fabric.url}/v1/dags/scan/jobs/page[3]/explain`)).status).toBe(404);
  expect((await fetch(`${fabric.url}/v1/dags/scan/jobs/none/explain`)).status).toBe(404);
});
