/** Compares a cell's topics with its journal. */
import { expect } from 'vitest';
import { decodeBody } from '../../../src/catalogue/codec.js';
import { nameOf, topicOf } from '../../../src/catalogue/generated/codes.js';
import type { EventEntry } from '../../../src/catalogue/generated/types.js';
import { decodeTurn } from '../../../src/catalogue/turn.js';
import { openKafkaJournal } from '../../../src/journal/kafka/open.js';
import { Framing } from '../../../src/kafka/framing.js';
import { Link } from '../../../src/kafka/links/link.js';
import type { IncomingRecord } from '../../../src/kafka/reading/partition-reader.js';
import { PatientReader, patiently } from '../../../src/kafka/reading/patience.js';
import { OUTPUT_TOPICS, topicName } from '../../../src/kafka/topics/names.js';
import { sharedKafka } from './shared.js';

/** All records of a topic: partition by partition, in order. */
export async function recordsOfTopic(topic: string): Promise<readonly (readonly IncomingRecord[])[]> {
  const count = await patiently(() => partitionsOf(topic));
  return Promise.all(Array.from({ length: count }, (_, partition) => recordsOfPartition(topic, partition)));
}

async function partitionsOf(topic: string): Promise<number> {
  const link = new Link(sharedKafka(), { requestTimeoutMs: 5000 });
  try {
    return await link.partitions(topic);
  } finally {
    link.drop();
  }
}

async function recordsOfPartition(topic: string, partition: number): Promise<readonly IncomingRecord[]> {
  const reader = new PatientReader(sharedKafka(), topic, partition, true);
  const records: IncomingRecord[] = [];
  const { end } = await reader.bounds();
  for (let next = 0; next < end; ) {
    const fetched = await reader.read(next, { maxWaitMs: 100, maxBytes: 1024 * 1024 });
    records.push(...fetched.records);
    next = fetched.next;
  }
  reader.close();
  return records;
}

/** The text of a header. */
export function header({ headers }: IncomingRecord, name: string): string {
  return String(headers[name]);
}

interface Expected {
  readonly topic: string;
  readonly event: EventEntry;
}

/** Every event of the journal, by its id; and the journal's last `published` mark. */
async function eventsOfJournal(cell: string) {
  const topic = topicName(cell, 'journal');
  const journal = await patiently(() => openKafkaJournal({ connection: sharedKafka(), topic, cell }));
  const events = new Map<string, Expected>();
  let published = 0;
  for await (const { bytes } of journal.read(1)) {
    const record = decodeTurn(bytes);
    published = record.published;
    record.entries.forEach((entry, index) => {
      if (!('envelope' in entry)) events.set(`${record.turn}:${index}`, { topic: topicOf(entry.code), event: entry });
    });
  }
  await journal.close();
  return { events, published };
}

/**
 * Every event up to the journal's `published` mark is on its topic, as it is in the journal; nothing is on a topic that
 * is not in the journal; and records of one key are in the order of turns when they are seen for the first time.
 */
export async function checkTopics(cell: string): Promise<void> {
  const { events, published } = await eventsOfJournal(cell);
  const framing = new Framing();
  const seen = new Set<string>();
  for (const topic of OUTPUT_TOPICS) {
    for (const partition of await recordsOfTopic(topicName(cell, topic))) {
      const lastOfKey = new Map<string, number>();
      for (const record of partition) {
        if (header(record, 'content-type') !== 'application/avro') continue;
        const id = `${header(record, 'turn')}:${header(record, 'index')}`;
        const expected = events.get(id);
        expect(expected, `${topic} has ${id}, which the journal doesn't`).toBeDefined();
        const { event } = expected!;
        expect([topic, header(record, 'schema')]).toEqual([expected!.topic, `${nameOf(event.code)}@1`]);
        const value = framing.read(record.value!);
        if ('reason' in value) throw new Error(value.detail);
        expect(decodeBody(value.code as never, value.body)).toEqual(event.body);
        const turn = Number(header(record, 'turn'));
        if (!seen.has(id)) expect(turn).toBeGreaterThanOrEqual(lastOfKey.get(String(record.key)) ?? 0);
        lastOfKey.set(String(record.key), Math.max(turn, lastOfKey.get(String(record.key)) ?? 0));
        seen.add(id);
      }
    }
  }
  const missing = [...events.keys()].filter((id) => Number(id.split(':')[0]) <= published && !seen.has(id));
  expect(missing).toEqual([]);
  expect(published).toBeGreaterThan(0);
}
