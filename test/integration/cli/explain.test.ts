/**
 * Planted situations, one for each reason of the closed list (docs/policy.md), explained by the command itself: each must
 * be right to the job and the field. `turn-full` lasts a moment only: test/spec/planner/explain.test.ts has it.
 */
import { describe, expect, vi } from 'vitest';
import type { Explanation, Why } from '../../../src/client/index.js';
import { type Dispatched, RawExecutor } from '../../support/fabric/raw-executor.js';
import { PATIENT } from '../../support/patience.js';
import { clientOf, it, type startFabric } from '../gateway/setup.js';
import { marieInTurn } from './in-turn.js';

const marie = marieInTurn();

type Fabric = Awaited<ReturnType<typeof startFabric>>;

const SESSION_MS = 600_000;
const HOUR_MS = 3_600_000;

/** What `marie explain` says, by job. */
async function explain(fabric: Fabric, place: string, tenant = 'default'): Promise<ReadonlyMap<string, Explanation>> {
  const { code, stdout, stderr } = await marie(['explain', place, '--tenant', tenant, '--json', '--url', fabric.url]);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  const { explained } = JSON.parse(stdout) as { readonly explained: readonly Explanation[] };
  return new Map(explained.map((one) => [one.job, one]));
}

async function why(fabric: Fabric, place: string, tenant?: string): Promise<Why | null> {
  const explained = await explain(fabric, place, tenant);
  expect(explained.size).toBe(1);
  return [...explained.values()][0]!.why;
}

async function executor(fabric: Fabric, id: string, executorClass: string, slots = 1): Promise<RawExecutor> {
  const made = new RawExecutor(fabric.url, id, executorClass, slots);
  await made.register(SESSION_MS);
  await made.connect();
  return made;
}

/** What has been dispatched to an executor, once it is as much as that. */
function dispatched(to: RawExecutor, count: number): Promise<readonly Dispatched[]> {
  return vi.waitFor(() => {
    if (to.dispatched.length < count) throw new Error(`${to.dispatched.length} of ${count} dispatches`);
    return to.dispatched;
  }, PATIENT);
}

const jobs = (executorClass: string, count: number, more: object = {}) =>
  Array.from({ length: count }, (_, i) => ({ id: `j${i}`, executorClass, ...more }));

describe('marie explain', () => {
  it('takes the slashes of the id of a DAG for what they are', async ({ fabric }) => {
    await clientOf(fabric).submit({ id: '2026/11/invoice', jobs: jobs('ocr', 2) });
    expect([...(await explain(fabric, '2026/11/invoice')).keys()]).toEqual(['j0', 'j1']);
    expect([...(await explain(fabric, '2026/11/invoice/j1')).keys()]).toEqual(['j1']);
    const { code, stderr } = await marie(['explain', '2026/12/invoice', '--url', fabric.url]);
    expect(code).toBe(4);
    expect(stderr).toContain('tenant default has no DAG 2026/12');
  });

  it('says that a DAG has more open jobs than it explains at once', async ({ fabric }) => {
    await clientOf(fabric).submit({ id: 'many', jobs: jobs('ocr', 21) });
    await clientOf(fabric).submit({ id: 'some', jobs: jobs('ocr', 20) });
    const of = async (dag: string) => {
      const { stdout, stderr } = await marie(['explain', dag, '--json', '--url', fabric.url]);
      const { explained, more } = JSON.parse(stdout) as { explained: readonly unknown[]; more: boolean };
      return { count: explained.length, more, stderr };
    };
    const stderr = 'the first 20 of its open jobs; name another one to have it explained\n';
    expect(await of('many')).toEqual({ count: 20, more: true, stderr });
    expect(await of('some')).toEqual({ count: 20, more: false, stderr: '' });
  });

  it('says of all that is open of a DAG what it waits for', async ({ fabric, client }) => {
    const { operations } = client;
    await operations.setClassLimits('default', 'capped', { maxSlots: 1 });
    await operations.setClassLimits('default', 'llm', {
      rates: [{ per: 'starts', add: 1, perMs: HOUR_MS, burst: 1 }],
    });
    for (const name of ['cutter', 'ocr', 'slow']) await executor(fabric, `${name}-1`, name);
    const flaky = await executor(fabric, 'flaky-1', 'flaky');
    for (const name of ['capped', 'llm']) await executor(fabric, `${name}-1`, name, 2);
    await executor(fabric, 'away-1', 'away');
    await operations.cordon('away-1');
    await client.submit({
      id: 'scan',
      jobs: [
        { id: 'cut', executorClass: 'cutter' },
        { id: 'page', executorClass: 'ocr', fanOut: { count: 3 } },
        { id: 'check', kind: 'signal', signal: { name: 'approved' } },
        { id: 'merge', executorClass: 'merger', after: ['cut', 'page', 'check'] },
        { id: 'lost', executorClass: 'nobody' },
        { id: 'huge', executorClass: 'cutter', slots: 3 },
        {
          id: 'shaky',
          executorClass: 'flaky',
          retry: { maxAttempts: 3, backoff: { baseMs: HOUR_MS, maxMs: HOUR_MS } },
        },
        { id: 'resting', executorClass: 'away' },
        { id: 'one', executorClass: 'capped' },
        { id: 'two', executorClass: 'capped' },
        { id: 'call', executorClass: 'llm', units: 5 },
        { id: 'again', executorClass: 'llm', units: 7 },
      ],
    });
    const [shaky] = await dispatched(flaky, 1);
    await flaky.send({ type: 'fail', token: shaky!.token, code: 'x', message: '', retryable: true });
    const explained = await explain(fabric, 'scan');
    const now = explained.get('cut')!.atMs;
    const whys = Object.fromEntries([...explained].map(([job, one]) => [job, one.why]));
    expect(whys).toEqual({
      cut: { reason: 'lease-in-force', executor: 'cutter-1', sinceMs: expect.any(Number) },
      page: { reason: 'waiting-for-fan-out', made: 3, left: 3 },
      'page[0]': { reason: 'lease-in-force', executor: 'ocr-1', sinceMs: expect.any(Number) },
      'page[1]': { reason: 'no-free-slot', ahead: null, slots: 1, widest: 0 },
      'page[2]': {
        reason: 'no-free-slot',
        ahead: { ...SCAN, job: 'page[1]', field: 'ready-seq', value: expect.any(Number), own: expect.any(Number) },
        slots: 1,
        widest: 0,
      },
      check: { reason: 'waiting-for-signal', name: 'approved' },
      merge: { reason: 'waiting-for', jobs: ['cut', 'page', 'check'], more: 0 },
      lost: { reason: 'no-executor-in-class', group: 'default', executorClass: 'nobody', otherGroups: [] },
      huge: { reason: 'larger-than-any-executor', slots: 3, largest: 1 },
      shaky: { reason: 'backoff-until', untilMs: expect.any(Number), attempt: 2 },
      resting: { reason: 'all-cordoned-or-draining', executors: 1 },
      one: { reason: 'lease-in-force', executor: 'capped-1', sinceMs: expect.any(Number) },
      two: { reason: 'class-limit', slots: 1, limit: 1, inUse: 1 },
      call: { reason: 'lease-in-force', executor: 'llm-1', sinceMs: expect.any(Number) },
      again: { reason: 'rate-limited', untilMs: expect.any(Number), ...SCAN, job: 'again', units: 7 },
    });
    const [limited, later] = [whys['again'], whys['shaky']] as { readonly untilMs: number }[];
    for (const { untilMs } of [limited!, later!]) expect(untilMs).toBeGreaterThan(now + HOUR_MS / 2);
    const { ahead } = whys['page[2]'] as Extract<Why, { readonly reason: 'no-free-slot' }>;
    expect(ahead!.value!).toBeLessThan(ahead!.own!);
  });

  it('says which job gets the next slot, and the field by which it wins', async ({ fabric, client }) => {
    await executor(fabric, 'busy-1', 'busy');
    await client.submit({ id: 'first', jobs: jobs('busy', 1, { estimateMs: 4000 }) });
    await client.submit({ id: 'large', jobs: jobs('busy', 3) });
    await client.submit({ id: 'small', jobs: jobs('busy', 1) });
    const slots = { reason: 'no-free-slot', slots: 1, widest: 0 };
    const ahead = (dagId: string, tenant: string, field: string, value: number, own: number) =>
      ({ ...slots, ahead: { tenant, dagId, job: 'j0', field, value, own } }) as const;
    expect(await why(fabric, 'large/j0')).toMatchObject(ahead('small', 'default', 'dag-finish', 5000, 7000));
    await clientOf(fabric, 'beta').submit({ id: 'other', jobs: jobs('busy', 1) });
    expect(await why(fabric, 'small/j0')).toEqual(ahead('other', 'beta', 'tenant-tag', 0, 4000));
    await client.submit({
      id: 'near',
      jobs: jobs('busy', 1, { estimateMs: 60_000 }),
      deadlineAtMs: Date.now() + 120_000,
    });
    expect(await why(fabric, 'other/j0', 'beta')).toMatchObject({
      ...slots,
      ahead: { dagId: 'near', field: 'lane', value: 1, own: 2 },
    });
    await executor(fabric, 'desk-1', 'desk');
    for (const [id, priority] of [
      ['taken', 0],
      ['low', -1],
      ['high', 3],
    ] as const) {
      await client.submit({ id, jobs: jobs('desk', 1), priority });
    }
    expect(await why(fabric, 'low/j0')).toEqual(ahead('high', 'default', 'priority', 3, -1));
    expect((await explain(fabric, 'first/j0')).get('j0')).toMatchObject({ state: 'dispatched', policy: 'default@1' });
  });

  it('says that a DAG is paused, or held and at which place', async ({ fabric }) => {
    const client = clientOf(fabric, 'small');
    await client.operations.setTenantLimits('small', { activeDags: 1 });
    for (const id of ['active', 'held-1', 'held-2']) await client.submit({ id, jobs: jobs('x', 1) });
    await client.controls.pause('active');
    expect(await why(fabric, 'active/j0', 'small')).toEqual({ reason: 'paused-dag' });
    expect(await why(fabric, 'held-2/j0', 'small')).toEqual({
      reason: 'held-tenant-limit',
      limit: 'active-dags',
      position: 2,
    });
  });

  it('says for whom slots are kept: for short work, for a job of several slots, for work that has not stopped', async ({
    fabric,
    client,
  }) => {
    await executor(fabric, 'vision-1', 'vision', 2);
    await client.submit({ id: 'narrow', jobs: jobs('vision', 1, { estimateMs: 30_000 }) });
    await client.submit({ id: 'wide', jobs: jobs('vision', 1, { slots: 2 }) });
    await executor(fabric, 'slow-1', 'slow');
    await client.submit({ id: 'stuck', jobs: jobs('slow', 1) });
    await client.controls.cancelJob('stuck', 'j0');
    await client.submit({ id: 'behind', jobs: jobs('slow', 1) });
    expect(await why(fabric, 'behind/j0')).toMatchObject({ reason: 'slot-reclaiming', executor: 'slow-1', slots: 1 });
    const mixed = await executor(fabric, 'mixed-1', 'mixed', 8);
    await client.submit({ id: 'short', jobs: jobs('mixed', 20) });
    for (let done = 0; done < 20; done++) await mixed.complete((await dispatched(mixed, done + 1))[done]!);
    await client.submit({ id: 'long', jobs: jobs('mixed', 9, { estimateMs: HOUR_MS }) });
    expect(await why(fabric, 'long/j8')).toEqual({ reason: 'reserved-for-short-work', longRunning: 7, allowed: 7 });
    await vi.waitFor(async () => {
      const { why } = await client.explain('wide', 'j0');
      if (why?.reason !== 'waiting-for-reservation') throw new Error(`still ${why?.reason}`);
    }, PATIENT);
    expect(await why(fabric, 'wide/j0')).toEqual({
      reason: 'waiting-for-reservation',
      executor: 'vision-1',
      expectedAtMs: expect.any(Number),
    });
    await client.submit({ id: 'late', jobs: jobs('vision', 1, { estimateMs: 60_000 }), priority: -1 });
    expect(await why(fabric, 'late/j0')).toEqual({
      reason: 'reserved-for-wide',
      tenant: 'default',
      dagId: 'wide',
      job: 'j0',
      executor: 'vision-1',
      endsInTime: false,
      ahead: null,
    });
    await client.submit({ id: 'as-wide', jobs: jobs('vision', 1, { slots: 2 }), priority: 5 });
    expect(await why(fabric, 'as-wide/j0')).toEqual({
      reason: 'no-free-slot',
      ahead: { tenant: 'default', dagId: 'wide', job: 'j0', field: 'reservation', value: 1, own: 0 },
      slots: 2,
      widest: 1,
    });
  });
});

const SCAN = { tenant: 'default', dagId: 'scan' };
