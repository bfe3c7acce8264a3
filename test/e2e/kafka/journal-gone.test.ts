/** Topics are deleted and made anew, or the journal's loses its beginning, while a fabric runs or stands still. */
import { beforeEach, expect, it } from 'vitest';
import { deleteRecordsBefore, makeTopics } from '../../../src/kafka/topics/admin.js';
import { topicName } from '../../../src/kafka/topics/names.js';
import { wishesOf } from '../../../src/kafka/topics/topic-plan.js';
import { PartitionWriter } from '../../../src/kafka/writing/partition-writer.js';
import { type CellProcess, PARTITIONS, startCell } from '../../support/kafka/cell.js';
import { deleteTopic } from '../../support/kafka/delete-topic.js';
import { needsKafka, sharedKafka } from '../../support/kafka/shared.js';
import { PATIENT, PATIENT_MS } from '../../support/patience.js';

beforeEach((context) => needsKafka(context));

/** A cell whose journal has some turns, and one process of it. */
async function begun() {
  const cell = await startCell();
  const fabric = await cell.start();
  const client = fabric.client();
  await client.wait((await client.submit({ jobs: [{ id: 'only', kind: 'noop' }] })).dagId);
  return { cell, fabric, topic: topicName(cell.name, 'journal') };
}

/** Deletes a topic and makes it anew, empty. */
async function makeAnew(cell: string, topic: string): Promise<void> {
  await deleteTopic(topic);
  await make(cell, topic);
}

/** Makes one of a cell's topics. */
async function make(cell: string, topic: string): Promise<void> {
  const wishes = wishesOf({ cell, partitions: PARTITIONS, replicas: 1, retentionMs: 1_000_000, isDev: true });
  await makeTopics(
    sharedKafka(),
    wishes.filter(({ name }) => name === topic),
  );
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

it('a fabric whose journal has lost turns that were not published goes on with those that are there, and says so', async () => {
  const { cell, fabric, topic } = await begun();
  const lifecycle = topicName(cell.name, 'lifecycle');
  await deleteTopic(lifecycle);
  const client = fabric.client();
  await client.submit({ jobs: [{ id: 'second', kind: 'noop' }] });
  const { turn } = await client.submit({ jobs: [{ id: 'third', kind: 'noop' }] });
  await fabric.stop();
  await deleteRecordsBefore(sharedKafka(), topic, 0, turn - 1);
  await make(cell.name, lifecycle);
  const again = await cell.start(fabric.data, {}, ['--accept-cut']);
  await again.program.saying('were never published');
  const { dagId } = await again.client().submit({ jobs: [{ id: 'fourth', kind: 'noop' }] });
  await again.client().wait(dagId);
  expect(await again.stop()).toMatchObject({ code: 0 });
});

it('a fabric whose submissions are made anew while it runs ends with an error, although it had read none of them', async () => {
  const { cell, fabric } = await begun();
  const topic = topicName(cell.name, 'submissions');
  const value = Buffer.from(JSON.stringify({ jobs: [{ id: 'only', kind: 'noop' }] }));
  const record = { key: null, value, headers: { 'content-type': 'application/json' } };
  const fill = async (): Promise<void> => {
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const writer = new PartitionWriter(sharedKafka(), topic, partition, PATIENT_MS);
      await writer.write(Array(9).fill(record));
      writer.close();
    }
  };
  const untilThere = async ({ url }: CellProcess, what: string, count: number): Promise<void> => {
    const listed = async () => (await (await fetch(`${url}/v1/${what}`)).json()) as Record<string, unknown[]>;
    await expect.poll(async () => (await listed())[what], PATIENT).toHaveLength(count);
  };
  await fill();
  await untilThere(fabric, 'dags', 1 + 9 * PARTITIONS);
  await fabric.stop();
  const again = await cell.start(fabric.data);
  // What is asked for with the submissions was read.
  cell.runExecutors(again, ['any']);
  await untilThere(again, 'executors', 1);
  await makeAnew(cell.name, topic);
  // As many as there were, and more: the position up to which it was read is one of theirs.
  for (let i = 0; i < 3; i++) await fill();
  expect(await again.program.exited).toMatchObject({ code: 1 });
  expect(again.program.said).toContain('kafka-topic-anew');
});
