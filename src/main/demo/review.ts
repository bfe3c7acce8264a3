import type { FindingsOutput, Review } from '../../../examples/documents/index.js';
import type { Dag, FabricClient } from '../../client/index.js';

/** The signal job of the document example, and the name of its signal. */
const REVIEW = 'review';
/** The job that says what a person has to look at. */
const FINDINGS = 'findings';

/** Whether the DAG waits for a person. */
export function isAsked(dag: Dag): boolean {
  return dag.jobs.some(({ job, state }) => job === REVIEW && state === 'awaiting-signal');
}

/** Answers as a person might who looked at the documents: what doesn't add up is rejected. */
export async function standIn(client: FabricClient, dagId: string, signal: AbortSignal): Promise<Review> {
  const { documents } = await client.output<FindingsOutput>(dagId, FINDINGS, signal);
  const decisions = documents.map(({ document }) => ({ document, decision: 'reject' as const }));
  const review = { by: 'npm start', decisions };
  await client.controls.signal(dagId, REVIEW, review);
  return review;
}

/** What was asked and answered, and how somebody else would answer. */
export function reviewText(dagId: string, review: Review): string {
  const numbers = review.decisions.map(({ document }) => document);
  const which = numbers.length === 1 ? `document ${numbers[0]} doesn't` : `documents ${numbers.join(', ')} don't`;
  return [
    `${which} add up: the DAG waited for a person, and npm start answered in the place of one:`,
    `  POST /v1/dags/${dagId}/signals/${REVIEW} ${JSON.stringify(review)}`,
  ].join('\n');
}
