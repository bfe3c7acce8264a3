/** Whoever closes a reader keeps nothing of it: a connection that is left behind keeps a process from ending. */
import { beforeEach, expect, it, vi } from 'vitest';
import { PartitionReader } from '../../../src/kafka/reading/partition-reader.js';
import { SharedReader } from '../../../src/kafka/reading/shared-reader.js';
import { PartitionWriter } from '../../../src/kafka/writing/partition-writer.js';
import { SharedWriter } from '../../../src/kafka/writing/shared-writer.js';
import { freshName, makeTopic, needsKafka, sharedKafka } from '../../support/kafka/shared.js';
import { PATIENT } from '../../support/patience.js';

beforeEach((context) => needsKafka(context));

/** Connecting takes a few ms: moments before, between and after its two connections. */
const MOMENTS_MS = Array.from({ length: 25 }, (_, step) => step * 0.4);

const openSockets = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;

async function pause(ms: number): Promise<void> {
  const end = performance.now() + ms;
  while (performance.now() < end) await new Promise(setImmediate);
}

it('a reader or writer that is closed at any moment of its connecting leaves no connection open', async () => {
  const topic = freshName('dropped');
  await makeTopic(sharedKafka(), topic);
  await vi.waitFor(() => expect(openSockets()).toBe(0), PATIENT);
  for (const moment of MOMENTS_MS) {
    const reader = new PartitionReader(sharedKafka(), topic, 0, false);
    const writer = new PartitionWriter(sharedKafka(), topic, 0, 2_000);
    const sharedReader = new SharedReader(sharedKafka());
    const sharedWriter = new SharedWriter(sharedKafka(), { timeoutMs: 2_000, everyMs: 0 });
    const wait = { maxWaitMs: 2_000, maxBytes: 1_000 };
    const records = [{ key: 'key', value: Buffer.from('value'), headers: {} }];
    const over = Promise.allSettled([
      reader.read(0, wait),
      writer.write(records),
      sharedReader.partition(topic, 0).read(0, wait),
      sharedWriter.write(topic, 0, () => records),
    ]);
    await pause(moment);
    for (const one of [reader, writer, sharedReader, sharedWriter]) one.close();
    await over;
  }
  await vi.waitFor(() => expect(openSockets()).toBe(0), PATIENT);
});
