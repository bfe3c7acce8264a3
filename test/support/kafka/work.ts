/** Work of a cell under test, and what an independent reader says of it. */
import { expect } from 'vitest';
import { DOCUMENT_JOBS, documentSubmission } from '../../../bench/support/dags.js';
import type { FabricClient } from '../../../src/client/index.js';
import type { KafkaConnection } from '../../../src/kafka/connection.js';
import { runExample } from './python.js';

/** Submits documents one after the other until it is told to stop; gives the ids of all that were acknowledged. */
export function keepSubmitting(client: FabricClient, prefix: string) {
  const ids: string[] = [];
  let isOver = false;
  const done = (async () => {
    while (!isOver) ids.push((await client.submit(documentSubmission(`${prefix}-${ids.length}`))).dagId);
  })();
  return {
    ids,
    async end(): Promise<readonly string[]> {
      isOver = true;
      await done;
      return ids;
    },
  };
}

export async function allSucceed(client: FabricClient, ids: readonly string[]): Promise<void> {
  for (const id of ids) expect(await client.wait(id)).toMatchObject({ state: 'succeeded', jobsTotal: DOCUMENT_JOBS });
}

/** A reader that shares no code with the fabric finds one chain, one success of each job, no dispatch without a lease. */
export async function checkJournal({ brokers }: KafkaConnection, cell: string): Promise<void> {
  const said = await runExample('check_journal.py', [brokers.join(','), cell]);
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(/^\d+ turns, epoch \d+, [1-9]\d* DAGs, [1-9]\d* dispatches, \d+ void records, 0 problems$/);
}
