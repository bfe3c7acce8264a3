import { describe, expect, it } from 'vitest';
import type { SampleName } from '../../examples/documents/index.js';
import { processDocument } from '../support/fabric/document.js';
import { FabricProcess, startDocuments } from '../support/fabric/fabric.js';
import { checkHistory } from '../support/fabric/history.js';
import { Ledger } from '../support/fabric/ledger.js';

describe.each<[SampleName, number]>([
  ['invoice', 1],
  ['mixed', 12],
])('the sample %s', (name, pages) => {
  it('comes out right, and every job of every page ended once, by one accepted callback', async () => {
    const fabric = await FabricProcess.start();
    startDocuments(fabric.url);
    const client = fabric.client();
    const { dag, differences } = await processDocument(client, name);
    expect(differences).toEqual([]);
    const { jobs } = await checkHistory(fabric, client, dag);
    expect(jobs.filter(({ parent }) => parent !== null)).toHaveLength(5 * pages);
  });
});

it('two documents at once share the executors', async () => {
  const fabric = await FabricProcess.start();
  startDocuments(fabric.url);
  const client = fabric.client();
  const both = await Promise.all([processDocument(client, 'mixed'), processDocument(client, 'mixed')]);
  for (const { differences } of both) expect(differences).toEqual([]);
  const ledger = await Ledger.of(`${fabric.data}/journal`);
  expect(ledger.violations).toEqual([]);
});
