import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type BatchResult,
  checkResult,
  type Difference,
  documentDag,
  ensureSample,
  type Review,
  type SampleName,
  type Truth,
} from '../../../examples/documents/index.js';
import type { Dag, FabricClient, Submission, Submitted } from '../../../src/client/index.js';

/** Where the tests keep the samples between runs. */
const SAMPLES = join(tmpdir(), 'marie-document-samples');

/** Uploads a sample; gives the DAG to submit for it, and what must come out. */
export async function uploadDocument(
  client: FabricClient,
  name: SampleName,
): Promise<{ readonly dag: Submission; readonly truth: Truth }> {
  const { pdf, truth } = await ensureSample(name, SAMPLES);
  const { uri } = await client.blobs.put(await readFile(pdf));
  return { dag: documentDag(uri) as unknown as Submission, truth };
}

/** Uploads a sample and submits its DAG; nobody answers it. */
export async function submitUnanswered(
  client: FabricClient,
  name: SampleName,
): Promise<Submitted & { readonly truth: Truth }> {
  const { dag, truth } = await uploadDocument(client, name);
  return { ...(await client.submit(dag)), truth };
}

/** Uploads a sample and submits its DAG. What will be asked of a person is answered at once, before it is asked. */
export async function submitDocument(
  client: FabricClient,
  name: SampleName,
): Promise<Submitted & { readonly truth: Truth }> {
  const submitted = await submitUnanswered(client, name);
  await answerDocument(client, submitted.dagId, submitted.truth);
  return submitted;
}

/** Answers at once what will be asked of a person, before it is asked. */
export async function answerDocument(client: FabricClient, dagId: string, { documents }: Truth): Promise<void> {
  const decisions = documents.flatMap(({ problems }, index) =>
    problems.length === 0 ? [] : [{ document: index + 1, decision: 'reject' as const }],
  );
  if (decisions.length > 0) await client.controls.signal(dagId, 'review', { decisions } satisfies Review);
}

/** What is wrong with the result of a DAG that has ended. */
export async function differencesOf(client: FabricClient, dagId: string, truth: Truth): Promise<Difference[]> {
  return checkResult(await client.output<BatchResult>(dagId, 'merge'), truth);
}

/** Sends a sample through the fabric; resolves when its DAG has ended, and throws if that was not well. */
export async function processDocument(
  client: FabricClient,
  name: SampleName,
): Promise<{ readonly dag: Dag; readonly differences: Difference[] }> {
  const { dagId, truth } = await submitDocument(client, name);
  const dag = await client.wait(dagId);
  if (dag.state !== 'succeeded') throw new Error(`the DAG ${dag.state}: ${dag.code}`);
  return { dag, differences: await differencesOf(client, dagId, truth) };
}
