/** Programs on the topics of a cell: what they have closed, or could not open, keeps nothing and nobody waiting. */
import { beforeEach, expect, it } from 'vitest';
import { FabricError } from '../../../src/client/index.js';
import { Dispatches } from '../../../src/topics/dispatches.js';
import { connectTopics } from '../../../src/topics/index.js';
import { makeCellTopics, PARTITIONS } from '../../support/kafka/cell.js';
import { recordsOfTopic } from '../../support/kafka/check-topics.js';
import { offsetsRefused } from '../../support/kafka/refused-answers.js';
import { freshName, needsKafka, proxiedKafka, sharedKafka } from '../../support/kafka/shared.js';
import { PATIENT } from '../../support/patience.js';

const OFFSETS = 2;
const METADATA = 3;
const TOPIC_AUTHORIZATION_FAILED = 29;

let cell: string;

beforeEach(async (context) => {
  needsKafka(context);
  cell = freshName('c');
  await makeCellTopics(sharedKafka(), cell);
});

it('dispatches of which one partition can not be asked leave no connection to the others', async () => {
  const { proxy, connection } = await proxiedKafka();
  let asked = 0;
  // The first partition is asked for its first position and its last.
  proxy.answers = (apiKey, request) =>
    apiKey === OFFSETS && ++asked > 2 ? offsetsRefused(request, TOPIC_AUTHORIZATION_FAILED) : null;
  const nobody = (): void => undefined;
  const told = { told: nobody, lost: nobody, failed: nobody };
  const dispatches = new Dispatches({ connection, cell, partitions: PARTITIONS, ...told });
  await expect(dispatches.opened()).rejects.toMatchObject({ code: 'kafka-denied' });
  await expect.poll(() => proxy.connections).toBe(0);
  proxy.answers = () => null;
  await dispatches.opened();
  dispatches.close();
  await expect.poll(() => proxy.connections).toBe(0);
  await proxy.close();
});

it('a submission that no leader has taken is over when the topics are closed', async () => {
  const topics = await connectTopics({ brokers: sharedKafka().brokers, cell });
  const submitted = topics.submit({ jobs: [{ id: 'a', kind: 'noop' }] });
  const refused = expect(submitted).rejects.toMatchObject({
    code: 'aborted',
    message: expect.stringContaining('closed'),
  });
  topics.close();
  await refused;
  await expect(topics.submit({ jobs: [{ id: 'a', kind: 'noop' }] })).rejects.toMatchObject({ code: 'aborted' });
});

it('a submission that no leader has taken is over when its caller gives it up; one that begins then is not written', async () => {
  const topics = await connectTopics({ brokers: sharedKafka().brokers, cell });
  const given = new AbortController();
  const dag = { jobs: [{ id: 'a', kind: 'noop' as const }] };
  const refused = expect(topics.submit(dag, given.signal)).rejects.toMatchObject({ code: 'aborted' });
  const written = async () => (await recordsOfTopic(`marie.${cell}.submissions`)).flat().length;
  await expect.poll(written, PATIENT).toBe(1);
  given.abort();
  await refused;
  await expect(topics.submit(dag, given.signal)).rejects.toMatchObject({ code: 'aborted' });
  topics.close();
  expect(await written()).toBe(1);
});

it('brokers that are away for a moment are waited for', async () => {
  const { proxy, connection } = await proxiedKafka();
  let asked = 0;
  proxy.answers = (apiKey) => {
    if (apiKey === METADATA && asked++ === 0) proxy.reset();
    return null;
  };
  const topics = await connectTopics({ brokers: connection.brokers, cell });
  expect(asked).toBeGreaterThan(1);
  topics.close();
  await proxy.close();
});

it('a journal that nobody may follow is told of as every call tells it', async () => {
  const { proxy, connection } = await proxiedKafka();
  const topics = await connectTopics({ brokers: connection.brokers, cell });
  proxy.answers = (apiKey, request) =>
    apiKey === OFFSETS ? offsetsRefused(request, TOPIC_AUTHORIZATION_FAILED) : null;
  const read = async () => {
    for await (const _event of topics.lifecycle());
  };
  const denied = { code: 'kafka-denied', status: 403 };
  const refused = read();
  await expect(refused).rejects.toMatchObject(denied);
  await expect(refused).rejects.toThrow(FabricError);
  await expect(topics.wait('a')).rejects.toMatchObject(denied);
  topics.close();
  await proxy.close();
});
