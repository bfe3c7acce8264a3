/** On Kafka, too, a store that can't be used is told of. */
import { beforeEach, expect, it } from 'vitest';
import { startCell } from '../../support/kafka/cell.js';
import { needsKafka } from '../../support/kafka/shared.js';

beforeEach((context) => needsKafka(context));

it('a store of another cell is set aside, and the log says so', async () => {
  const first = await (await startCell()).start();
  await first.stop();
  const second = await (await startCell()).start(first.data);
  expect(second.program.said).toContain('"reason":"other-cell"');
  expect(second.program.said).toContain('the store can not be used: it was set aside');
  await second.stop();
});
