/** The rows that a history is exported as. */
import { expect, it } from 'vitest';
import type { TableName } from '../../../replay/export/tables.js';
import { Play } from '../../../replay/index.js';
import { fanOut, job, KernelBench, retry } from '../../support/kernel/bench.js';
import { chained } from '../../support/replay/history.js';
import { rowsOf } from '../../support/replay/rows.js';
import { at, Stage } from '../../support/replay/stage.js';

it('a class has no executor once the only one, which offered no slots, is one of another class', () => {
  const stage = new Stage(() => 1_000)
    .executor('e1', 0)
    .submit(1_000, 'invoice', [job('read')])
    .executor('e1', 1, { executorClass: 'llm', incarnation: 'second' }, 2_000)
    .executor('e2', 1, {}, 5_000);
  expect(rowsOf(stage, 'waits')).toMatchObject([
    { dag: 'invoice', wait_ms: 4_000, full_ms: 1_000, no_executor_ms: 3_000, other_ms: 0 },
  ]);
});

it('a slot that is withdrawn is none that there is, up to the next registration, as in what-if', async () => {
  const b = new KernelBench();
  b.register('e1', { slots: 2, sessionMs: 600_000 });
  b.submit('stuck', [job('read', { timeoutMs: 1_000 })]);
  b.submit('long', [job('read')]);
  b.submit('next', [job('read')]);
  b.later(1_000);
  b.later(30_000);
  expect(b.count('SlotWithdrawn')).toBe(1);
  b.later(9_000);
  expect((await Play.of(chained(b.history))).recorded.utilisationPermille).toEqual({ ocr: 1_000 });
  b.register('e1', { slots: 2, sessionMs: 600_000, incarnation: 'second' });
  const told = { turns: () => b.history };
  expect(rowsOf(told, 'capacity').map(({ since_at, slots }) => [since_at, slots])).toEqual([
    [1_000, 2],
    [32_000, 1],
    [41_000, 2],
  ]);
  expect(rowsOf(told, 'waits').filter(({ dag }) => dag === 'next')).toMatchObject([
    { wait_ms: 40_000, full_ms: 40_000, other_ms: 0 },
  ]);
});

it('an executor whose only slot is withdrawn has none, as in what-if', async () => {
  const b = new KernelBench();
  b.register('e1', { sessionMs: 600_000 });
  b.submit('stuck', [job('read', { timeoutMs: 1_000 })]);
  b.submit('next', [job('read')]);
  for (const ms of [1_000, 30_000, 9_000]) b.later(ms);
  b.submit('last', [job('read')]);
  expect(b.count('SlotWithdrawn')).toBe(1);
  expect((await Play.of(chained(b.history))).recorded.utilisationPermille).toEqual({ ocr: 1_000 });
  expect(rowsOf({ turns: () => b.history }, 'capacity').map(({ slots }) => slots)).toEqual([1, 0]);
});

it('has slots that an executor holds for work of a lease that is over, once it is there again, as in what-if', async () => {
  const b = new KernelBench();
  b.register('e1', { sessionMs: 10_000 });
  b.submit('hung', [job('read')]);
  for (const ms of [10_000, 30_000]) b.later(ms);
  const lease = { dag: 1, job: 0, attempt: 1, token: 1 };
  b.register('e1', { sessionMs: 600_000, held: [{ lease, slots: 1 }] });
  b.later(30_000);
  expect([b.count('SlotReportedHeld'), b.count('SlotWithdrawn')]).toEqual([1, 2]);
  b.register('e1', { sessionMs: 600_000, incarnation: 'second' });
  const told = { turns: () => b.history };
  expect(rowsOf(told, 'slots').filter(({ token }) => token === 1)).toMatchObject([
    { dag: 'hung', reserved_at: 1_000, freed_at: 41_000, how: 'withdrawn' },
    { dag: 'hung', reserved_at: 41_000, freed_at: 71_000, how: 'withdrawn' },
  ]);
  expect(rowsOf(told, 'leases').map(({ token }) => token)).toEqual([1, 2]);
  expect(rowsOf(told, 'capacity').map(({ slots }) => slots)).toEqual([1, 0, 1, 0, 1]);
  expect(rowsOf(told, 'waits').at(-1)).toMatchObject({ no_executor_ms: 30_000, full_ms: 30_000, other_ms: 0 });
  expect((await Play.of(chained(b.history))).recorded).toMatchObject({
    utilisationPermille: { ocr: 1_000 },
    slotMsByTenant: { acme: 70_000 },
  });
});

it('has in every column of its tables what that says', () => {
  const told = new Stage((_dag, name, { number }) =>
    name === 'read' && number === 1 ? { afterMs: 700, fails: true } : 900,
  )
    .executor('g1', 2, { group: 'gpu' })
    .submit(
      1_000,
      'scan',
      [
        job('read', { group: 'gpu', estimateMs: 800, retry: retry(2, 300) }),
        job('page', { group: 'gpu', slots: 2, after: ['read'], fanOut: fanOut(1) }),
      ],
      { name: 'scans', priority: 4, deadlineAtMs: at(3_000) },
    )
    .turns();
  const rows = (table: TableName) => rowsOf({ turns: () => told }, table);
  const scan = { dag_seq: 1, tenant: 'acme', dag: 'scan' };
  const child = { ...scan, job: 'page[0]', attempt: 1 };
  const place = { token: 3, executor: 'g1', class: 'gpu/ocr' };
  const again = 2_044;
  expect(rows('dags')).toEqual([
    {
      ...{ ...scan, name: 'scans', priority: 4, jobs: 3, accepted_at: at(1_000), ended_at: at(again + 1_800) },
      ...{ outcome: 'succeeded', deadline_at: at(3_000), deadline_kind: 'soft', deadline_met: false },
      took_ms: again + 800,
    },
  ]);
  expect(rows('waits').slice(1)).toMatchObject([
    { job: 'read', attempt: 2, waited_from: at(1_700), dispatched_at: at(again), wait_ms: 344, backoff_ms: 344 },
    { ...child, class: 'gpu/ocr', waited_from: at(again + 900), dispatched_at: at(again + 900), wait_ms: 0 },
  ]);
  const [from, to] = [at(again + 900), at(again + 1_800)];
  expect(rows('leases')).toMatchObject([
    { token: 1, job: 'read', attempt: 1, granted_at: at(1_000), ended_at: at(1_700), outcome: 'failed' },
    { token: 2, job: 'read', attempt: 2, granted_at: at(again), ended_at: from, outcome: 'completed' },
    { ...place, ...child, granted_at: from, ended_at: to, outcome: 'completed' },
  ]);
  expect(rows('slots')[2]).toEqual({
    ...{ ...place, ...scan, slots: 2, reserved_at: from, freed_at: to },
    ...{ how: 'released', occupancy_ms: 900 },
  });
  expect(rows('dispatches')[2]).toEqual({
    ...{ ...place, ...child, turn: 8, dispatched_at: from, estimate_ms: null, policy: 'default@1', lane: 'regular' },
    ...{
      cost: 2_000,
      priority: 4,
      tenant_tag: 0,
      dag_finish: 3_600,
      free_after: 0,
      decided_by: 'none',
      backfill: false,
    },
  });
  expect(rows('dispatches')[0]).toMatchObject({ estimate_ms: 800, lane: 'urgent', cost: 800, free_after: 1 });
  expect(rows('capacity')).toEqual([{ since_at: at(0), executor: 'g1', class: 'gpu/ocr', slots: 2 }]);
});
