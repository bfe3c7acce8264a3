import { expect, it } from 'vitest';
import { Code } from '../../src/catalogue/generated/codes.js';
import type { Job } from '../../src/client/index.js';
import { differencesOf, submitDocument } from '../support/fabric/document.js';
import { FabricProcess, startDocuments, until } from '../support/fabric/fabric.js';
import { checkHistory } from '../support/fabric/history.js';
import { seededRandom, spread } from '../support/fabric/random.js';

const KILLS = 6;
/** A kill comes within so many ms after its moment, so that it hits any part of a turn. */
const JITTER_MS = 40;
const SEED = Number(process.env['MARIE_TEST_SEED'] ?? 20260);

/**
 * The 200-page run with kill -9 of the fabric at random moments of it, and once in the middle of a recovery. It ends with
 * the right result, each page has one accepted terminal callback, `replay verify` is clean, and the state hash is that of
 * a fold from scratch. Another seed: MARIE_TEST_SEED=n npx vitest run test/e2e/fabric-kill.test.ts
 */
it(`200 pages survive ${KILLS} kills of the fabric (seed ${SEED})`, { timeout: 600_000 }, async () => {
  const random = seededRandom(SEED);
  const fabric = await FabricProcess.start();
  startDocuments(fabric.url);
  const client = fabric.client();
  const { dagId, truth } = await submitDocument(client, 'archive');
  const moments = spread(random, KILLS, 5, 1_300);
  for (const [index, moment] of moments.entries()) {
    await until(async () => {
      const { jobsTotal, jobsLeft } = await client.get(dagId);
      return jobsTotal - jobsLeft >= moment;
    });
    await pause(random() * JITTER_MS);
    await fabric.kill();
    fabric.respawn();
    if (index === 2) {
      await pause(300 + random() * 1_000);
      await fabric.kill();
      fabric.respawn();
    }
    await fabric.ready();
  }
  const dag = await client.wait(dagId);
  expect(dag).toMatchObject({ state: 'succeeded', jobsLeft: 0 });
  expect(await differencesOf(client, dagId, truth)).toEqual([]);
  const { ledger, jobs } = await checkHistory(fabric, client, dag);
  expect(ledger.count(Code.LeaderElected)).toBeGreaterThan(KILLS);
  expect(jobs.filter(({ parent }) => parent !== null)).toHaveLength(
    3 * truth.pages.length + 4 * truth.documents.length,
  );
  const pages = jobs.filter(({ parent }) => parent !== null && childrenOf(jobs, parent) === truth.pages.length);
  expect(pages).toHaveLength(3 * truth.pages.length);
  expect(pages.filter(({ index }) => ledger.job(dag.dag, index).terminals !== 1)).toEqual([]);
});

function childrenOf(jobs: readonly Job[], parent: string): number {
  return jobs.filter((job) => job.parent === parent).length;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
