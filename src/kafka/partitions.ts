import { Partitioners, type PartitionMetadata } from 'kafkajs';

const choose = Partitioners.DefaultPartitioner();

/** The partition of a key, as Kafka's own clients choose it by default (murmur2). */
export function partitionOf(topic: string, key: string, partitions: number): number {
  if (partitions === 1) return 0;
  return choose({ topic, partitionMetadata: allOf(partitions), message: { key, value: null } });
}

const KNOWN: PartitionMetadata[][] = [];

function allOf(partitions: number): PartitionMetadata[] {
  KNOWN[partitions] ??= Array.from({ length: partitions }, (_, partitionId) => ({
    partitionErrorCode: 0,
    partitionId,
    leader: 0,
    replicas: [],
    isr: [],
  }));
  return KNOWN[partitions];
}
