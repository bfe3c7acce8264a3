/** Three brokers of which some fail, under a fabric of two processes that works on. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { DOCUMENT_CLASSES } from '../../../bench/support/dags.js';
import type { KafkaConnection } from '../../../src/kafka/links/connection.js';
import { topicName } from '../../../src/kafka/topics/names.js';
import { type Cell, type CellProcess, SESSION_MS, startCellOn } from '../../support/kafka/cell.js';
import { type KafkaCluster, startCluster } from '../../support/kafka/cluster.js';
import { firstPartition, moveLeadership, untilInSync } from '../../support/kafka/partition.js';
import { needsKafka } from '../../support/kafka/shared.js';
import { SmallDisk, whyNoDisk } from '../../support/kafka/small-disk.js';
import { activeController } from '../../support/kafka/tools.js';
import { allSucceed, checkJournal, keepSubmitting, type Pace } from '../../support/kafka/work.js';
import { LONG_MS, PATIENT, PATIENT_MS } from '../../support/patience.js';

/** Which broker has a disk that can be filled, and how large it is. */
const ON_SMALL_DISK = 3;
const DISK_MEBIBYTES = 96;
/** Longer than an append, a session of an executor and the silence of a leader may last, in ms. */
const AWAY_MS = SESSION_MS + 2_000;
/** So that something is under way whenever a broker fails; more of it proves no more. */
const PACE: Pace = { perSecond: 3, open: 3 };
const LONG = { timeout: LONG_MS };
let cluster: KafkaCluster;
let connection: KafkaConnection;
let disk: SmallDisk | null = null;
let noDisk: string | null = null;

beforeEach((context) => needsKafka(context));

beforeAll(async () => {
  noDisk = await whyNoDisk();
  if (noDisk !== null && process.env.MARIE_REQUIRE_KAFKA === '1') throw new Error(noDisk);
  cluster = await startCluster(3, '127.0.0.1', async ({ spec, data }) => {
    if (spec.id === ON_SMALL_DISK && noDisk === null) disk = await SmallDisk.at(data, DISK_MEBIBYTES);
  });
  connection = { brokers: cluster.addresses, clientId: 'marie-test' };
});
afterAll(async () => {
  await cluster?.remove();
  await disk?.remove();
});

type Load = ReturnType<typeof keepSubmitting>;

/** So many more documents are taken. */
async function takesMore({ ids }: Load, count: number): Promise<void> {
  const before = ids.length;
  await vi.waitFor(() => expect(ids.length).toBeGreaterThanOrEqual(before + count), PATIENT);
}

function allSay(processes: readonly CellProcess[], text: string): Promise<unknown> {
  return Promise.all(processes.map(({ program }) => program.saying(text)));
}

/** A cell of two processes under load, one of which leads; `during` meets brokers that fail, and all ends well. */
async function underLoad(during: (cell: Cell, processes: readonly CellProcess[], load: Load) => Promise<void>) {
  // Whatever a test before has left behind.
  for (const broker of cluster.brokers) if (!broker.isUp) broker.start();
  await cluster.ready();
  const cell = await startCellOn(connection, 3);
  const fabric = await cell.start();
  const other = await cell.start();
  cell.runExecutors(other, DOCUMENT_CLASSES);
  const client = other.client();
  const load = keepSubmitting(client, 'load', PACE);
  await takesMore(load, 3);
  await during(cell, [fabric, other], load);
  await takesMore(load, 3);
  await allSucceed(client, await load.end());
  await fabric.stop();
  await other.stop();
  await checkJournal(connection, cell.name);
}

it('goes on when each of the brokers restarts, one after the other', LONG, async () => {
  await underLoad(async () => {
    for (const broker of cluster.brokers) {
      await broker.stop();
      broker.start();
      await cluster.ready();
    }
  });
});

it('goes on when the controller that leads is killed', LONG, async () => {
  await underLoad(async () => {
    const id = await activeController(connection.brokers.join(','));
    const broker = cluster.brokers.find(({ spec }) => spec.id === id)!;
    await broker.kill();
    await sleep(2_000);
    broker.start();
    await cluster.ready();
    expect(await activeController(connection.brokers.join(','))).toBeGreaterThan(0);
  });
});

it("goes on when the leadership of the journal's partition moves", LONG, async () => {
  await underLoad(async (cell, _processes, load) => {
    const topic = topicName(cell.name, 'journal');
    const { leader, replicas } = await firstPartition(connection, topic);
    await moveLeadership(connection, topic, replicas.find((id) => id !== leader)!);
    await takesMore(load, 1);
  });
});

it('waits while all brokers are away, says so, and goes on by itself', LONG, async () => {
  await underLoad(async (_cell, processes) => {
    const waiting = allSay(processes, '"part":"journal","code":"kafka-unavailable"');
    await Promise.all(cluster.brokers.map((broker) => broker.kill()));
    await sleep(AWAY_MS);
    await waiting;
    for (const { url } of processes) {
      const body = JSON.stringify({ jobs: [{ id: 'only', kind: 'noop' }] });
      const headers = { 'content-type': 'application/json' };
      const signal = AbortSignal.timeout(PATIENT_MS);
      const answer = await fetch(`${url}/v1/dags`, { method: 'POST', body, headers, signal });
      expect(answer.status).toBe(503);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      expect((await answer.json()) as object).toMatchObject({
        code: 'not-ready',
        detail: expect.stringContaining('submissions'),
      });
      // Who leads has a turn that is not in the journal: what it would show can't be shown yet.
      expect([200, 503]).toContain((await fetch(`${url}/v1/dags`, { signal })).status);
    }
    const over = allSay(processes, 'no longer waits for the brokers');
    for (const broker of cluster.brokers) broker.start();
    await cluster.ready();
    await over;
  });
});

it("goes on when the disk of the journal's broker is full; with room again it has its copy", LONG, async (context) => {
  if (disk === null) return context.skip(noDisk ?? 'no disk');
  const full = disk;
  const broker = cluster.brokers.find(({ spec }) => spec.id === ON_SMALL_DISK)!;
  await underLoad(async (cell, _processes, load) => {
    const topic = topicName(cell.name, 'journal');
    await moveLeadership(connection, topic, ON_SMALL_DISK);
    full.fill();
    await vi.waitFor(() => expect(broker.isUp).toBe(false), PATIENT);
    await takesMore(load, 2);
    full.free();
    broker.start();
    await cluster.ready();
    await untilInSync(connection, topic);
  });
});
