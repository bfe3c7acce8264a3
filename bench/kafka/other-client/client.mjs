/** The fabric's reader, writer and journal of one partition on @platformatic/kafka: as little as the comparison needs. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Consumer, ListOffsetTimestamps, Producer } from '@platformatic/kafka';
import { KafkaJournal } from '../../../src/journal/kafka/journal.ts';
import { JournalTail } from '../../../src/journal/kafka/tail.ts';
import { ReaderRule } from '../../../src/journal/rule.ts';
import { KafkaFault } from '../../../src/kafka/fault.ts';
import { PartitionReader } from '../../../src/kafka/reading/partition-reader.ts';
import { patiently } from '../../../src/kafka/reading/patience.ts';
import { PartitionWriter } from '../../../src/kafka/writing/partition-writer.ts';

const APPEND_TIMEOUT_MS = 3000;

function optionsOf({ brokers, clientId }) {
  const base = { clientId, bootstrapBrokers: [...brokers], retries: 0, autocreateTopics: false };
  return { ...base, timeout: APPEND_TIMEOUT_MS, connectTimeout: 2000 };
}

function fault(error, maybeDone) {
  return new KafkaFault('kafka-unavailable', String(error?.message ?? error), maybeDone, error);
}

/** Writes as `PartitionWriter` does: acks=all, plain, no retries, one request at a time. */
export class OtherWriter extends PartitionWriter {
  #producer = null;

  constructor(connection, topic, partition) {
    super(connection, topic, partition, APPEND_TIMEOUT_MS);
    Object.assign(this, { of: connection, topicName: topic, index: partition });
  }

  async write(records) {
    this.#producer ??= new Producer({
      ...optionsOf(this.of),
      acks: -1,
      idempotent: false,
      repeatOnStaleMetadata: false,
    });
    try {
      const messages = records.map(({ key, value, headers }) => ({
        topic: this.topicName,
        partition: this.index,
        ...(key === null ? {} : { key: Buffer.from(key) }),
        value,
        headers: new Map(Object.entries(headers).map(([name, text]) => [Buffer.from(name), Buffer.from(text)])),
      }));
      const { offsets } = await this.#producer.send({ messages, acks: -1 });
      return { offset: Number(offsets[0].offset), appendedAtMs: 0 };
    } catch (error) {
      this.drop();
      throw fault(error, true);
    }
  }

  close() {
    this.drop();
  }

  drop() {
    this.#producer?.close(true)?.catch?.(() => undefined);
    this.#producer = null;
  }
}

/** Reads as `PartitionReader` does: from positions that the caller keeps, in no group. */
export class OtherReader extends PartitionReader {
  #consumer = null;

  constructor(connection, topic, partition) {
    super(connection, topic, partition, false);
    Object.assign(this, { of: connection, topicName: topic, index: partition });
  }

  async read(from, { maxWaitMs, maxBytes }) {
    const { topicName: topic, index: partition } = this;
    const consumer = this.#open();
    try {
      const { topics } = await consumer.metadata({ topics: [topic] });
      const known = topics.get(topic);
      const asked = { partition, currentLeaderEpoch: -1, fetchOffset: BigInt(from), lastFetchedEpoch: -1 };
      const { responses } = await consumer.fetch({
        node: known.partitions[partition].leader,
        topics: [{ topicId: known.id, partitions: [{ ...asked, partitionMaxBytes: maxBytes }] }],
        minBytes: 1,
        maxBytes,
        maxWaitTime: Math.max(1, maxWaitMs),
        isolationLevel: 'READ_UNCOMMITTED',
      });
      const found = responses[0]?.partitions[0];
      return found === undefined ? { records: [], next: from, end: from, start: 0 } : fetchedOf(found, from);
    } catch (error) {
      this.drop();
      throw fault(error, false);
    }
  }

  async bounds() {
    const ask = async (timestamp) => {
      const offsets = await this.#open().listOffsets({ topics: [this.topicName], timestamp });
      return Number(offsets.get(this.topicName)[this.index]);
    };
    return { start: await ask(ListOffsetTimestamps.EARLIEST), end: await ask(ListOffsetTimestamps.LATEST) };
  }

  close() {
    this.drop();
  }

  drop() {
    this.#consumer?.close(true)?.catch?.(() => undefined);
    this.#consumer = null;
  }

  #open() {
    this.#consumer ??= new Consumer({ ...optionsOf(this.of), groupId: 'none' });
    return this.#consumer;
  }
}

function fetchedOf({ records: batches = [], highWatermark, logStartOffset }, from) {
  const records = [];
  let next = from;
  for (const batch of batches) {
    for (const { offsetDelta, timestampDelta, key, value, headers } of batch.records) {
      const offset = Number(batch.firstOffset) + offsetDelta;
      next = Math.max(next, offset + 1);
      if (offset < from) continue;
      const named = Object.fromEntries(headers.map(([name, text]) => [String(name), text]));
      const timestampMs = Number(batch.firstTimestamp + timestampDelta);
      records.push({ offset, timestampMs, key, value, headers: named });
    }
  }
  return { records, next, end: Number(highWatermark), start: Number(logStartOffset) };
}

/** The journal's adapter as it is, on these two. */
export async function openOtherJournal({ connection, topic, cell }) {
  const openReader = () => new OtherReader(connection, topic, 0);
  const tailReader = openReader();
  const tail = new JournalTail(topic, tailReader, new ReaderRule({ cell }), 0);
  // A broker that is named as a new partition's leader may not know it yet.
  while (!(await patiently(() => tail.more(0))).isAtEnd);
  const writer = new OtherWriter(connection, topic, 0);
  const pause = (ms) => sleep(ms);
  return new KafkaJournal({ topic, cell, start: 0, firstTurn: 1, writer, tailReader, tail, openReader, pause });
}
