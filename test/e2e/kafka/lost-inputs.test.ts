import { beforeEach, expect, it, vi } from 'vitest';
import { Code } from '../../../src/catalogue/generated/codes.js';
import { decodeTurn } from '../../../src/catalogue/turn.js';
import { openKafkaJournal } from '../../../src/journal/kafka/open.js';
import { deleteRecordsBefore } from '../../../src/kafka/topics/admin.js';
import { topicName } from '../../../src/kafka/topics/names.js';
import { PartitionWriter } from '../../../src/kafka/writing/partition-writer.js';
import { startCell } from '../../support/kafka/cell.js';
import { needsKafka, sharedKafka } from '../../support/kafka/shared.js';
import { PATIENT, PATIENT_MS } from '../../support/patience.js';

beforeEach((context) => needsKafka(context));

const SUBMISSION = Buffer.from(JSON.stringify({ jobs: [{ id: 'a', kind: 'noop' }] }));
const HEADERS = { 'content-type': 'application/json' };

it('passes over inputs that the brokers no longer have, says so, and goes on', async () => {
  const cell = await startCell();
  const topic = topicName(cell.name, 'submissions');
  const writer = new PartitionWriter(sharedKafka(), topic, 0, PATIENT_MS);
  const send = (count: number) =>
    writer.write(Array.from({ length: count }, () => ({ key: null, value: SUBMISSION, headers: HEADERS })));
  await send(7);
  await deleteRecordsBefore(sharedKafka(), topic, 0, 5);
  const fabric = await cell.start();
  const client = fabric.client();
  await send(1);
  writer.close();
  const { dagId } = await client.submit({ jobs: [{ id: 'a', kind: 'noop' }] });
  await client.wait(dagId);
  // The partitions are read side by side: what came by the topic may come later.
  const listed = async () => (await (await fetch(`${fabric.url}/v1/dags`)).json()) as { dags: unknown[] };
  await vi.waitFor(async () => expect((await listed()).dags).toHaveLength(4), PATIENT);
  await fabric.stop();

  const journal = await openKafkaJournal({
    connection: sharedKafka(),
    topic: topicName(cell.name, 'journal'),
    cell: cell.name,
  });
  const lost: unknown[] = [];
  let submissions = 0;
  for await (const { bytes } of journal.read(1)) {
    for (const { code, body } of decodeTurn(bytes).entries) {
      if (code === Code.InputsLost) lost.push(body);
      if (code === Code.SubmitDag) submissions += 1;
    }
  }
  await journal.close();
  expect(lost).toEqual([{ source: 'submissions', partition: 0, from: 0, to: 5 }]);
  // Two that were still there, one that came later, and the client's.
  expect(submissions).toBe(4);
});
