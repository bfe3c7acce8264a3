import { join } from 'node:path';
import { expect } from 'vitest';
import { DOCUMENT_JOBS, documentSubmission, fanOutSubmission } from '../../bench/support/dags.js';
import { Code } from '../../src/catalogue/generated/codes.js';
import type { Dag, FabricClient, Job, Submission } from '../../src/client/index.js';
import { it, temporaryFolder, until } from '../support/fabric/fabric.js';
import { checkHistories } from '../support/fabric/history.js';
import type { Ledger } from '../support/fabric/ledger.js';
import { type Effect, effectsIn, hasPython, startPythonDocuments } from '../support/fabric/python.js';

const EACH = 12;
/** Long enough that a busy machine loses no session by itself, and short enough to wait for its end. */
const SESSION_MS = 5_000;

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython)(
  'the Python executor drives documents to the end; killed twice, and the fabric once, it does nothing twice',
  async ({ fabric, client }) => {
    const ledgerFile = join(temporaryFolder(), 'ledger.sqlite');
    const ids = await submitAll(client, EACH);

    // Back at once: what it did and could not report goes on under its leases, the rest is given out again.
    let python = startPythonDocuments(fabric.url, ledgerFile, SESSION_MS);
    await untilOpen(client, (2 * ids.length) / 3);
    await python.end('SIGKILL');
    python = startPythonDocuments(fabric.url, ledgerFile, SESSION_MS);

    // The fabric is killed, too: the executors repeat what it had not answered.
    await untilOpen(client, ids.length / 2);
    await fabric.kill();
    await fabric.restart();

    // Back too late: its sessions have run out, and everything comes again under other tokens.
    await untilOpen(client, ids.length / 3);
    await python.end('SIGKILL');
    await until(async () => (await client.operations.executors()).every(({ state }) => state !== 'live'), 100);
    python = startPythonDocuments(fabric.url, ledgerFile, SESSION_MS);

    const dags: Dag[] = [];
    for (const id of ids) dags.push(await client.wait(id));
    for (const dag of dags) expect(dag.state).toBe('succeeded');
    expect(await client.output(ids[0] as string, 'publish')).toEqual({ published: ids[0] });
    expect(await python.end('SIGTERM')).toEqual({ code: 0, signal: null });
    expect((await client.operations.executors()).filter(({ state }) => state === 'live')).toEqual([]);

    const { ledger, jobsOf } = await checkHistories(fabric, client, dags);
    expect(ledger.count(Code.LeaseExpired) + ledger.count(Code.LeaseAdopted)).toBeGreaterThan(0);
    checkEffects(effectsIn(ledgerFile), ledger, jobsOf);
  },
);

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython)(
  'the Python executor drains in the middle of its work: no lease ends but by its own word',
  async ({ fabric, client }) => {
    const ledgerFile = join(temporaryFolder(), 'ledger.sqlite');
    const ids = await submitAll(client, 12);
    const first = startPythonDocuments(fabric.url, ledgerFile, 30_000);
    await untilOpen(client, ids.length - 2);
    expect(await first.end('SIGTERM')).toEqual({ code: 0, signal: null });
    const second = startPythonDocuments(fabric.url, ledgerFile, 30_000);
    const dags: Dag[] = [];
    for (const id of ids) dags.push(await client.wait(id));
    // Quick work may be done before it is there; a signal that comes before that just ends it.
    await second.saying('python-publisher: registered');
    expect(await second.end('SIGTERM')).toEqual({ code: 0, signal: null });
    const { ledger } = await checkHistories(fabric, client, dags);
    expect([ledger.count(Code.LeaseExpired), ledger.count(Code.SlotReclaiming)]).toEqual([0, 0]);
    expect(ledger.count(Code.ExecutorDeregistered)).toBe(10);
  },
);

/** Half of them with their pages as jobs of their own, half with a fan-out that the merge reads. */
async function submitAll(client: FabricClient, each: number): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < each; index++) {
    for (const submission of [documentSubmission(`jobs-${index}`), readingPages(fanOutSubmission(`fan-${index}`))]) {
      ids.push((await client.submit(submission)).dagId);
    }
  }
  return ids;
}

function readingPages(submission: Submission): Submission {
  const jobs = submission.jobs.map((job) =>
    job.id === 'merge' ? { ...job, inputs: { pages: { from: 'page' } } } : job,
  );
  return { ...submission, jobs };
}

function untilOpen(client: FabricClient, dags: number): Promise<void> {
  return until(async () => (await client.operations.cell()).openDags <= dags, 10);
}

/** One effect for each job that an executor ran, and each under a lease that the journal says was granted for it. */
function checkEffects(effects: readonly Effect[], ledger: Ledger, jobsOf: ReadonlyMap<Dag, readonly Job[]>): void {
  const run = [...jobsOf].flatMap(([{ dagId }, jobs]) =>
    jobs.filter(({ children }) => children === null).map(({ job }) => `${dagId} ${job}`),
  );
  expect(run).toHaveLength(2 * EACH * DOCUMENT_JOBS);
  expect(effects.map(({ dag, job }) => `${dag} ${job}`).sort()).toEqual(run.sort());
  for (const { token } of effects) {
    const [, dag, job, , number = 0] = token.split('.').map(Number);
    expect(ledger.holderOf(number)).toBe(`${dag}/${job}`);
  }
}
