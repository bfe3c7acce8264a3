/** The topics of a cell: looked at, planned, made. */
import { findTopics, makeTopics } from '../kafka/admin.js';
import { registerSchemas } from '../kafka/registry.js';
import { planTopics, type TopicAction, type TopicOptions, wishesOf } from '../kafka/topic-plan.js';
import type { FabricConfig, KafkaConfig } from './config.js';
import { connectionOf } from './connection.js';
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

/** What was planned and done. */
export interface Initialised {
  readonly topics: readonly TopicAction[];
  /** How many schemas are registered; null where there is no registry, or nothing was done. */
  readonly schemas: number | null;
}

/** Says what is to be done; with `makes`, does it, unless something is refused. Throws `KafkaFault`, `RegistryFault`. */
export async function initTopics(
  { cell }: Pick<FabricConfig, 'cell'>,
  kafka: KafkaConfig,
  options: InitOptions,
  makes: boolean,
): Promise<Initialised> {
  const connection = connectionOf(kafka);
  const wanted = { cell, ...options };
  const names = wishesOf(wanted).map(({ name }) => name);
  const actions = planTopics(wanted, await findTopics(connection, names));
  if (!makes || actions.some(({ action }) => action === 'refuse')) return { topics: actions, schemas: null };
  await makeTopics(
    connection,
    actions.filter(({ action }) => action === 'create').map(({ wish }) => wish),
  );
  const registry = registryOf(kafka);
  const ids = registry === null ? null : await registerSchemas(registry);
  return { topics: actions, schemas: ids?.size ?? null };
}
