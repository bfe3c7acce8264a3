/** Topics whose records brokers compress, as they do where nobody may set them otherwise. */
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { defineExecutor, runExecutors } from '../../../src/executor/index.js';
import { makeTopics } from '../../../src/kafka/topics/admin.js';
import { wishesOf } from '../../../src/kafka/topics/topic-plan.js';
import { connectTopics } from '../../../src/topics/index.js';
import { Cell, PARTITIONS } from '../../support/kafka/cell.js';
import { freshName, needsKafka, sharedKafka } from '../../support/kafka/shared.js';
import { checkJournal } from '../../support/kafka/work.js';
import { quietLog } from '../../support/quiet-log.js';

const CODECS = ['zstd', 'lz4', 'snappy', 'gzip'];

beforeEach((context) => needsKafka(context));

it('a cell works on topics that are compressed in every way, and is led on from the journal alone', async () => {
  const connection = sharedKafka();
  const name = freshName('c');
  const options = { cell: name, partitions: PARTITIONS, replicas: 1, retentionMs: 3_600_000, isDev: true };
  const compressed = wishesOf(options).map(({ settings, ...wish }, i) => ({
    ...wish,
    settings: { ...settings, 'compression.type': CODECS[i % CODECS.length]! },
  }));
  await makeTopics(connection, compressed);
  const cell = new Cell(name, connection, {});
  const first = await cell.start();
  const topics = await connectTopics({ brokers: connection.brokers, cell: name });
  onTestFinished(() => topics.close());
  const echo = defineExecutor({ class: 'echo', slots: 2, run: async (_ctx, { text }: { text: string }) => text });
  const running = await runExecutors({ topics, executors: [echo], log: quietLog(), handleSignals: false });
  const submit = (text: string) =>
    topics.submit({ jobs: [{ id: 'a', executorClass: 'echo', inputs: { text: { value: text } } }] });
  const texts = ['short', 'long '.repeat(20_000)];
  const submitted = [];
  for (const text of texts) submitted.push(await submit(text));
  for (const { dagId } of submitted) expect(await topics.wait(dagId)).toMatchObject({ state: 'succeeded' });
  await first.kill();

  const second = await cell.start();
  const client = second.client();
  for (const [i, { dagId }] of submitted.entries()) expect(await client.output(dagId, 'a')).toBe(texts[i]);
  const last = await submit('last');
  expect(await topics.wait(last.dagId)).toMatchObject({ state: 'succeeded' });
  await running.close();
  await second.stop();
  await checkJournal(connection, name);
});
