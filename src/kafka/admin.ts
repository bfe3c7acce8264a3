/** Topics as the brokers have them, and how they are made. */
import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { type Admin } from 'kafkajs';
import { CONNECT_TIMEOUT_MS, type KafkaConnection, Sockets } from './connection.js';
import { saslOf } from './credentials.js';
import { asKafkaFault, KafkaFault } from './fault.js';
import type { TopicFound, TopicWish } from './topic-plan.js';

// Not all of a CommonJS package's exports are seen by name.
const { ConfigResourceTypes, Kafka, logLevel } = kafkajs;

/** How long the brokers may take to spread the news of topics, in ms. */
const SPREAD_MS = 30_000;
const LOOK_EVERY_MS = 50;
/** What brokers answer that have not heard of a topic yet. */
const NOT_HEARD_OF = new Set(['UNKNOWN_TOPIC_OR_PARTITION', 'NOT_LEADER_FOR_PARTITION', 'LEADER_NOT_AVAILABLE']);

/** Those of these topics that are there. Throws `KafkaFault`. */
export function findTopics(connection: KafkaConnection, names: readonly string[]): Promise<readonly TopicFound[]> {
  return withAdmin(connection, 'the topics could not be looked at', async (admin) => {
    const known = new Set(await admin.listTopics());
    const wanted = names.filter((name) => known.has(name));
    if (wanted.length === 0) return [];
    const { topics } = await admin.fetchTopicMetadata({ topics: [...wanted] });
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: wanted.map((name) => ({ type: ConfigResourceTypes.TOPIC, name })),
    });
    const found: TopicFound[] = [];
    for (const { name, partitions } of topics) {
      const entries = resources.find(({ resourceName }) => resourceName === name)?.configEntries ?? [];
      const offsets = await admin.fetchTopicOffsets(name);
      found.push({
        name,
        partitions: partitions.length,
        replicas: Math.min(...partitions.map(({ replicas }) => replicas.length)),
        isEmpty: offsets.every(({ low, high }) => low === high),
        settings: Object.fromEntries(entries.map(({ configName, configValue }) => [configName, configValue])),
      });
    }
    return found;
  });
}

/** Makes topics, and waits until the brokers know who leads their partitions. Throws `KafkaFault`. */
export function makeTopics(connection: KafkaConnection, wishes: readonly TopicWish[]): Promise<void> {
  return withAdmin(connection, 'the topics could not be made', async (admin) => {
    if (wishes.length === 0) return;
    await admin.createTopics({
      // Its own wait gives up at the first broker that has not heard of a topic yet.
      waitForLeaders: false,
      topics: wishes.map(({ name, partitions, replicas, settings }) => ({
        topic: name,
        numPartitions: partitions,
        replicationFactor: replicas,
        configEntries: Object.entries(settings).map(([setting, value]) => ({ name: setting, value })),
      })),
    });
    await untilLed(admin, wishes);
  });
}

/** Adds partitions to topics up to what is wished, and waits until they are led. Throws `KafkaFault`. */
export function growTopics(connection: KafkaConnection, wishes: readonly TopicWish[]): Promise<void> {
  return withAdmin(connection, 'partitions could not be added', async (admin) => {
    if (wishes.length === 0) return;
    await admin.createPartitions({
      topicPartitions: wishes.map(({ name, partitions }) => ({ topic: name, count: partitions })),
    });
    await untilLed(admin, wishes);
  });
}

/** Deletes the records of a partition before an offset, for good. Throws `KafkaFault`. */
export function deleteRecordsBefore(
  connection: KafkaConnection,
  topic: string,
  partition: number,
  offset: number,
): Promise<void> {
  const doing = `the records of ${topic} before offset ${offset} could not be deleted`;
  return withAdmin(connection, doing, async (admin) => {
    // The client asks the leader of a partition only if it has been asked for the topic before.
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(offset) }] });
  });
}

async function untilLed(admin: Admin, wishes: readonly TopicWish[]): Promise<void> {
  for (let waitedMs = 0; !(await areLed(admin, wishes)); waitedMs += LOOK_EVERY_MS) {
    const names = wishes.map(({ name }) => name).join(', ');
    if (waitedMs > SPREAD_MS) throw new KafkaFault('kafka-unavailable', `${names} have no leaders`, true);
    await sleep(LOOK_EVERY_MS);
  }
}

async function areLed(admin: Admin, wishes: readonly TopicWish[]): Promise<boolean> {
  const counts = new Map(wishes.map(({ name, partitions }) => [name, partitions]));
  try {
    const found = await admin.fetchTopicMetadata({ topics: [...counts.keys()] });
    const isLed = ({ name, partitions }: (typeof found.topics)[number]): boolean =>
      partitions.length >= (counts.get(name) ?? 1) && partitions.every(({ leader }) => leader >= 0);
    if (!found.topics.every(isLed)) return false;
    // A broker that others name as a partition's leader may not have heard of it yet.
    for (const topic of counts.keys()) await admin.fetchTopicOffsets(topic);
    return true;
  } catch (error) {
    if (NOT_HEARD_OF.has((error as { readonly type?: string }).type ?? '')) return false;
    throw error;
  }
}

async function withAdmin<T>(
  { brokers, clientId, tls, credentials }: KafkaConnection,
  doing: string,
  use: (admin: Admin) => Promise<T>,
): Promise<T> {
  const sockets = new Sockets();
  const sasl = saslOf(credentials);
  const kafka = new Kafka({
    brokers: [...brokers],
    clientId,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    logLevel: logLevel.NOTHING,
    socketFactory: sockets.factory,
    retry: { retries: 3 },
    ...(tls === undefined ? {} : { ssl: { ...tls } }),
    ...(sasl === undefined ? {} : { sasl }),
  });
  const admin = kafka.admin();
  try {
    await admin.connect();
    return await use(admin);
  } catch (error) {
    throw asKafkaFault(error, doing, false);
  } finally {
    sockets.cut();
  }
}
