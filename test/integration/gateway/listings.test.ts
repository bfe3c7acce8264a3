/** Lists and searches over a real fold: rows in memory, rows on their way, rows in the store. */
import { expect } from 'vitest';
import type { DagSummary, FoundJob } from '../../../src/answers/types.js';
import type { Submission } from '../../../src/client/index.js';
import { until } from '../../support/fabric/fabric.js';
import { RawExecutor } from '../../support/fabric/raw-executor.js';
import { clientOf, it, read, startFabric } from './setup.js';

type Fabric = Awaited<ReturnType<typeof startFabric>>;
type Dags = { readonly dags: readonly DagSummary[]; readonly next: string | null };
type Jobs = { readonly jobs: readonly FoundJob[]; readonly next: string | null };

const noop = (id: string): Submission => ({ id, name: `copy ${id}`, jobs: [{ id: 'all', kind: 'noop' }] });

/** Ids that a query finds, over all its pages. */
async function idsOf(fabric: Fabric, query: string): Promise<string[]> {
  const ids: string[] = [];
  let cursor = '';
  for (;;) {
    const page = await read<Dags>(fabric, `/v1/dags?${query}${cursor}`);
    ids.push(...page.dags.map(({ dagId }) => dagId));
    if (page.next === null) return ids;
    cursor = `&cursor=${page.next}`;
  }
}

async function jobsOf(fabric: Fabric, query: string): Promise<string[]> {
  const found: string[] = [];
  let cursor = '';
  for (;;) {
    const page = await read<Jobs>(fabric, `/v1/jobs?${query}${cursor}`);
    found.push(...page.jobs.map(({ dagId, job, state }) => `${dagId}/${job} ${state}`));
    if (page.next === null) return found;
    cursor = `&cursor=${page.next}`;
  }
}

/** Twelve DAGs that end at once, and leave memory; one that waits for an answer; one with work for two classes. */
async function fill(fabric: Fabric): Promise<void> {
  const client = clientOf(fabric);
  const acme = clientOf(fabric, 'acme');
  const ended = Array.from({ length: 12 }, (_, i) => ({ ...noop(`end-${i}`), labels: { batch: `b${i % 3}` } }));
  await client.submitMany(ended);
  for (const { id } of ended) await client.wait(id!);
  await client.submit({
    id: 'ask',
    labels: { batch: 'b1', who: 'ann', 'a=b': 'c=d' },
    jobs: [{ id: 'yes', kind: 'signal' }],
  });
  await acme.submit({
    id: 'work',
    template: 'pages',
    jobs: [
      { id: 'cut', executorClass: 'splitter' },
      { id: 'ocr', executorClass: 'ocr', after: ['cut'], fanOut: { count: 5 } },
      { id: 'join', executorClass: 'merger', after: ['ocr', 'cut'], when: { job: 'cut', at: '', op: 'exists' } },
    ],
  });
  // Turns take DAGs that have ended out of memory, once their rows are stored.
  await until(async () => {
    await client.controls.reprioritize('ask', 0);
    return fabric.fabric.kernel.state.dags.table.live === 2;
  });
}

it('finds DAGs by id, text, label, state, class, tenant and time, page by page', async ({ fabric }) => {
  await fill(fabric);
  const all = await idsOf(fabric, '');
  expect(all).toHaveLength(14);
  expect(all.slice(0, 3)).toEqual(['work', 'ask', 'end-11']);
  expect(await idsOf(fabric, 'limit=3')).toEqual(all);
  expect(await idsOf(fabric, 'limit=5&order=oldest')).toEqual(all.toReversed());
  expect(await idsOf(fabric, 'id=end-7')).toEqual(['end-7']);
  expect(await idsOf(fabric, 'id=end-7&tenant=acme')).toEqual([]);
  expect(await idsOf(fabric, 'q=end-1&limit=1')).toEqual(['end-11', 'end-10', 'end-1']);
  expect(await idsOf(fabric, 'q=copy')).toHaveLength(12);
  expect(await idsOf(fabric, 'q=page')).toEqual(['work']);
  expect(await idsOf(fabric, 'label=batch=b1&label=who')).toEqual(['ask']);
  expect(await idsOf(fabric, `label=${encodeURIComponent('a=b=c=d')}`)).toEqual(['ask']);
  for (const other of ['batch=b', 'batch=', 'batch=b11', 'a=b=c'])
    expect(await idsOf(fabric, `label=${other}`)).toEqual([]);
  expect(await idsOf(fabric, 'label=batch=b1&state=succeeded')).toEqual(['end-10', 'end-7', 'end-4', 'end-1']);
  expect(await idsOf(fabric, 'state=open,held')).toEqual(['work', 'ask']);
  expect(await idsOf(fabric, 'tenant=acme')).toEqual(['work']);
  expect(await idsOf(fabric, 'tenant=nobody')).toEqual([]);
  expect(await idsOf(fabric, 'class=ocr')).toEqual(['work']);
  expect(await idsOf(fabric, 'class=unheard-of')).toEqual([]);
  const { dags } = await read<Dags>(fabric, '/v1/dags?id=end-3');
  const { endedAtMs } = dags[0]!;
  const span = `endedFrom=${endedAtMs}&endedTo=${endedAtMs! + 1}`;
  expect(await idsOf(fabric, span)).toContain('end-3');
  expect(await idsOf(fabric, `acceptedTo=1`)).toEqual([]);
  expect(dags[0]).toMatchObject({
    tenant: 'default',
    jobsTotal: 1,
    jobsLeft: 0,
    labels: [{ name: 'batch', value: 'b0' }],
  });
});

it('counts jobs that failed and that were cancelled together, and says so', async ({ fabric, client }) => {
  await client.submit({ id: 'gone', jobs: ['a', 'b', 'c'].map((id) => ({ id, kind: 'signal' as const })) });
  await client.controls.cancel('gone');
  await client.wait('gone');
  const [dag] = (await read<Dags>(fabric, '/v1/dags?id=gone')).dags;
  expect(dag).toMatchObject({ state: 'cancelled', jobsLeft: 0, jobsFailedOrCancelled: 3 });
  expect(dag).not.toHaveProperty('jobsFailed');
});

it('finds jobs by state, class, text and DAG, page by page', async ({ fabric }) => {
  await fill(fabric);
  const executor = await RawExecutor.start(fabric.url, 'e', 'splitter', 1);
  await until(() => executor.dispatched.length === 1);
  expect(await jobsOf(fabric, 'state=dispatched,running')).toEqual(['work/cut dispatched']);
  expect(await jobsOf(fabric, 'state=awaiting-signal')).toEqual(['ask/yes awaiting-signal']);
  expect(await jobsOf(fabric, 'state=succeeded&limit=5')).toHaveLength(12);
  expect(await jobsOf(fabric, 'class=ocr')).toEqual(['work/ocr waiting']);
  expect(await jobsOf(fabric, 'q=jo')).toEqual(['work/join waiting']);
  expect(await jobsOf(fabric, 'q=end-2')).toEqual(['end-2/all succeeded']);
  await executor.complete(executor.dispatched[0]!, {});
  await until(async () => (await jobsOf(fabric, 'dag=work&tenant=acme&state=ready')).length === 5);
  const ready = await jobsOf(fabric, 'dag=work&tenant=acme&state=ready&limit=2');
  expect(ready).toEqual(Array.from({ length: 5 }, (_, i) => `work/ocr[${i}] ready`));
  expect(await read(fabric, '/v1/dags/work/jobs/ocr%5B3%5D?tenant=acme')).toMatchObject({ parent: 'ocr', child: 3 });
  const graph = await read<{ nodes: { job: string; after: number[] }[] }>(fabric, '/v1/dags/work/graph?tenant=acme');
  expect(graph.nodes).toMatchObject([
    { job: 'cut', after: [], state: 'succeeded', conditional: false },
    { job: 'ocr', after: [0], state: 'fanned-out', children: { ready: 5 } },
    { job: 'join', after: [1, 0], state: 'waiting', conditional: true },
  ]);
});

it('looks up whatever an id names', async ({ fabric }) => {
  await fill(fabric);
  const executor = await RawExecutor.start(fabric.url, 'e-1', 'splitter', 1);
  await until(() => executor.dispatched.length === 1);
  const hits = async (q: string) => {
    const { hits } = await read<{ hits: Record<string, unknown>[] }>(fabric, `/v1/search?q=${encodeURIComponent(q)}`);
    for (const { href } of hits) expect((await fetch(fabric.url + href)).status).toBe(200);
    return hits;
  };
  expect(await hits('work')).toMatchObject([{ kind: 'dag', tenant: 'acme', state: 'open', isWhole: true }]);
  expect(await hits('work/cut')).toMatchObject([{ kind: 'job', job: 'cut', dagId: 'work' }]);
  expect(await hits(executor.dispatched[0]!.token)).toMatchObject([{ kind: 'lease', job: 'cut', state: 'dispatched' }]);
  const [dag, job, attempt, token] = executor.dispatched[0]!.token.split('.').slice(1).map(Number) as number[];
  const forged = [
    [dag, job, attempt, token! + 1],
    [dag, job, attempt! + 1, token],
    [dag, job, 0, token],
    [dag, job! + 1, attempt, token],
  ];
  for (const of of [...forged, [1, 0, 1, token], [1, 0, 1, 777]])
    expect([of, await hits(['main', ...of].join('.'))]).toEqual([of, []]);
  expect(await hits('e-1')).toMatchObject([{ kind: 'executor', state: 'live' }]);
  expect(await hits('splitter')).toMatchObject([{ kind: 'class', name: 'default/splitter' }]);
  expect(await hits('acme')).toMatchObject([{ kind: 'tenant' }]);
  expect(await hits('end-1')).toMatchObject([{ kind: 'dag', dagId: 'end-1' }]);
  expect(await hits('end-')).toHaveLength(12);
  expect(await hits('nothing')).toEqual([]);
});

it('tells of a DAG that it is at risk until it has ended, in time', async ({ fabric, client }) => {
  const deadlineAtMs = Date.now() + 600_000;
  const jobs = [{ id: 'page', executorClass: 'ocr', estimateMs: 3_600_000 }];
  await client.submit({ id: 'long', deadlineAtMs, jobs });
  await until(async () => (await idsOf(fabric, 'risk=at-risk')).length === 1);
  await client.controls.cancel('long');
  expect(await client.wait('long')).toMatchObject({ state: 'cancelled', risk: 'safe' });
  expect(await idsOf(fabric, 'risk=at-risk')).toEqual([]);
  expect(await idsOf(fabric, 'risk=safe')).toEqual(['long']);
});

it('tells capacity and limits', async () => {
  const fabric = await startFabric({ tenants: [{ tenant: 'acme', weight: 3, openDags: 7 }], knownJobs: 500 });
  await fill(fabric);
  expect(await read(fabric, '/v1/tenants/acme')).toMatchObject({
    weight: 3,
    openDags: { limit: 7, used: 1, isDefault: false },
  });
  const { tenants } = await read<{ tenants: { tenant: string }[] }>(fabric, '/v1/tenants?limit=1');
  expect(tenants).toHaveLength(1);
  expect(await read(fabric, '/v1/cell/limits')).toMatchObject({
    knownJobs: { limit: 500, used: 4, isDefault: false },
    retainTerminalJobs: { used: 12, isDefault: true },
  });
  const executor = await RawExecutor.start(fabric.url, 'e', 'splitter', 2);
  await until(() => executor.dispatched.length === 1);
  const cut = async () => {
    const { classes } = await read<{ classes: Record<string, unknown>[] }>(fabric, '/v1/capacity');
    return classes.find(({ executorClass }) => executorClass === 'splitter');
  };
  expect(await cut()).toMatchObject({ slots: 2, slotsInUse: 1, meanOccupancyMs: null, perSecond: null });
  await executor.complete(executor.dispatched[0]!, {});
  const { meanOccupancyMs, perSecond, perHour } = (await cut()) as Record<string, number>;
  expect(perSecond).toBeCloseTo(2_000 / Math.max(1, meanOccupancyMs!), 3);
  expect(perHour).toBeCloseTo((3_600 * 2_000) / Math.max(1, meanOccupancyMs!), 0);
});

it('is read by the client page by page', async ({ fabric }) => {
  await fill(fabric);
  const client = clientOf(fabric, 'acme');
  const { listings, operations } = client;
  const all = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
    const found: T[] = [];
    for await (const item of items) found.push(item);
    return found;
  };
  expect(await all(listings.dags({ limit: 5 }))).toHaveLength(14);
  expect(await all(listings.dags({ label: ['batch=b1', 'who'] }))).toMatchObject([{ dagId: 'ask' }]);
  expect(await all(listings.jobs({ state: 'succeeded', limit: 7 }))).toHaveLength(12);
  expect(await all(listings.graph('work'))).toHaveLength(3);
  expect(await listings.lookUp('work')).toMatchObject([{ kind: 'dag' }]);
  expect(await client.job('work', 'cut')).toMatchObject({ state: 'ready' });
  expect((await all(operations.tenants())).map(({ tenant }) => tenant)).toEqual(['default', 'acme']);
  expect(await operations.tenant('acme')).toMatchObject({ weight: 1 });
  expect(await operations.cellLimits()).toMatchObject({ knownJobs: { used: 4 } });
  expect((await operations.capacity()).map((one) => one.executorClass)).toEqual(['splitter', 'ocr', 'merger']);
});

it('ends a page where its labels are some MiB, and the next one goes on after it', async ({ fabric }) => {
  const labels = Object.fromEntries(Array.from({ length: 64 }, (_, i) => [`l${i}`, 'x'.repeat(4_096)]));
  const dags = Array.from({ length: 40 }, (_, i) => ({
    id: `d${i}`,
    labels,
    jobs: [{ id: 'a', kind: 'signal' as const }],
  }));
  await clientOf(fabric).submitMany(dags);
  const page = await read<Dags>(fabric, '/v1/dags?limit=1000');
  expect(page.dags.length).toBeLessThan(20);
  expect(await idsOf(fabric, 'limit=1000&order=oldest')).toEqual(dags.map(({ id }) => id));
  expect(await idsOf(fabric, 'q=d&limit=1000')).toEqual(dags.map(({ id }) => id).toReversed());
});
