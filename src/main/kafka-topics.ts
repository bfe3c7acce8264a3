/** The topics of a cell: looked at, planned, made. */
import { findTopics, makeTopics } from '../kafka/admin.js';
import { planTopics, type TopicAction, type TopicOptions, wishesOf } from '../kafka/topic-plan.js';
import type { FabricConfig, KafkaConfig } from './config.js';
import { connectionOf } from './connection.js';

export type { TopicAction };

/** What may be chosen about the topics. */
export type InitOptions = Omit<TopicOptions, 'cell'>;

/** Says what is to be done; with `makes`, does it, unless something is refused. Throws `KafkaFault`. */
export async function initTopics(
  { cell }: Pick<FabricConfig, 'cell'>,
  kafka: KafkaConfig,
  options: InitOptions,
  makes: boolean,
): Promise<readonly TopicAction[]> {
  const connection = connectionOf(kafka);
  const wanted = { cell, ...options };
  const names = wishesOf(wanted).map(({ name }) => name);
  const actions = planTopics(wanted, await findTopics(connection, names));
  if (!makes || actions.some(({ action }) => action === 'refuse')) return actions;
  await makeTopics(
    connection,
    actions.filter(({ action }) => action === 'create').map(({ wish }) => wish),
  );
  return actions;
}
