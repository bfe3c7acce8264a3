import kafkajs from 'kafkajs';
import { sharedKafka } from './shared.js';

/** Deletes a topic of the shared broker. Its name may be in use for a moment after that. */
export async function deleteTopic(topic: string): Promise<void> {
  const kafka = new kafkajs.Kafka({ brokers: [...sharedKafka().brokers], logLevel: kafkajs.logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  try {
    await admin.deleteTopics({ topics: [topic] });
  } finally {
    await admin.disconnect();
  }
}
