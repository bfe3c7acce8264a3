/** The log of a fabric on Kafka, as a benchmark sees it. */
import { openKafkaJournal } from '../../src/journal/kafka/open.js';
import type { KafkaConnection } from '../../src/kafka/links/connection.js';
import { makeTopics } from '../../src/kafka/topics/admin.js';
import { topicName } from '../../src/kafka/topics/names.js';
import { wishesOf } from '../../src/kafka/topics/topic-plan.js';
import type { EncodedTurn } from '../support/history.js';
import type { Log } from '../support/throughput.js';

const DAY_MS = 24 * 3_600_000;
/** Partitions of each topic that has more than one. */
const PARTITIONS = 2;

/** Makes the topics of a new cell, with one copy of each. */
export async function newCell(connection: KafkaConnection, cell: string): Promise<Log> {
  const wanted = { cell, partitions: PARTITIONS, replicas: 1, retentionMs: DAY_MS, isDev: true };
  await makeTopics(connection, wishesOf(wanted));
  return {
    settings: { cell, kafka: { brokers: [...connection.brokers] } },
    turns: () => turnsOf(connection, cell),
  };
}

async function* turnsOf(connection: KafkaConnection, cell: string): AsyncGenerator<EncodedTurn> {
  const journal = await openKafkaJournal({ connection, topic: topicName(cell, 'journal'), cell });
  try {
    yield* journal.read(1);
  } finally {
    await journal.close();
  }
}
