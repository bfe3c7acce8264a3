/** The planner's settings: from the configuration, changed while everything runs, and still there after a restart. */
import pino from 'pino';
import { expect, it, vi } from 'vitest';
import type { ConfigInput } from '../../../src/main/config/config.js';
import { temporaryFolder } from '../../support/fabric/fabric.js';
import { RawExecutor } from '../../support/fabric/raw-executor.js';
import { PATIENT } from '../../support/patience.js';
import { clientOf, startFabric } from './setup.js';

const RATES = [{ per: 'units', add: 1, perMs: 3_600_000, burst: 10 }] as const;

/** The job that an executor of one slot has now, after so many dispatches, by its DAG. */
async function next(client: ReturnType<typeof clientOf>, executor: RawExecutor, count: number): Promise<string> {
  await vi.waitFor(() => expect(executor.dispatched).toHaveLength(count), PATIENT);
  for (const id of ['first', 'low', 'lower', 'high', 'higher']) {
    const { jobs } = await client.get(id);
    if (jobs.some(({ state }) => state === 'dispatched' || state === 'running')) return id;
  }
  throw new Error('nothing runs');
}

it('policy: from the configuration, then another one from the next plan on', async () => {
  const fabric = await startFabric({ policy: 'fifo@1' });
  const client = clientOf(fabric);
  const executor = new RawExecutor(fabric.url, 'o-1', 'ocr', 1);
  await executor.register(600_000);
  await executor.connect();
  expect((await client.operations.cell()).policy).toBe('fifo@1');
  const submit = (id: string, priority: number) =>
    client.submit({ id, priority, jobs: [{ id: 'a', executorClass: 'ocr' }] });
  for (const [id, priority] of [
    ['first', 0],
    ['low', 1],
    ['lower', 0],
    ['high', 8],
    ['higher', 9],
  ] as const) {
    await submit(id, priority);
  }
  await executor.complete(executor.dispatched[0]!);
  expect(await next(client, executor, 2)).toBe('low');
  await client.operations.setPolicy('default@1');
  await executor.complete(executor.dispatched[1]!);
  expect(await next(client, executor, 3)).toBe('higher');
  await client.operations.setPolicy('fifo@1');
  await executor.complete(executor.dispatched[2]!);
  expect(await next(client, executor, 4)).toBe('lower');
});

it('policy, rates and what their buckets hold are there after a restart', async () => {
  const data = temporaryFolder();
  const fabric = await startFabric({ data, policy: 'edf@1', classes: [{ class: 'llm', rates: [...RATES] }] });
  const client = clientOf(fabric);
  const executor = new RawExecutor(fabric.url, 'l-1', 'llm', 5);
  await executor.register(600_000);
  await client.submit({ id: 'd', jobs: [{ id: 'a', executorClass: 'llm', units: 7 }] });
  await vi.waitFor(async () => expect(await tokens(client)).toBe(3));
  await fabric.close();
  const again = clientOf(await startFabric({ data }));
  expect((await again.operations.cell()).policy).toBe('edf@1');
  expect(await tokens(again)).toBe(3);
});

it('a start that takes back what a command has set says so, and only that', async () => {
  const data = temporaryFolder();
  const lines: { msg: string; setting?: string }[] = [];
  const start = (settings: ConfigInput) =>
    startFabric(
      { data, ...settings },
      { logger: pino({ level: 'warn' }, { write: (line) => lines.push(JSON.parse(line)) }) },
    );
  const classes = [{ class: 'llm', maxSlots: 9, rates: [{ per: 'units' as const, add: 10, perMs: 1_000 }] }];
  const settings = { policy: 'fifo@1', classes, tenants: [{ tenant: 'acme', weight: 3 }], knownJobs: 5_000 };
  const fabric = await start(settings);
  const { operations } = clientOf(fabric);
  await operations.setPolicy('edf@1');
  await operations.setClassLimits('default', 'llm', { maxSlots: 1 });
  await operations.setTenantLimits('acme', { weight: 7, activeDags: 4 });
  await operations.setCellLimits({ knownJobs: 5_000, retainExecutorsMs: 60_000 });
  await fabric.close();
  expect(lines).toEqual([]);
  const again = clientOf(await start(settings));
  expect((await again.operations.cell()).policy).toBe('fifo@1');
  expect(lines.filter(({ setting }) => setting !== undefined)).toMatchObject([
    { setting: 'classes.llm.maxSlots', was: 1, now: 9 },
    { setting: 'tenants.acme.weight', was: 7, now: 3 },
    { setting: 'tenants.acme.activeDags', was: 4, now: null },
    { setting: 'retention.executorsMs', was: 60_000, now: null },
    { setting: 'policy', was: 'edf@1', now: 'fifo@1' },
  ]);
});

async function tokens(client: ReturnType<typeof clientOf>): Promise<number> {
  const llm = (await client.operations.classes()).find(({ executorClass }) => executorClass === 'llm');
  expect(llm?.rates).toEqual([{ ...RATES[0], tokens: expect.any(Number) }]);
  return llm!.rates[0]!.tokens;
}
