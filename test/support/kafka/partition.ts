/** Who leads a partition, and how another comes to lead it. */
import kafkajs from 'kafkajs';
import { expect, vi } from 'vitest';
import type { KafkaConnection } from '../../../src/kafka/links/connection.js';
import { PATIENT } from '../patience.js';

/** Asks until it is answered: a broker may be away, or know less than the others. Only for what may be asked twice. */
function administer<T>(connection: KafkaConnection, use: (admin: kafkajs.Admin) => Promise<T>): Promise<T> {
  return vi.waitFor(() => administerOnce(connection, use), PATIENT);
}

async function administerOnce<T>({ brokers }: KafkaConnection, use: (admin: kafkajs.Admin) => Promise<T>): Promise<T> {
  const kafka = new kafkajs.Kafka({
    brokers: [...brokers],
    logLevel: kafkajs.logLevel.NOTHING,
    requestTimeout: 10_000,
  });
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await use(admin);
  } finally {
    await admin.disconnect();
  }
}

/** Who leads the first partition of a topic, who has copies of it, and which of them are in sync. */
export async function firstPartition(connection: KafkaConnection, topic: string) {
  const { topics } = await administer(connection, (admin) => admin.fetchTopicMetadata({ topics: [topic] }));
  return topics[0]!.partitions[0]!;
}

/** Resolves when every copy of it is in sync. */
export async function untilInSync(connection: KafkaConnection, topic: string): Promise<void> {
  await vi.waitFor(async () => {
    const { isr, replicas } = await firstPartition(connection, topic);
    expect(isr).toHaveLength(replicas.length);
  }, PATIENT);
}

/** Has the first partition of a topic led by a broker that has a copy of it: its leader loses its copy for a while. */
export async function moveLeadership(connection: KafkaConnection, topic: string, to: number): Promise<void> {
  const { leader, replicas } = await firstPartition(connection, topic);
  if (leader === to) return;
  const without = [to, ...replicas.filter((id) => id !== to && id !== leader)];
  const reassign = (copies: number[]) =>
    administer(connection, (admin) =>
      admin.alterPartitionReassignments({
        topics: [{ topic, partitionAssignment: [{ partition: 0, replicas: copies }] }],
      }),
    );
  await reassign(without);
  await vi.waitFor(async () => expect((await firstPartition(connection, topic)).leader).toBe(to), PATIENT);
  await reassign([...without, leader]);
  await vi.waitFor(async () => expect((await firstPartition(connection, topic)).replicas).toHaveLength(3), PATIENT);
  await untilInSync(connection, topic);
}
