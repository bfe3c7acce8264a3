import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openJournal, verifySnapshot } from '../../replay/index.js';
import { Code } from '../../src/catalogue/generated/codes.js';
import { differencesOf, processDocument, submitDocument } from '../support/fabric/document.js';
import { FabricProcess, startDocuments, temporaryFolder, until } from '../support/fabric/fabric.js';
import { checkHistories } from '../support/fabric/history.js';

it('a fabric takes snapshots of itself, and one that has lost its store begins with the newest', async () => {
  const config = join(temporaryFolder(), 'marie.yaml');
  writeFileSync(config, 'snapshots: { everyTurns: 20, keep: 2 }\nlog: { level: info }\n');
  const fabric = await FabricProcess.start({ config });
  startDocuments(fabric.url);
  const client = fabric.client();
  const folder = join(fabric.data, 'snapshots');
  const taken = (): string[] => {
    try {
      return readdirSync(folder).filter((name) => name.endsWith('.snapshot'));
    } catch {
      return [];
    }
  };
  const first = await processDocument(client, 'invoice');
  await until(() => taken().length > 0);
  const { dagId, truth } = await submitDocument(client, 'mixed');
  const before = taken();
  await until(() => taken().some((name) => !before.includes(name)));
  await fabric.kill();
  rmSync(join(fabric.data, 'store'), { recursive: true });
  await fabric.restart();
  await until(() => fabric.said.includes('the store was filled from a snapshot'));
  const second = await client.wait(dagId);
  expect(await differencesOf(client, dagId, truth)).toEqual([]);
  expect(await client.output(first.dag.dagId, 'merge')).toBeDefined();
  const { ledger } = await checkHistories(fabric, client, [first.dag, second]);
  // The fabric may have been killed between a file and its record.
  expect(ledger.count(Code.SnapshotTaken)).toBeGreaterThan(0);
  // While it runs it may have written one and not yet removed the oldest.
  await fabric.stop();
  const history = await openJournal(fabric.data);
  expect(taken().length).toBeLessThanOrEqual(2);
  for (const name of taken()) {
    expect(await verifySnapshot(history.snapshots!, name, history)).toMatchObject({
      ok: true,
      comparedWithJournal: true,
    });
  }
});
