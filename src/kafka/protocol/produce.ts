/** Produce requests (version 7), with batches of our own. */

import type { Broker, ProduceResponse } from 'kafkajs/src/cluster/index.js';
import response from 'kafkajs/src/protocol/requests/produce/v7/response.js';
import { type OutgoingRecord, writeBatch } from './record-batch.js';
import { Scratch } from './scratch.js';

/** Records for one partition. */
export interface PartitionRecords {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly OutgoingRecord[];
}

const PRODUCE = 0;
const VERSION = 7;
const ALL_IN_SYNC = -1;
/** Bytes of a request, of a topic beside its name, and of a partition beside its batch. */
const REQUEST_BYTES = 12;
const TOPIC_BYTES = 6;
const PARTITION_BYTES = 8;

const scratch = new Scratch();

/** Writes records with one request to the broker that leads their partitions, acks=all. */
export function produce(
  broker: Broker,
  batches: readonly PartitionRecords[],
  timeoutMs: number,
): Promise<ProduceResponse> {
  const payload = encode(batches, timeoutMs);
  const request = {
    apiKey: PRODUCE,
    apiVersion: VERSION,
    apiName: 'Produce',
    // What the client takes for an encoder.
    encode: async () => ({ buf: payload, buffer: payload }),
  };
  return broker.connectionPool.send({ request, response });
}

function encode(batches: readonly PartitionRecords[], timeoutMs: number): Buffer {
  const now = Date.now();
  scratch.reset();
  scratch.reserve(REQUEST_BYTES);
  scratch.int16(-1); // no transaction
  scratch.int16(ALL_IN_SYNC);
  scratch.int32(timeoutMs);
  const byTopic = grouped(batches);
  scratch.int32(byTopic.size);
  for (const [topic, own] of byTopic) {
    const name = Buffer.from(topic, 'utf8');
    scratch.reserve(TOPIC_BYTES + name.length);
    scratch.int16(name.length);
    scratch.raw(name);
    scratch.int32(own.length);
    for (const { partition, records } of own) {
      scratch.reserve(PARTITION_BYTES);
      scratch.int32(partition);
      const lengthAt = scratch.at;
      scratch.int32(0);
      writeBatch(scratch, records, now);
      scratch.bytes.writeInt32BE(scratch.at - lengthAt - 4, lengthAt);
    }
  }
  return scratch.taken();
}

function grouped(batches: readonly PartitionRecords[]): ReadonlyMap<string, readonly PartitionRecords[]> {
  const byTopic = new Map<string, PartitionRecords[]>();
  for (const batch of batches) {
    const known = byTopic.get(batch.topic);
    if (known === undefined) byTopic.set(batch.topic, [batch]);
    else known.push(batch);
  }
  return byTopic;
}
