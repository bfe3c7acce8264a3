import { join } from 'node:path';
import { expect } from 'vitest';
import { verify } from '../../../replay/index.js';
import type { Dag, FabricClient, Job } from '../../../src/client/index.js';
import type { FabricProcess } from './fabric.js';
import { Ledger } from './ledger.js';

const PAGE = 1_000;

/** All jobs of a DAG, children of fan-outs too. */
export async function allJobs(client: FabricClient, dagId: string): Promise<readonly Job[]> {
  const jobs: Job[] = [];
  for (;;) {
    const page = await client.jobs(dagId, { from: jobs.length, limit: PAGE, children: true });
    jobs.push(...page);
    if (page.length < PAGE) return jobs;
  }
}

/**
 * Stops a fabric whose DAG has succeeded, and looks at its history from outside: the fold from scratch agrees with
 * every turn, the live state hash is the one in the journal, no invariant was broken, every job ended once and well
 * (a signal job that nothing needed was skipped), and each that an executor ran by exactly one accepted completion.
 */
export async function checkHistory(
  fabric: FabricProcess,
  client: FabricClient,
  dag: Dag,
): Promise<{ readonly ledger: Ledger; readonly jobs: readonly Job[] }> {
  const { ledger, jobsOf } = await checkHistories(fabric, client, [dag]);
  return { ledger, jobs: jobsOf.get(dag) ?? [] };
}

/** The same for a fabric that ran several DAGs. */
export async function checkHistories(
  fabric: FabricProcess,
  client: FabricClient,
  dags: readonly Dag[],
): Promise<{ readonly ledger: Ledger; readonly jobsOf: ReadonlyMap<Dag, readonly Job[]> }> {
  const jobsOf = new Map<Dag, readonly Job[]>();
  for (const dag of dags) jobsOf.set(dag, await allJobs(client, dag.dagId));
  const live = await client.operations.cell();
  expect(await fabric.stop()).toEqual({ code: 0, signal: null });
  const folder = join(fabric.data, 'journal');
  const report = await verify(folder);
  expect(report.problem).toBeNull();
  expect(report).toMatchObject({ ok: true, torn: null });
  const ledger = await Ledger.of(folder);
  expect(ledger.violations).toEqual([]);
  expect(ledger.turns).toBe(report.turns);
  expect(ledger.stateHashes[live.turn]).toBe(live.stateHash);
  for (const [dag, jobs] of jobsOf) {
    expect(jobs).toHaveLength(dag.jobsTotal);
    const wrong = jobs.filter((job) => !endedOnce(ledger, dag.dag, job));
    expect(wrong).toEqual([]);
  }
  return { ledger, jobsOf };
}

function endedOnce(ledger: Ledger, dag: number, job: Job): boolean {
  const { ends, completions } = ledger.job(dag, job.index);
  const isRun = job.kind === 'executor' && job.children === null;
  const isWell = job.state === 'succeeded' || (job.kind === 'signal' && job.state === 'skipped');
  return isWell && ends.join() === job.state && completions === (isRun ? 1 : 0);
}
