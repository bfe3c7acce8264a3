import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { answerDocument, differencesOf, uploadDocument } from '../../support/fabric/document.js';
import { startDocuments } from '../../support/fabric/fabric.js';
import { startCell } from '../../support/kafka/cell.js';
import { runExample } from '../../support/kafka/python.js';
import { needsKafka, sharedKafka } from '../../support/kafka/shared.js';

beforeEach((context) => needsKafka(context));

it('a real document that a Python program submits by the topic comes out right, with its review', async () => {
  const cell = await startCell();
  const fabric = await cell.start();
  const client = fabric.client();
  startDocuments(fabric.url);
  const { dag, truth } = await uploadDocument(client, 'mixed');
  const file = join(cell.folder, 'dag.json');
  writeFileSync(file, JSON.stringify({ ...dag, id: 'document' }));
  const brokers = sharedKafka().brokers.join(',');
  expect(await runExample('submit.py', [brokers, cell.name, file])).toHaveLength(1);
  await expect.poll(() => client.get('document').catch(({ code }) => code)).toMatchObject({ dagId: 'document' });
  await answerDocument(client, 'document', truth);
  expect(await client.wait('document')).toMatchObject({ state: 'succeeded' });
  expect(await differencesOf(client, 'document', truth)).toEqual([]);
  const ended = await runExample('per_minute.py', [brokers, cell.name, 'document']);
  expect(ended.at(-1)).toBe('ended DagSucceeded@1');
});
