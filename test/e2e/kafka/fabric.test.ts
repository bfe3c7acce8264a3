import { beforeEach, expect, it } from 'vitest';
import { DOCUMENT_CLASSES, documentSubmission } from '../../../bench/support/dags.js';
import { compiled, Program } from '../../support/fabric/program.js';
import { startCell } from '../../support/kafka/cell.js';
import { checkTopics } from '../../support/kafka/check-topics.js';
import { needsKafka, sharedKafka } from '../../support/kafka/shared.js';
import { allSucceed, checkJournal, keepSubmitting } from '../../support/kafka/work.js';

beforeEach((context) => needsKafka(context));

/** One process leads, the other follows; either shows what was answered at a turn, or waits until it can. */
async function checkProcesses(standby: string, leader: string, turn: number): Promise<void> {
  const marie = Program.start([compiled('src/cli/main.js'), 'cluster', standby, leader, '--json']);
  const { processes } = JSON.parse(await marie.line()) as { processes: { role: string }[] };
  expect(processes.map(({ role }) => role)).toEqual(['standby', 'leader']);
  for (const url of [standby, leader]) {
    const seen = await fetch(`${url}/v1/dags/after?atLeastTurn=${turn}`);
    expect(seen.status).toBe(200);
    expect(Number(seen.headers.get('marie-turn'))).toBeGreaterThanOrEqual(turn);
  }
}

it('goes on when the leader is killed, and when it resigns: nothing that was acknowledged is lost', async () => {
  const cell = await startCell();
  const first = await cell.start();
  const second = await cell.start();
  cell.runExecutors(second, DOCUMENT_CLASSES);
  const client = second.client();
  await allSucceed(client, [(await client.submit(documentSubmission('alone'))).dagId]);
  const epoch = (await client.operations.cell()).epoch;
  const load = keepSubmitting(client, 'load');
  await expect.poll(() => load.ids.length).toBeGreaterThan(3);
  await first.kill();
  const atKill = load.ids.length;
  await expect.poll(() => load.ids.length).toBeGreaterThan(atKill + 3);
  expect((await client.operations.cell()).epoch).toBeGreaterThan(epoch);
  const acknowledged = await load.end();
  const third = await cell.start();
  await second.stop();
  cell.runExecutors(third, DOCUMENT_CLASSES);
  const other = third.client();
  await allSucceed(other, [...acknowledged, (await other.submit(documentSubmission('last'))).dagId]);
  expect((await other.operations.cell()).epoch).toBeGreaterThan(epoch + 1);
  await third.stop();
  await checkTopics(cell.name);
  await checkJournal(sharedKafka(), cell.name);
});

it('a leader that stood still finds another leading, follows it, and leads again when that one is gone', async () => {
  const cell = await startCell();
  const first = await cell.start();
  const second = await cell.start();
  cell.runExecutors(second, DOCUMENT_CLASSES);
  const client = second.client();
  await allSucceed(client, [(await client.submit(documentSubmission('before'))).dagId]);
  process.kill(first.program.pid, 'SIGSTOP');
  const { epoch } = await client.operations.cell();
  const during = (await client.submit(documentSubmission('during'))).dagId;
  expect((await client.operations.cell()).epoch).toBeGreaterThan(epoch);
  process.kill(first.program.pid, 'SIGCONT');
  const other = first.client();
  const { dagId: after, turn } = await other.submit(documentSubmission('after'));
  await checkProcesses(first.url, second.url, turn);
  await allSucceed(other, [during, after]);
  await second.kill();
  cell.runExecutors(first, DOCUMENT_CLASSES);
  await allSucceed(other, [(await other.submit(documentSubmission('last'))).dagId]);
  await first.stop();
  await checkTopics(cell.name);
  await checkJournal(sharedKafka(), cell.name);
});
