import { describe, expect } from 'vitest';
import type { BatchResult, FindingsOutput, Review, SampleName } from '../../examples/documents/index.js';
import type { FabricClient } from '../../src/client/index.js';
import { startChatServer } from '../support/chat-server.js';
import { differencesOf, processDocument, submitDocument, submitUnanswered } from '../support/fabric/document.js';
import { FabricProcess, it, startDocuments, until } from '../support/fabric/fabric.js';
import { checkHistory } from '../support/fabric/history.js';
import { Ledger } from '../support/fabric/ledger.js';
import { compiled, Program } from '../support/fabric/program.js';

/** The stages that fan out over pages, and over documents. */
const STAGES = { pages: ['ocr', 'layout', 'classify'], documents: ['extract', 'validate', 'post', 'annotate'] };

describe.each<[SampleName, number, number]>([
  ['invoice', 1, 1],
  ['mixed', 12, 10],
  ['archive', 200, 185],
])('the sample %s', (name, pages, documents) => {
  it('comes out right, with progress per stage; every job of every page ended once, by one callback', async ({
    fabric,
  }) => {
    startDocuments(fabric.url);
    const client = fabric.client();
    const { dagId, truth } = await submitDocument(client, name);
    const waiting = Program.start([compiled('src/cli/main.js'), 'wait', dagId, '--url', fabric.url]);
    expect(await waiting.exited).toEqual({ code: 0, signal: null });
    for (const job of STAGES.pages) expect(waiting.said).toContain(`${job}: ${pages}/${pages} done`);
    for (const job of STAGES.documents) expect(waiting.said).toContain(`${job}: ${documents}/${documents} done`);
    const dag = await client.get(dagId);
    expect(await differencesOf(client, dagId, truth)).toEqual([]);
    for (const job of STAGES.pages) expect(progressOf(dag.jobs, job)).toEqual({ succeeded: pages });
    for (const job of STAGES.documents) expect(progressOf(dag.jobs, job)).toEqual({ succeeded: documents });
    const { jobs } = await checkHistory(fabric, client, dag);
    expect(jobs.filter(({ parent }) => parent !== null)).toHaveLength(3 * pages + 4 * documents);
  });
});

it('two documents at once share the executors', async ({ fabric }) => {
  startDocuments(fabric.url);
  const client = fabric.client();
  const both = await Promise.all([processDocument(client, 'mixed'), processDocument(client, 'mixed')]);
  for (const { differences } of both) expect(differences).toEqual([]);
  const ledger = await Ledger.of(`${fabric.data}/journal`);
  expect(ledger.violations).toEqual([]);
});

it('documents are summarised by an endpoint that limits its rate; one that it refuses is done without', async () => {
  const chat = await startChatServer({ status: 429, retryAfterS: 1 }, { status: 401 }, { text: 'A page.', tokens: 7 });
  const fabric = await FabricProcess.start();
  startDocuments(fabric.url, 'documents', { MARIE_LLM_URL: chat.url, MARIE_LLM_MODEL: 'small' });
  const client = fabric.client();
  const { dagId, truth } = await submitDocument(client, 'mixed');
  expect(await client.wait(dagId)).toMatchObject({ state: 'succeeded' });
  expect(await differencesOf(client, dagId, truth)).toEqual([]);
  const { documents } = await client.output<BatchResult>(dagId, 'merge');
  const annotations = documents.map(({ annotation }) => annotation);
  expect(annotations.filter(({ skipped }) => skipped)).toEqual([{ skipped: true, reason: 'the job has failed' }]);
  expect(annotations.find(({ skipped }) => !skipped)).toEqual({ skipped: false, model: 'small', summary: 'A page.' });
  expect(chat.asked).toHaveLength(documents.length + 1);
});

it('a person is asked about what does not add up, and asked again after an answer that cannot be used', async ({
  fabric,
}) => {
  startDocuments(fabric.url);
  const client = fabric.client();
  const { dagId, truth } = await submitUnanswered(client, 'mixed');
  await untilAsked(client, dagId);
  const findings = await client.output<FindingsOutput>(dagId, 'findings');
  expect(findings).toMatchObject({ checked: 7, invalid: 1, documents: [{ document: 9 }] });
  await client.controls.signal(dagId, 'review', { decision: 'yes' });
  expect(await client.wait(dagId)).toMatchObject({ state: 'failed' });
  const merge = (await client.jobs(dagId)).find(({ job }) => job === 'merge');
  expect(merge).toMatchObject({ state: 'failed', reason: 'review-unusable', attempt: 1 });

  await client.controls.retryJob(dagId, 'review');
  await untilAsked(client, dagId);
  const { invoice } = truth.documents[8] ?? {};
  const totalMinor = (invoice?.netMinor ?? 0) + (invoice?.taxMinor ?? 0);
  const review: Review = { by: 'ann', decisions: [{ document: 9, decision: 'correct', values: { totalMinor } }] };
  await client.controls.signal(dagId, 'review', review);
  expect(await client.wait(dagId)).toMatchObject({ state: 'succeeded', run: 2 });
  const { documents, totals } = await client.output<BatchResult>(dagId, 'merge');
  expect(documents[8]).toMatchObject({ decision: 'correct', validation: { valid: true } });
  expect(documents[8]?.invoice?.totalMinor).toEqual({ value: totalMinor, text: String(totalMinor), place: null });
  expect(totals.invalidDocuments).toEqual([]);
  expect((await differencesOf(client, dagId, truth)).map(({ path }) => path)).toEqual([
    '/documents/8/invoice/totalMinor',
  ]);
});

async function untilAsked(client: FabricClient, dagId: string): Promise<void> {
  await until(async () => {
    const { jobs } = await client.get(dagId);
    return jobs.some(({ job, state }) => job === 'review' && state === 'awaiting-signal');
  });
}

type Jobs = Awaited<ReturnType<FabricClient['get']>>['jobs'];

/** How many children of a stage are in which state. */
function progressOf(jobs: Jobs, name: string): unknown {
  const { children } = jobs.find(({ job }) => job === name) ?? {};
  return Object.fromEntries(Object.entries(children ?? {}).filter(([, count]) => count > 0));
}
