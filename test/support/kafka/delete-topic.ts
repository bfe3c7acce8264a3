import kafkajs from 'kafkajs';
import { sharedKafka } from './shared.js';

/** Deletes a topic of the shared broker. What is made of its name from then on is another one. */
export async function deleteTopic(topic: string): Promise<void> {
  const kafka = new kafkajs.Kafka({ brokers: [...sharedKafka().brokers], logLevel: kafkajs.logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  try {
    await admin.deleteTopics({ topics: [topic] });
    while ((await admin.listTopics()).includes(topic)) {
      // The broker goes on with it for a moment: whoever writes to a topic of the name would write to this one.
    }
  } finally {
    await admin.disconnect();
  }
}
