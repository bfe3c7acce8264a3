/** Work of a cell under test, and what an independent reader says of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { DOCUMENT_JOBS, documentSubmission } from '../../../bench/support/dags.js';
import type { FabricClient } from '../../../src/client/index.js';
import type { KafkaConnection } from '../../../src/kafka/links/connection.js';
import { PATIENT_MS } from '../patience.js';
import { runExample } from './python.js';

/** How much a load may be at once. */
export interface Pace {
  /** Documents a second, at most. */
  readonly perSecond: number;
  /** Documents that have not ended, at most: what a busy machine can't keep up with is not begun. */
  readonly open: number;
}

/**
 * Submits documents one after the other until it is told to stop, at that pace or as fast as they are taken; gives the ids
 * of all that were acknowledged.
 */
export function keepSubmitting(client: FabricClient, prefix: string, pace?: Pace) {
  const ids: string[] = [];
  const ends: Promise<unknown>[] = [];
  let isOver = false;
  const done = (async () => {
    while (!isOver) {
      const document = documentSubmission(`${prefix}-${ids.length}`);
      const { dagId } = await client.submit(document, AbortSignal.timeout(PATIENT_MS));
      ids.push(dagId);
      if (pace === undefined) continue;
      // How it ended is looked at when all have.
      ends.push(client.wait(dagId, { signal: AbortSignal.timeout(PATIENT_MS) }).catch(() => undefined));
      await Promise.all([sleep(1_000 / pace.perSecond), ends.at(-pace.open)]);
    }
  })();
  // Whoever ends it gets the error.
  done.catch(() => undefined);
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
  for (const id of ids) {
    const ended = await client.wait(id, { signal: AbortSignal.timeout(PATIENT_MS) }).catch(async (error: unknown) => {
      const seen = await client.get(id, AbortSignal.timeout(PATIENT_MS));
      throw new Error(`${id} has not ended: ${JSON.stringify(seen)}`, { cause: error });
    });
    const failed = ended.state === 'failed' ? (await client.jobs(id)).filter(({ state }) => state === 'failed') : [];
    expect(failed, `jobs of ${id} that failed`).toEqual([]);
    expect(ended).toMatchObject({ state: 'succeeded', jobsTotal: DOCUMENT_JOBS });
  }
}

/** A reader that shares no code with the fabric finds one chain, one success of each job, no dispatch without a lease. */
export async function checkJournal({ brokers }: KafkaConnection, cell: string): Promise<void> {
  const said = await runExample('check_journal.py', [brokers.join(','), cell]);
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(/^\d+ turns, epoch \d+, [1-9]\d* DAGs, [1-9]\d* dispatches, \d+ void records, 0 problems$/);
}
