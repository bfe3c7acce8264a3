/** How large a topic's records may be, changed while programs work with it. */
import kafkajs from 'kafkajs';
import { topicName } from '../../../src/kafka/topics/names.js';
import { sharedKafka } from './shared.js';

const { ConfigResourceTypes, Kafka, logLevel } = kafkajs;

/** Brokers hear of it a little later. */
export async function limitRecords(cell: string, topic: Parameters<typeof topicName>[1], bytes: number): Promise<void> {
  const admin = new Kafka({ brokers: [...sharedKafka().brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    const configEntries = [{ name: 'max.message.bytes', value: `${bytes}` }];
    const resource = { type: ConfigResourceTypes.TOPIC, name: topicName(cell, topic), configEntries };
    await admin.alterConfigs({ validateOnly: false, resources: [resource] });
  } finally {
    await admin.disconnect();
  }
}
