/** On Kafka, too, a store that can't be used is told of. */
import { beforeEach, it } from 'vitest';
import { startCell } from '../../support/kafka/cell.js';
import { needsKafka } from '../../support/kafka/shared.js';

beforeEach((context) => needsKafka(context));

it('a store of another cell is set aside, and the log says so', async () => {
  const first = await (await startCell()).start();
  // So that there is something in its store.
  const client = first.client();
  await client.wait((await client.submit({ name: 'one', jobs: [{ id: 'only', kind: 'noop' }] })).dagId);
  await first.stop();
  const second = await (await startCell()).start(first.data);
  // Its two streams come in no order.
  await second.program.saying('"reason":"other-cell"');
  await second.program.saying('the store can not be used: it was set aside');
  await second.stop();
});
