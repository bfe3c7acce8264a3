/** The journal's topic is deleted and made anew, or loses its beginning, while a fabric runs or stands still. */
import { beforeEach, expect, it } from 'vitest';
import { deleteRecordsBefore, makeTopics } from '../../../src/kafka/admin.js';
import { wishesOf } from '../../../src/kafka/topic-plan.js';
import { topicName } from '../../../src/kafka/topics.js';
import { startCell } from '../../support/kafka/cell.js';
import { deleteTopic } from '../../support/kafka/delete-topic.js';
import { needsKafka, sharedKafka } from '../../support/kafka/shared.js';

beforeEach((context) => needsKafka(context));

/** A cell whose journal has some turns, and one process of it. */
async function begun() {
  const cell = await startCell();
  const fabric = await cell.start();
  const client = fabric.client();
  await client.wait((await client.submit({ jobs: [{ id: 'only', kind: 'noop' }] })).dagId);
  return { cell, fabric, topic: topicName(cell.name, 'journal') };
}

/** Deletes the journal's topic and makes it anew, empty. */
async function makeAnew(cell: string, topic: string): Promise<void> {
  await deleteTopic(topic);
  const [journal] = wishesOf({ cell, partitions: 1, replicas: 1, retentionMs: 1_000_000, isDev: true });
  await expect
    .poll(() =>
      makeTopics(sharedKafka(), [journal!]).then(
        () => true,
        () => false,
      ),
    )
    .toBe(true);
}

it('a fabric whose journal was made anew refuses to start: nothing begins anew unasked', async () => {
  const { cell, fabric, topic } = await begun();
  await fabric.stop();
  await makeAnew(cell.name, topic);
  await expect(cell.start(fabric.data)).rejects.toThrow('journal-ahead');
});

it('a fabric whose journal is made anew while it runs ends with an error', async () => {
  const { cell, fabric, topic } = await begun();
  await makeAnew(cell.name, topic);
  expect(await fabric.program.exited).toMatchObject({ code: 5 });
  expect(fabric.program.said).toContain('journal-ahead');
});

it('a fabric whose journal has lost its beginning refuses to start, although its store has all, until that is accepted', async () => {
  const { cell, fabric, topic } = await begun();
  const { turn } = await fabric.client().submit({ jobs: [{ id: 'second', kind: 'noop' }] });
  await fabric.stop();
  await deleteRecordsBefore(sharedKafka(), topic, 0, turn - 1);
  await expect(cell.start(fabric.data)).rejects.toThrow(/journal-cut.*begins with turn/);
  const again = await cell.start(fabric.data, {}, ['--accept-cut']);
  const client = again.client();
  await client.wait((await client.submit({ jobs: [{ id: 'third', kind: 'noop' }] })).dagId);
  let known = 0;
  for await (const _ of client.listings.dags()) known += 1;
  expect(known).toBe(3);
  await again.stop();
});
