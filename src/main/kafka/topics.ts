/** The topics of a cell: looked at, planned, made. */

import { KafkaFault } from '../../kafka/fault.js';
import type { KafkaConnection } from '../../kafka/links/connection.js';
import { registerSchemas, SCHEMA_COUNT } from '../../kafka/registry.js';
import { findTopics, findTopicsWithContent, growTopics, makeTopics } from '../../kafka/topics/admin.js';
import { INPUT_TOPICS, topicName } from '../../kafka/topics/names.js';
import {
  judgeInUse,
  planTopics,
  type TopicAction,
  type TopicOptions,
  wishesOf,
} from '../../kafka/topics/topic-plan.js';
import type { FabricConfig, KafkaConfig } from '../config/config.js';
import { connectionOf } from '../config/connection.js';
import { registryOf } from './schema-ids.js';

export type { TopicAction };

/** What may be chosen about the topics. */
export type InitOptions = Omit<TopicOptions, 'cell'>;

/** What is chosen where nobody chooses. */
export const DEFAULT_TOPICS: Omit<InitOptions, 'isDev'> = {
  partitions: 4,
  replicas: 3,
  retentionMs: 7 * 24 * 3_600_000,
};

/** What is to be done about a cell's topics and schemas. */
export interface InitPlan {
  readonly topics: readonly TopicAction[];
  /** How many schemas the registry is to have; null where there is no registry. */
  readonly schemas: number | null;
  /** Whether a topic can't be used as it is: then nothing is to be done. */
  readonly isRefused: boolean;
  /** Does it. Throws `KafkaFault`, `RegistryFault`. */
  carryOut(): Promise<void>;
}

/** Looks at the brokers and says what is to be done. Throws `KafkaFault`. */
export async function planInit(
  { cell }: Pick<FabricConfig, 'cell'>,
  kafka: KafkaConfig,
  options: InitOptions,
): Promise<InitPlan> {
  const connection = connectionOf(kafka);
  const registry = registryOf(kafka);
  const wanted = { cell, ...options };
  const names = wishesOf(wanted).map(({ name }) => name);
  const topics = planTopics(wanted, await findTopicsWithContent(connection, names));
  const wishesTo = (what: TopicAction['action']) =>
    topics.filter(({ action }) => action === what).map(({ wish }) => wish);
  return {
    topics,
    schemas: registry === null ? null : SCHEMA_COUNT,
    isRefused: wishesTo('refuse').length > 0,
    async carryOut() {
      await makeTopics(connection, wishesTo('create'));
      await growTopics(connection, wishesTo('grow'));
      if (registry !== null) await registerSchemas(registry);
    },
  };
}

/** Throws `KafkaFault` `kafka-unsafe` where a process can't work with the journal or the topics of inputs. */
export async function checkTopics(connection: KafkaConnection, cell: string): Promise<void> {
  const { refused } = await lookAtTopics(connection, cell);
  if (refused.length > 0) throw new KafkaFault('kafka-unsafe', refused.join('; '), false);
}

/**
 * Why a process can't work with the journal and the topics of inputs; `areAll` is false where one is gone, or is not to be
 * looked at by this process, which then is not asked to.
 */
export async function lookAtTopics(
  connection: KafkaConnection,
  cell: string,
  signal?: AbortSignal,
): Promise<{ readonly refused: readonly string[]; readonly areAll: boolean }> {
  // Each by itself: who may look at one need not be let look at the others.
  const names = (['journal', ...INPUT_TOPICS] as const).map((topic) => topicName(cell, topic));
  const found = await Promise.all(names.map((name) => findTopics(connection, [name], signal).catch(unlessDenied)));
  return { refused: judgeInUse(cell, found.flat()), areAll: found.flat().length === names.length };
}

function unlessDenied(error: unknown): readonly never[] {
  if (error instanceof KafkaFault && error.code === 'kafka-denied') return [];
  throw error;
}
