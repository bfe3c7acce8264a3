import type { KafkaConnection } from '../links/connection.js';
import { Link } from '../links/link.js';
import { type InputTopic, type OutputTopic, topicName } from './names.js';

/** How long the brokers may take to say what they know of topics, in ms. */
const ANSWER_MS = 5000;

/** How many partitions each of these topics of a cell has now. Throws `KafkaFault`, where one is missing, too. */
export async function countPartitions<T extends InputTopic | OutputTopic>(
  connection: KafkaConnection,
  cell: string,
  topics: readonly T[],
): Promise<Record<T, number>> {
  // A link asks once; only a fresh one hears of what is new.
  const link = new Link(connection, { requestTimeoutMs: ANSWER_MS });
  const counts: Partial<Record<T, number>> = {};
  try {
    for (const topic of topics) counts[topic] = await link.partitions(topicName(cell, topic));
    return counts as Record<T, number>;
  } finally {
    link.drop();
  }
}
