import type { Broker } from 'kafkajs/src/cluster/index.js';
import { type Link, sendingMs } from '../links/link.js';
import { type PartitionRecords, type ProducedPartition, produce } from '../protocol/produce.js';
import { sizeOfRecord } from '../protocol/record-batch.js';

/** Writes records, for which a broker may take so long, in ms, and a slow line as long as they are large. */
export function produceInTime(
  link: Link,
  broker: Broker,
  batches: readonly PartitionRecords[],
  timeoutMs: number,
): Promise<readonly ProducedPartition[]> {
  let bytes = 0;
  for (const { records } of batches) for (const record of records) bytes += sizeOfRecord(record);
  const patience = { timeoutMs, requestTimeout: timeoutMs + sendingMs(bytes) };
  return link.answer(produce(broker, batches, patience, link.throttled), link.withinMs(bytes));
}
