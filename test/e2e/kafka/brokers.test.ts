/** Three brokers of which some fail, under a fabric of two processes that works on. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { DOCUMENT_CLASSES } from '../../../bench/support/dags.js';
import type { KafkaConnection } from '../../../src/kafka/connection.js';
import { startCellOn } from '../../support/kafka/cell.js';
import { type KafkaCluster, startCluster } from '../../support/kafka/cluster.js';
import { needsKafka } from '../../support/kafka/shared.js';
import { activeController } from '../../support/kafka/tools.js';
import { allSucceed, checkJournal, keepSubmitting } from '../../support/kafka/work.js';

const PATIENT = { timeout: 120_000, interval: 50 };
let cluster: KafkaCluster;
let connection: KafkaConnection;

beforeEach((context) => needsKafka(context));

beforeAll(async () => {
  cluster = await startCluster(3);
  connection = { brokers: cluster.addresses, clientId: 'marie-test' };
}, 120_000);
afterAll(() => cluster?.remove());

/** A cell of two processes under load, one of which leads; `during` meets brokers that fail, and all ends well. */
async function underLoad(during: () => Promise<void>) {
  const cell = await startCellOn(connection, 3);
  const fabric = await cell.start();
  const other = await cell.start();
  cell.runExecutors(other, DOCUMENT_CLASSES);
  const client = other.client();
  const load = keepSubmitting(client, 'load');
  await vi.waitFor(() => expect(load.ids.length).toBeGreaterThan(2), PATIENT);
  await during();
  const before = load.ids.length;
  await vi.waitFor(() => expect(load.ids.length).toBeGreaterThan(before + 2), PATIENT);
  await allSucceed(client, await load.end());
  await fabric.stop();
  await other.stop();
  await checkJournal(connection, cell.name);
}

it('goes on when each of the brokers restarts, one after the other', { timeout: 300_000 }, async () => {
  await underLoad(async () => {
    for (const broker of cluster.brokers) {
      await broker.stop();
      broker.start();
      await cluster.ready();
    }
  });
});

it('goes on when the controller that leads is killed', { timeout: 300_000 }, async () => {
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
