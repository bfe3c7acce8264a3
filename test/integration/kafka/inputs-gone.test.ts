/** A topic of inputs that can't be read while a fabric runs: whoever asks whether it takes work is told. */
import { beforeEach, expect, it } from 'vitest';
import { topicName } from '../../../src/kafka/topics/names.js';
import { startCell } from '../../support/kafka/cell.js';
import { deleteTopic } from '../../support/kafka/delete-topic.js';
import { needsKafka } from '../../support/kafka/shared.js';
import { PATIENT } from '../../support/patience.js';

beforeEach((context) => needsKafka(context));

it('a leader whose submissions are gone says that it is not ready, and why', async () => {
  const cell = await startCell();
  const fabric = await cell.start();
  const ready = async (): Promise<unknown> => (await fetch(`${fabric.url}/readyz`)).json();
  expect(await ready()).toMatchObject({ status: 'ready' });
  await deleteTopic(topicName(cell.name, 'submissions'));
  await expect.poll(ready, PATIENT).toMatchObject({
    code: 'not-ready',
    detail: expect.stringMatching(/^submissions have not been read for \d+ s: .*submissions/),
  });
  await fabric.stop();
});
