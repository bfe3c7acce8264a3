/** The signals of a real fabric: an executor that works for a known time, and DAGs whose deadlines are in danger. */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { until } from '../../support/fabric/fabric.js';
import { RawExecutor } from '../../support/fabric/raw-executor.js';
import { clientOf, it, read } from './setup.js';

interface Signal {
  readonly signal: string;
  readonly series: readonly {
    readonly labels: Record<string, string>;
    readonly count: number;
    readonly maxMs: number;
  }[];
}

const WORK_MS = 60;
const JOBS = 3;

it('measures what happens, and says how deadlines stand', async ({ fabric, client }) => {
  const executor = await RawExecutor.start(fabric.url, 'e', 'ocr', JOBS);
  const jobs = Array.from({ length: JOBS }, (_, i) => ({ id: `j${i}`, executorClass: 'ocr' }));
  const { dagId } = await client.submit({ jobs });
  await until(() => executor.dispatched.length === JOBS);
  await new Promise((resolve) => setTimeout(resolve, WORK_MS));
  for (const dispatch of executor.dispatched) await executor.complete(dispatch);
  await client.wait(dagId);

  const { signals } = await read<{ signals: readonly Signal[] }>(fabric, '/v1/signals?windowMs=60000');
  const byName = new Map(signals.map((signal) => [signal.signal, signal]));
  const ofClass = { group: 'default', class: 'ocr' };
  for (const name of ['slot-wait', 'slot-occupancy', 'lease-time', 'callback-to-release']) {
    expect(byName.get(name)?.series).toMatchObject([{ labels: ofClass, count: JOBS }]);
  }
  expect(byName.get('end-to-end')?.series).toMatchObject([{ labels: { outcome: 'succeeded' }, count: 1 }]);
  expect(byName.get('frontier-wait')?.series).toMatchObject([{ count: 1 }]);
  expect(byName.get('planning-time')?.series[0]?.count).toBeGreaterThan(0);
  const occupancy = await read<Signal>(fabric, '/v1/signals/slot-occupancy');
  expect(occupancy.series[0]?.maxMs).toBeGreaterThanOrEqual(WORK_MS - 5);
  expect(byName.get('end-to-end')?.series[0]?.maxMs).toBeGreaterThanOrEqual(occupancy.series[0]!.maxMs - 5);
  expect((await fetch(`${fabric.url}/v1/signals/mood`)).status).toBe(404);

  await client.submit({ id: 'calm', jobs: [{ id: 'a', executorClass: 'nobody' }] });
  await client.submit({ id: 'late', deadlineAtMs: Date.now() - 5, jobs: [{ id: 'a', executorClass: 'nobody' }] });
  await until(async () => (await client.listings.dagPage({ id: 'late', risk: 'missed' })).items.length === 1);
  const { series } = await read<{ series: object[] }>(fabric, '/v1/signals/sla-pressure');
  const counts = { priority: 0, open: 2, atRisk: 0, overdue: 1, share: 0.5 };
  expect(series).toEqual([
    { group: null, executorClass: null, ...counts },
    { group: 'default', executorClass: 'nobody', ...counts },
  ]);
  const metrics = await (await fetch(`${fabric.url}/metrics`)).text();
  const named = [...metrics.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name);
  const page = readFileSync(new URL('../../../docs/signals.md', import.meta.url), 'utf8');
  expect(named.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  expect(metrics).toContain(`marie_slot_occupancy_ms_count{group="default",class="ocr"} ${JOBS}`);
  expect(metrics).toContain('marie_sla_pressure{group="default",class="nobody",priority="0"} 0.5');
});

it('knows the classes of leases, and when DAGs were accepted, from before a restart', async ({ fabric }) => {
  const executor = await RawExecutor.start(fabric.url, 'e', 'ocr', 1);
  await clientOf(fabric).submit({ id: 'd', jobs: [{ id: 'a', executorClass: 'ocr' }] });
  await until(() => executor.dispatched.length === 1);
  const seen: unknown[] = [];
  fabric.fabric.signals.eachHeldToken((token, classSeq) =>
    seen.push([token, fabric.fabric.signals.className(classSeq)?.executorClass]),
  );
  fabric.fabric.signals.eachFirstRun((dag, acceptedAtMs, wasReady) => seen.push([dag, acceptedAtMs > 0, wasReady]));
  expect(seen).toEqual([
    [RawExecutor.tokenOf(executor.dispatched[0]!), 'ocr'],
    [1, true, true],
  ]);
});
