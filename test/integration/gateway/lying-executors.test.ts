/** Executors that say what isn't so: nothing counts that isn't theirs, no slot is given away twice, the fabric goes on. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { verify } from '../../../replay/index.js';
import type { FabricClient } from '../../../src/client/index.js';
import { flatDag } from '../../support/fabric/dags.js';
import { FabricProcess, until } from '../../support/fabric/fabric.js';
import { Ledger } from '../../support/fabric/ledger.js';
import { type Dispatched, RawExecutor } from '../../support/fabric/raw-executor.js';

const CLASS = 'ocr';
const SLOTS = 2;

interface Scene {
  readonly fabric: FabricProcess;
  readonly client: FabricClient;
  readonly liar: RawExecutor;
}

/** A fabric with one executor of two slots, and twice as many jobs as it has slots. */
async function startScene(): Promise<Scene> {
  const fabric = await FabricProcess.start();
  const liar = await RawExecutor.start(fabric.url, 'liar', CLASS, SLOTS);
  const client = fabric.client();
  await client.submit({ id: 'd', ...flatDag(CLASS, 2 * SLOTS) });
  await until(() => liar.dispatched.length === SLOTS);
  return { fabric, client, liar };
}

/** Ends honestly what is left, then looks at the whole history from outside. */
async function endHonestly(
  { fabric, client, liar }: Scene,
  refusals: Readonly<Record<string, number>>,
): Promise<Ledger> {
  const honest = await RawExecutor.start(fabric.url, 'honest', CLASS, SLOTS);
  const done = new Set<string>();
  await until(async () => {
    for (const executor of [liar, honest]) {
      for (const dispatch of executor.dispatched) {
        if (done.has(dispatch.token) || executor.stopped.includes(dispatch.token)) continue;
        await executor.complete(dispatch);
        done.add(dispatch.token);
      }
    }
    return (await client.get('d')).endedAtMs !== null;
  });
  expect(await fabric.stop()).toEqual({ code: 0, signal: null });
  const folder = join(fabric.data, 'journal');
  expect(await verify(folder)).toMatchObject({ ok: true, problem: null });
  const ledger = await Ledger.of(folder);
  expect(ledger.violations).toEqual([]);
  expect(Object.fromEntries(ledger.refusals)).toMatchObject(refusals);
  return ledger;
}

/** A token that the fabric has not given out, close to one that it has. */
function invented({ token }: Dispatched): Dispatched {
  const parts = token.split('.');
  return { token: [...parts.slice(0, -1), String(Number(parts.at(-1)) + 1_000)].join('.'), job: 'j0', attempt: 1 };
}

async function classNow(url: string) {
  const { classes } = (await (await fetch(`${url}/v1/classes`)).json()) as {
    classes: { slotsReserved: number; slotsReclaiming: number; slotsFree: number; slotsAdvertised: number }[];
  };
  return classes[0]!;
}

it('an unknown token counts for nothing, is recorded, and frees no slot', async () => {
  const scene = await startScene();
  const { fabric, liar } = scene;
  const [first] = liar.dispatched;
  expect(await liar.complete(invented(first!))).toMatchObject({ accepted: false, code: 'stale-token' });
  const lies = ['no token', `other.${first!.token.split('.').slice(1).join('.')}`, '', '0.0.0'];
  for (const token of lies) {
    const [answer] = await liar.send({ type: 'complete', token, output: null });
    expect(answer).toMatchObject({ accepted: false, code: expect.stringMatching(/^(stale-token|invalid-value)$/u) });
  }
  expect(await classNow(fabric.url)).toMatchObject({ slotsReserved: SLOTS, slotsFree: 0 });
  await endHonestly(scene, { 'stale-token': 1 });
});

it("another executor's token counts for nothing", async () => {
  const scene = await startScene();
  const thief = new RawExecutor(scene.fabric.url, 'thief', 'other', SLOTS);
  await thief.register();
  const [first] = scene.liar.dispatched;
  for (const type of ['ack', 'complete', 'fail', 'return'] as const) {
    const more = type === 'fail' ? { code: 'x' } : {};
    const [answer] = await thief.send({ type, token: first!.token, ...more });
    expect(answer, type).toMatchObject({ accepted: false, code: 'stale-token' });
  }
  // They were refused before they became inputs, so the journal has none of them.
  await endHonestly(scene, {});
});

it('a second end of the same attempt changes nothing', async () => {
  const scene = await startScene();
  const { liar } = scene;
  const [first] = liar.dispatched;
  expect(await liar.complete(first!, { pages: 1 })).toMatchObject({ accepted: true });
  expect(await liar.complete(first!, { pages: 1 }), 'the same again').toMatchObject({ accepted: true });
  expect(await liar.complete(first!, { pages: 2 })).toMatchObject({ accepted: false, code: 'stale-token' });
  const [failed] = await liar.send({ type: 'fail', token: first!.token, code: 'x' });
  expect(failed).toMatchObject({ accepted: false, code: 'stale-token' });
  expect(await scene.client.output('d', first!.job)).toEqual({ pages: 1 });
  const ledger = await endHonestly(scene, { 'stale-token': 3 });
  expect(ledger.job(1, Number(first!.job.slice(1))).ends).toEqual(['succeeded']);
});

it('one that pretends to have finished gets no more at once than it has slots', async () => {
  const scene = await startScene();
  const { fabric, liar } = scene;
  const before = [...liar.dispatched];
  // Ends nothing, says that it holds more than it has, and offers more and fewer slots in turn.
  await expect(liar.register(60_000, [invented(before[0]!)])).rejects.toThrow(/invalid-value/u);
  for (const slots of [4_096, 0, 1, SLOTS]) {
    const body = { incarnation: liar.incarnation, class: CLASS, slots, sessionMs: 60_000, held: held(before) };
    const answer = await post(`${fabric.url}/v1/executors/liar/register`, body);
    expect(answer.status).toBe(200);
    const now = await classNow(fabric.url);
    expect(now.slotsFree).toBeLessThanOrEqual(Math.max(0, slots - SLOTS));
    if (slots < SLOTS) expect(now.slotsFree).toBe(0);
  }
  expect((await post(`${fabric.url}/v1/executors/liar/register`, { slots: 5_000 })).status).toBe(422);
  await endHonestly(scene, { 'invalid-value': 1 });
});

it('a job that goes on after it was cancelled keeps its slot until it has stopped', async () => {
  const scene = await startScene();
  const { fabric, client, liar } = scene;
  const [running] = liar.dispatched;
  await liar.send({ type: 'ack', token: running!.token });
  await client.controls.cancelJob('d', running!.job);
  await until(() => liar.stopped.includes(running!.token));
  expect(await classNow(fabric.url)).toMatchObject({ slotsReserved: SLOTS - 1, slotsReclaiming: 1, slotsFree: 0 });
  for (let i = 0; i < 3; i++) {
    const [answer] = await liar.send({ type: 'progress', token: running!.token, permille: 500 });
    expect(answer).toMatchObject({ accepted: false, code: 'stale-token' });
  }
  expect(liar.dispatched).toHaveLength(SLOTS);
  // It ends well after all: that doesn't count for the job, but the work has stopped, and the slot is free.
  expect(await liar.complete(running!)).toMatchObject({ accepted: false, code: 'stale-token' });
  await until(() => liar.dispatched.length === SLOTS + 1);
  const ledger = await endHonestly(scene, { 'stale-token': 4 });
  expect(ledger.job(1, Number(running!.job.slice(1))).ends).toEqual(['cancelled']);
});

function held(dispatched: readonly Dispatched[]): object[] {
  return dispatched.map(({ token }) => ({ token, slots: 1 }));
}

function post(url: string, body: object): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
}
