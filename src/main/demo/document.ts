import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { documentDag, type Review, SAMPLES, type SampleFiles } from '../../../examples/documents/index.js';
import type { Io } from '../../cli/terminal/io.js';
import { openProgress } from '../../cli/terminal/progress.js';
import { bytes } from '../../cli/text/format.js';
import { type Dag, type FabricClient, hasEnded, type Submission } from '../../client/index.js';
import { isAsked, reviewText, standIn } from './review.js';

/** How often the progress is read, in ms. */
const READ_EVERY_MS = 100;

/** Sends a sample through the fabric and shows how it comes on. Resolves with its DAG when that has ended. */
export async function processSample(
  io: Io,
  client: FabricClient,
  sample: SampleFiles,
  signal: AbortSignal,
): Promise<Dag> {
  const { size } = await stat(sample.pdf);
  const pages = SAMPLES[sample.name];
  const { uri } = await client.blobs.putFile(sample.pdf, signal);
  io.note(`uploaded ${basename(sample.pdf)} (${pages} ${pages === 1 ? 'page' : 'pages'}, ${bytes(size)}) as a blob`);
  // An id that is quickly typed; the time in it tells the runs apart.
  const id = `${sample.name}-${Date.now().toString(36)}`;
  const submission = { ...documentDag(uri), id } as unknown as Submission;
  const { dagId, turn } = await client.submit(submission, signal);
  io.note(`submitted DAG ${io.errColors.bold(dagId)}: durable since turn ${turn}`);
  const progress = openProgress(io);
  let review: Review | null = null;
  try {
    for (;;) {
      const dag = await client.get(dagId, signal);
      progress.update(dag);
      if (hasEnded(dag)) return dag;
      if (review === null && isAsked(dag)) review = await standIn(client, dagId, signal);
      await new Promise((resolve) => setTimeout(resolve, READ_EVERY_MS));
    }
  } finally {
    progress.end();
    if (review !== null) io.note(reviewText(dagId, review));
  }
}
