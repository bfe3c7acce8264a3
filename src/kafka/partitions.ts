import { Partitioners } from 'kafkajs';

const choose = Partitioners.DefaultPartitioner();

/** The partition of a key, as Kafka's own clients choose it by default (murmur2). */
export function partitionOf(topic: string, key: string, partitions: number): number {
  const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({
    partitionErrorCode: 0,
    partitionId,
    leader: 0,
    replicas: [],
    isr: [],
  }));
  return choose({ topic, partitionMetadata, message: { key, value: null } });
}
