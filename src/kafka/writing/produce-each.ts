import type { Broker } from 'kafkajs/src/cluster/index.js';
import { asKafkaFault, type KafkaFault } from '../fault.js';
import { type Link, sendingMs } from '../links/link.js';
import { errorOf } from '../protocol/answer.js';
import { type PartitionRecords, produce } from '../protocol/produce.js';
import { sizeOfRecord } from '../protocol/record-batch.js';

/**
 * Writes records, for which a broker may take so long, in ms, and a slow line as long as they are large. Gives for each
 * partition the offset of the first, or why they may not be there.
 */
export async function produceEach(
  link: Link,
  broker: Broker,
  batches: readonly PartitionRecords[],
  timeoutMs: number,
): Promise<readonly (number | KafkaFault)[]> {
  let bytes = 0;
  for (const { records } of batches) for (const record of records) bytes += sizeOfRecord(record);
  const patience = { timeoutMs, requestTimeout: timeoutMs + sendingMs(bytes) };
  try {
    const said = await link.answer(produce(broker, batches, patience, link.throttled), link.withinMs(bytes));
    return said.map(({ errorCode, offset }, index) => {
      const error = errorOf(errorCode);
      return error === null ? offset : faultOf(batches[index]!, error);
    });
  } catch (error) {
    return batches.map((batch) => faultOf(batch, error));
  }
}

function faultOf({ topic, partition }: PartitionRecords, error: unknown): KafkaFault {
  return asKafkaFault(error, `${topic}/${partition} could not be written`, true);
}
