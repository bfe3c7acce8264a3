import { cpSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect } from 'vitest';
import { verify } from '../../replay/index.js';
import { Code } from '../../src/catalogue/generated/codes.js';
import type { FabricClient, Submitted } from '../../src/client/index.js';
import { flatDag } from '../support/fabric/dags.js';
import { differencesOf, processDocument, submitDocument } from '../support/fabric/document.js';
import { it, startDocuments, until } from '../support/fabric/fabric.js';
import { checkHistory } from '../support/fabric/history.js';
import { Ledger } from '../support/fabric/ledger.js';
import { Program, testProgram } from '../support/fabric/program.js';

const CLEAN = { code: 0, signal: null };

it('a store that is gone is rebuilt from the journal, with the same state hash', async ({ fabric }) => {
  const executors = startDocuments(fabric.url);
  const client = fabric.client();
  const { dag } = await processDocument(client, 'invoice');
  const result = await client.output(dag.dagId, 'merge');
  await executors.end('SIGTERM');
  expect(await fabric.stop()).toEqual(CLEAN);
  const before = await verify(join(fabric.data, 'journal'));
  rmSync(join(fabric.data, 'store'), { recursive: true });
  await fabric.restart();
  expect(await client.output(dag.dagId, 'merge')).toEqual(result);
  expect(await client.get(dag.dagId)).toMatchObject({ state: 'succeeded', endedAtMs: dag.endedAtMs });
  // The first turn after the rebuild stands on the rebuilt state: a fold from scratch must agree with it.
  const { ledger } = await checkHistory(fabric, client, dag);
  expect(ledger.stateHashes[before.turns]).toBe(before.stateHash);
  expect(ledger.turns).toBeGreaterThan(before.turns);
});

it('a store that is behind catches up', async ({ fabric }) => {
  startDocuments(fabric.url);
  const client = fabric.client();
  const first = await processDocument(client, 'invoice');
  expect(await fabric.stop()).toEqual(CLEAN);
  const older = join(fabric.data, 'older-store');
  cpSync(join(fabric.data, 'store'), older, { recursive: true });
  await fabric.restart();
  const { dagId, truth } = await submitDocument(client, 'mixed');
  await until(async () => (await client.get(dagId)).jobsLeft < 40);
  await fabric.kill();
  rmSync(join(fabric.data, 'store'), { recursive: true });
  cpSync(older, join(fabric.data, 'store'), { recursive: true });
  await fabric.restart();
  const dag = await client.wait(dagId);
  expect(await differencesOf(client, dagId, truth)).toEqual([]);
  expect(await client.get(first.dag.dagId)).toMatchObject({ state: 'succeeded' });
  await checkHistory(fabric, client, dag);
});

it('is handed over cleanly under load: no submission is lost or taken twice', async ({ fabric }) => {
  Program.start([...testProgram('noop-executor'), fabric.url, 'noop', 'noop', '64']);
  const client = fabric.client();
  const load = startLoad(client);
  for (let handed = 0; handed < 3; handed++) {
    const { submitted } = load;
    const enough = submitted.length + 200;
    await until(() => submitted.length >= enough);
    expect(await fabric.stop()).toEqual(CLEAN);
    await fabric.restart();
  }
  await load.end();
  const { submitted } = load;
  await until(async () => (await client.operations.cell()).openDags === 0);
  expect(await fabric.stop()).toEqual(CLEAN);
  const ledger = await Ledger.of(join(fabric.data, 'journal'));
  expect(ledger.violations).toEqual([]);
  expect(ledger.count(Code.LeaderResigned)).toBe(4);
  expect(new Set(submitted.map(({ dag }) => dag)).size).toBe(submitted.length);
  expect(ledger.count(Code.DagAccepted)).toBe(submitted.length);
  expect(ledger.count(Code.DagSucceeded)).toBe(submitted.length);
});

/** Submits DAG after DAG, several at once, until it is told to end. A submission that fails for good fails `end`. */
function startLoad(client: FabricClient): { readonly submitted: Submitted[]; end(): Promise<void> } {
  const submitted: Submitted[] = [];
  let ended = false;
  const lane = async (): Promise<void> => {
    while (!ended) submitted.push(await client.submit(flatDag('noop', 2)));
  };
  const lanes = Promise.all(Array.from({ length: 8 }, lane));
  lanes.catch(() => undefined);
  return {
    submitted,
    end: async () => {
      ended = true;
      await lanes;
    },
  };
}

it('ends although somebody has opened a connection and never asked for anything', async ({ fabric }) => {
  const socket = connect(Number(new URL(fabric.url).port), '127.0.0.1');
  await new Promise((resolve) => socket.once('connect', resolve));
  await fabric.client().operations.cell();
  expect(await fabric.stop()).toEqual(CLEAN);
  socket.destroy();
});
