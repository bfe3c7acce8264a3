import { join } from 'node:path';
import { expect } from 'vitest';
import { Code } from '../../src/catalogue/generated/codes.js';
import { flatDag } from '../support/fabric/dags.js';
import { differencesOf, submitDocument } from '../support/fabric/document.js';
import { FabricProcess, it, startDocuments, until } from '../support/fabric/fabric.js';
import { checkHistory } from '../support/fabric/history.js';
import { Ledger } from '../support/fabric/ledger.js';
import { Program, testProgram } from '../support/fabric/program.js';
import { seededRandom, spread } from '../support/fabric/random.js';
import { RawExecutor } from '../support/fabric/raw-executor.js';

const SEED = Number(process.env['MARIE_TEST_SEED'] ?? 20261);
/** Less than POISON_LOSSES, so that no job can be lost too often. */
const KILLS = 2;

it(`a document survives ${KILLS} kills of its executors (seed ${SEED})`, async () => {
  const random = seededRandom(SEED);
  const fabric = await FabricProcess.start();
  const client = fabric.client();
  const { dagId, truth } = await submitDocument(client, 'mixed');
  let executors = startDocuments(fabric.url);
  for (const [index, moment] of spread(random, KILLS, 2, 55).entries()) {
    await until(async () => {
      const { jobsTotal, jobsLeft } = await client.get(dagId);
      return jobsTotal - jobsLeft >= moment;
    });
    await executors.end('SIGKILL');
    // Under the same id their leases end as soon as they are back; under another one when their sessions run out.
    executors = startDocuments(fabric.url, index % 2 === 0 ? 'documents' : 'others');
  }
  const dag = await client.wait(dagId);
  expect(dag.state).toBe('succeeded');
  expect(await differencesOf(client, dagId, truth)).toEqual([]);
  await checkHistory(fabric, client, dag);
});

it('jobs of an executor whose session ran out run elsewhere; what it says later is refused', async ({
  fabric,
  client,
}) => {
  const silent = new RawExecutor(fabric.url, 'silent', 'noop', 2);
  const { dagId } = await client.submit(flatDag('noop', 6));
  // Long enough that its jobs reach it before its session ends.
  await silent.register(4_000);
  await silent.connect();
  await until(() => silent.dispatched.length === 2);
  Program.start([...testProgram('noop-executor'), fabric.url, 'other', 'noop', '2']);
  const dag = await client.wait(dagId);
  expect(dag).toMatchObject({ state: 'succeeded', jobsTotal: 6 });
  const [first] = silent.dispatched;
  expect(silent.dispatched).toHaveLength(2);
  const again = new RawExecutor(fabric.url, 'silent', 'noop', 2);
  await again.register(60_000, silent.dispatched);
  await again.connect();
  await until(() => again.stopped.length === 2);
  expect(await again.complete(first!)).toMatchObject({ accepted: false, code: 'stale-token' });
  const { ledger } = await checkHistory(fabric, client, dag);
  expect(ledger.count(Code.LeaseExpired)).toBe(2);
});

it('a slot whose work may still run is not given away', async ({ fabric, client }) => {
  const deaf = await RawExecutor.start(fabric.url, 'deaf', 'noop', 2);
  const { dagId } = await client.submit(flatDag('noop', 4, { timeoutMs: 300, retry: { maxAttempts: 5 } }));
  await until(() => deaf.stopped.length === 2);
  // Both attempts are out of time, and four jobs want a slot; but nothing says that the work on the two has stopped.
  const [held] = await client.operations.classes();
  expect(held).toMatchObject({ slotsAdvertised: 2, slotsReclaiming: 2, slotsFree: 0 });
  expect(deaf.dispatched).toHaveLength(2);
  const [first] = deaf.dispatched;
  await deaf.send({ type: 'return', token: first!.token, reason: 'stopped' });
  await until(() => deaf.dispatched.length === 3);
  const ledger = await Ledger.of(join(fabric.data, 'journal'));
  expect(ledger.violations).toEqual([]);
  expect(ledger.holdings).toBe(2);
  await client.controls.cancel(dagId);
  await until(async () => (await client.get(dagId)).state === 'cancelled');
});
