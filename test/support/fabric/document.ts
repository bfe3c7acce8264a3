import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  checkResult,
  type Difference,
  type DocumentResult,
  documentDag,
  ensureSample,
  type SampleName,
  type Truth,
} from '../../../examples/documents/index.js';
import type { Dag, FabricClient, Submission, Submitted } from '../../../src/client/index.js';

/** Where the tests keep the samples between runs. */
const SAMPLES = join(tmpdir(), 'marie-document-samples');

/** Uploads a sample and submits its DAG. */
export async function submitDocument(
  client: FabricClient,
  name: SampleName,
): Promise<Submitted & { readonly truth: Truth }> {
  const { pdf, truth } = await ensureSample(name, SAMPLES);
  const { uri } = await client.blobs.put(await readFile(pdf));
  const submitted = await client.submit(documentDag(uri) as unknown as Submission);
  return { ...submitted, truth };
}

/** What is wrong with the result of a DAG that has ended. */
export async function differencesOf(client: FabricClient, dagId: string, truth: Truth): Promise<Difference[]> {
  return checkResult(await client.output<DocumentResult>(dagId, 'merge'), truth);
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
