/** Settings of a topic that are changed while programs work with it. */
import kafkajs from 'kafkajs';
import { topicName } from '../../../src/kafka/topics.js';
import { sharedKafka } from './shared.js';

const { ConfigResourceTypes, Kafka, logLevel } = kafkajs;

type Topic = Parameters<typeof topicName>[1];

/** How large its records may be. */
export async function limitRecords(cell: string, topic: Topic, bytes: number): Promise<void> {
  await changeTopic(cell, topic, 'max.message.bytes', `${bytes}`);
}

/** Brokers hear of it a little later; whatever else was set of it is as they have it by themselves. */
export async function changeTopic(cell: string, topic: Topic, name: string, value: string): Promise<void> {
  const admin = new Kafka({ brokers: [...sharedKafka().brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    const resource = {
      type: ConfigResourceTypes.TOPIC,
      name: topicName(cell, topic),
      configEntries: [{ name, value }],
    };
    await admin.alterConfigs({ validateOnly: false, resources: [resource] });
  } finally {
    await admin.disconnect();
  }
}
