/** A fabric on Kafka by its topics alone: submit, follow, and run executors, without a gateway. */
import { Topics, type TopicsOptions } from './topics.js';

export type { Ended, FollowOptions } from './follow.js';
export type { Topics, TopicsOptions };

/** Connects to the topics of a cell. Rejects with a FabricError where the brokers, or the topics, are not there. */
export function connectTopics(options: TopicsOptions): Promise<Topics> {
  return Topics.connect(options);
}
