/** Topics as the brokers have them, and how they are made. */
import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { type Admin } from 'kafkajs';
import createAdmin from 'kafkajs/src/admin/index.js';
import { asKafkaFault, KafkaFault } from '../fault.js';
import { clusterOf, SILENT } from '../links/cluster.js';
import { type KafkaConnection, Sockets } from '../links/connection.js';
import { Link } from '../links/link.js';
import type { TopicFound, TopicWish, TopicWithContent } from './topic-plan.js';

// Not all of a CommonJS package's exports are seen by name.
const { ConfigResourceTypes } = kafkajs;

/** How long the brokers may take to spread the news of topics, in ms. */
const SPREAD_MS = 30_000;
const LOOK_EVERY_MS = 50;
/** How long the controller may take to make topics, and a broker to answer what it knows of them, in ms. */
const MAKE_MS = 20_000;
const ANSWER_MS = 5000;
/** How long any other answer may take, in ms, and how often the client tries again by itself. */
const REQUEST_MS = 30_000;
const RETRIES = 3;

const LOOKING = 'the topics could not be looked at';

/**
 * Those of these topics that are there, also while partitions of them have no leader. Throws `KafkaFault`, and at once when
 * the signal is aborted.
 */
export function findTopics(
  connection: KafkaConnection,
  names: readonly string[],
  signal?: AbortSignal,
): Promise<readonly TopicFound[]> {
  return withAdmin(connection, LOOKING, (admin) => topicsOf(admin, names), signal);
}

/** The same with what is in them, for which the leader of each partition is asked. */
export function findTopicsWithContent(
  connection: KafkaConnection,
  names: readonly string[],
): Promise<readonly TopicWithContent[]> {
  return withAdmin(connection, LOOKING, async (admin) => {
    const found: TopicWithContent[] = [];
    for (const topic of await topicsOf(admin, names)) {
      const offsets = await admin.fetchTopicOffsets(topic.name);
      found.push({ ...topic, isEmpty: offsets.every(({ low, high }) => low === high) });
    }
    return found;
  });
}

async function topicsOf(admin: Admin, names: readonly string[]): Promise<readonly TopicFound[]> {
  const known = new Set(await admin.listTopics());
  const wanted = names.filter((name) => known.has(name));
  if (wanted.length === 0) return [];
  const { topics } = await admin.fetchTopicMetadata({ topics: [...wanted] });
  const asked = {
    includeSynonyms: false,
    resources: wanted.map((name) => ({ type: ConfigResourceTypes.TOPIC, name })),
  };
  const { resources } = await admin.describeConfigs(asked).catch((error: unknown) => {
    throw asKafkaFault(error, `the settings of ${wanted.join(', ')} could not be looked at`, false);
  });
  return topics.map(({ name, partitions }) => {
    const entries = resources.find(({ resourceName }) => resourceName === name)?.configEntries ?? [];
    return {
      name,
      partitions: partitions.length,
      replicas: Math.min(...partitions.map(({ replicas }) => replicas.length)),
      settings: Object.fromEntries(entries.map(({ configName, configValue }) => [configName, configValue])),
    };
  });
}

/** Makes topics, and waits until the brokers know who leads their partitions. Throws `KafkaFault`. */
export async function makeTopics(connection: KafkaConnection, wishes: readonly TopicWish[]): Promise<void> {
  if (wishes.length === 0) return;
  await withAdmin(connection, 'the topics could not be made', async (admin) => {
    await admin.createTopics({
      timeout: MAKE_MS,
      // Its own wait gives up at the first broker that has not heard of a topic yet.
      waitForLeaders: false,
      topics: wishes.map(({ name, partitions, replicas, settings }) => ({
        topic: name,
        numPartitions: partitions,
        replicationFactor: replicas,
        configEntries: Object.entries(settings).map(([setting, value]) => ({ name: setting, value })),
      })),
    });
  });
  await untilLed(connection, wishes);
}

/** Adds partitions to topics up to what is wished, and waits until they are led. Throws `KafkaFault`. */
export async function growTopics(connection: KafkaConnection, wishes: readonly TopicWish[]): Promise<void> {
  if (wishes.length === 0) return;
  const names = wishes.map(({ name }) => name).join(', ');
  await withAdmin(connection, `partitions could not be added to ${names}`, async (admin) => {
    await admin.createPartitions({
      timeout: MAKE_MS,
      topicPartitions: wishes.map(({ name, partitions }) => ({ topic: name, count: partitions })),
    });
  });
  await untilLed(connection, wishes);
}

/** Deletes the records of a partition before an offset, for good; it may be asked twice. Throws `KafkaFault`. */
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

/** Resolves when whoever leads a partition of these topics can be asked for it. */
async function untilLed(connection: KafkaConnection, wishes: readonly TopicWish[]): Promise<void> {
  const end = performance.now() + SPREAD_MS;
  for (let fault = await whyNotLed(connection, wishes); fault !== null; fault = await whyNotLed(connection, wishes)) {
    if (performance.now() > end) throw new KafkaFault('kafka-unavailable', fault.message, true, fault);
    await sleep(LOOK_EVERY_MS);
  }
}

/** What of these topics the brokers don't know yet. A link asks once, so each look is one of its own. */
async function whyNotLed(connection: KafkaConnection, wishes: readonly TopicWish[]): Promise<KafkaFault | null> {
  const link = new Link(connection, { requestTimeoutMs: ANSWER_MS });
  try {
    for (const { name, partitions } of wishes) {
      const found = await link.partitions(name);
      if (found < partitions) {
        return new KafkaFault('kafka-topic-missing', `${name} has ${found} partitions of ${partitions}`, false);
      }
      // A broker that others name as a partition's leader may not have heard of it yet.
      await Promise.all(Array.from({ length: found }, (_, partition) => link.bounds(name, partition)));
    }
    return null;
  } catch (error) {
    if (error instanceof KafkaFault && error.isPassingOnceThere) return error;
    throw error;
  } finally {
    link.drop();
  }
}

async function withAdmin<T>(
  connection: KafkaConnection,
  doing: string,
  use: (admin: Admin) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const sockets = new Sockets();
  const cut = (): void => sockets.cut();
  if (signal?.aborted === true) cut();
  signal?.addEventListener('abort', cut, { once: true });
  const cluster = clusterOf(connection, sockets, { requestTimeoutMs: REQUEST_MS, retries: RETRIES });
  const admin = createAdmin({ logger: SILENT, retry: { retries: RETRIES }, cluster });
  try {
    await admin.connect();
    return await use(admin);
  } catch (error) {
    throw asKafkaFault(error, doing, false);
  } finally {
    signal?.removeEventListener('abort', cut);
    sockets.cut();
  }
}
