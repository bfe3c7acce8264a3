/** Names of a cell's topics. `<ns>` is `marie.<cell>`. */
import type { Topic } from '../../catalogue/generated/codes.js';

/** Topics that anybody may write inputs to. */
export const INPUT_TOPICS = ['submissions', 'callbacks', 'controls'] as const satisfies readonly Topic[];
/** Topics that tell what was decided. */
export const OUTPUT_TOPICS = ['leases', 'slots', 'dispatches', 'lifecycle', 'refusals', 'timings'] as const;

export type InputTopic = (typeof INPUT_TOPICS)[number];
export type OutputTopic = (typeof OUTPUT_TOPICS)[number];

/** The partition that holds a journal: its topic has no other. */
export const JOURNAL_PARTITION = 0;

/** The whole name of a topic. */
export function topicName(cell: string, topic: InputTopic | OutputTopic | 'journal'): string {
  return `marie.${cell}.${topic}`;
}
