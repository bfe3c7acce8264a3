import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { FabricClient, LifecycleEvent } from '../../src/client/index.js';
import { flatDag } from '../support/fabric/dags.js';
import { FabricProcess, it, until } from '../support/fabric/fabric.js';
import { checkHistory } from '../support/fabric/history.js';
import { Ledger } from '../support/fabric/ledger.js';
import { Program, testProgram } from '../support/fabric/program.js';
import { seededRandom } from '../support/fabric/random.js';
import { RawExecutor } from '../support/fabric/raw-executor.js';

const SEED = Number(process.env['MARIE_TEST_SEED'] ?? 20262);

function startNoop(fabric: FabricProcess, slots: number, jobMs: number): Program {
  return Program.start([...testProgram('noop-executor'), fabric.url, 'noop', 'noop', String(slots), String(jobMs)]);
}

it('a submission that is repeated, also after a kill, is the first one', async ({ fabric, client }) => {
  const submission = { ...flatDag('noop', 3), idempotencyKey: randomUUID() };
  const first = await client.submit(submission);
  expect(first.duplicate).toBe(false);
  await fabric.kill();
  await fabric.restart();
  const again = await client.submit(submission);
  expect(again).toMatchObject({ dagId: first.dagId, dag: first.dag, duplicate: true });
  expect(await client.operations.cell()).toMatchObject({ openDags: 1, knownJobs: 3 });
});

it('a DAG that is cancelled in the middle stops, and what runs is stopped', async ({ fabric, client }) => {
  const executor = await RawExecutor.start(fabric.url, 'slow', 'noop', 2);
  const { dagId } = await client.submit(flatDag('noop', 20));
  await until(() => executor.dispatched.length === 2);
  await executor.complete(executor.dispatched[0]!);
  await until(() => executor.dispatched.length === 3);
  await client.controls.cancel(dagId, 'no longer wanted');
  await until(() => executor.stopped.length === 2);
  for (const token of executor.stopped) await executor.send({ type: 'return', token, reason: 'stopped' });
  const dag = await client.wait(dagId);
  expect(dag).toMatchObject({ state: 'cancelled', jobsLeft: 0 });
  const states = (await client.jobs(dagId)).map(({ state }) => state);
  expect(states.filter((state) => state === 'succeeded')).toHaveLength(1);
  expect(states.filter((state) => state === 'cancelled')).toHaveLength(19);
  expect(executor.dispatched).toHaveLength(3);
  await until(async () => (await client.operations.classes())[0]?.slotsFree === 2);
});

it('a DAG that is paused gives out nothing more until it is resumed', async ({ fabric, client }) => {
  const executor = await RawExecutor.start(fabric.url, 'slow', 'noop', 1);
  const { dagId } = await client.submit(flatDag('noop', 3));
  await until(() => executor.dispatched.length === 1);
  await client.controls.pause(dagId);
  await executor.complete(executor.dispatched[0]!);
  // The slot is free, the DAG's jobs are ready: another DAG gets it.
  const other = await client.submit(flatDag('noop', 1));
  await until(() => executor.dispatched.length === 2);
  await executor.complete(executor.dispatched[1]!);
  expect(await client.wait(other.dagId)).toMatchObject({ state: 'succeeded' });
  expect(await client.get(dagId)).toMatchObject({ state: 'open', paused: true, jobsLeft: 2 });
  await client.controls.resume(dagId);
  for (const count of [3, 4]) {
    await until(() => executor.dispatched.length === count);
    await executor.complete(executor.dispatched[count - 1]!);
  }
  const dag = await client.wait(dagId);
  expect(dag).toMatchObject({ state: 'succeeded', paused: false });
  await checkHistory(fabric, client, dag);
});

it('a reader of the lifecycle misses nothing and gets nothing twice over a restart', async ({ fabric, client }) => {
  startNoop(fabric, 4, 5);
  const { cell, turn } = await client.operations.cell();
  const lastEventId = `${cell}:${turn}:999999999`;
  const { dagId } = await client.submit(flatDag('noop', 400));
  const live = readUntilEnd(client.lifecycle({ dag: dagId, lastEventId }));
  for (const left of [300, 200, 100]) {
    await until(async () => (await client.get(dagId)).jobsLeft <= left);
    await fabric.kill();
    await fabric.restart();
  }
  const events = await live;
  const again = await readUntilEnd(client.lifecycle({ dag: dagId, lastEventId }));
  expect(events.map(({ id }) => id)).toEqual(again.map(({ id }) => id));
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  expect(events.filter(({ type }) => type === 'JobSucceeded')).toHaveLength(400);
});

async function readUntilEnd(stream: AsyncIterable<LifecycleEvent>): Promise<LifecycleEvent[]> {
  const events: LifecycleEvent[] = [];
  for await (const event of stream) {
    events.push(event);
    if (event.type === 'DagSucceeded') break;
  }
  return events;
}

it(`nothing is dispatched that is not in the journal (seed ${SEED})`, async () => {
  const random = seededRandom(SEED);
  const fabric = await FabricProcess.start();
  const client = fabric.client();
  const executor = new RawExecutor(fabric.url, 'watcher', 'noop', 64);
  const seen: number[] = [];
  for (let death = 0; death < 5; death++) {
    executor.dispatched.length = 0;
    await executor.register();
    await executor.connect();
    const load = submitWhile(executor, client);
    const answering = answerWhile(executor);
    const enough = 50 + Math.floor(random() * 200);
    await until(() => executor.dispatched.length >= enough, 1);
    await fabric.kill();
    await answering;
    const granted = (await Ledger.of(join(fabric.data, 'journal'))).granted;
    for (const dispatch of executor.dispatched) seen.push(RawExecutor.tokenOf(dispatch));
    expect(seen.filter((token) => !granted.has(token))).toEqual([]);
    await fabric.restart();
    await load;
  }
  expect(seen.length).toBeGreaterThan(250);
});

/** Submits more than the executor is waited for, as long as the fabric lives. */
async function submitWhile(executor: RawExecutor, client: FabricClient): Promise<void> {
  for (let i = 0; i < 100 && executor.connected; i++) await client.submit(flatDag('noop', 8));
}

/** Completes what comes, as long as the fabric answers. */
async function answerWhile(executor: RawExecutor): Promise<void> {
  for (let next = 0; executor.connected; ) {
    const batch = executor.dispatched.slice(next);
    next += batch.length;
    const lines = batch.map(({ token }) => ({ type: 'complete', token, output: null }));
    if (lines.length > 0) await executor.send(...lines).catch(() => undefined);
    else await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
